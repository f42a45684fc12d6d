using System.Collections.Concurrent;
using K8sConsul.State.Transactions;

namespace K8sConsul.Server.Endpoints;

/// <summary>
/// Keys that cannot be acquired yet, because the session that held them was invalidated: its owner may still believe in
/// the lock. Kept in memory on every server, asked only by the leader before it proposes a lock.
/// </summary>
public sealed class LockDelayTable(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, long> _until = new(StringComparer.Ordinal);

    public void Add(LockDelay delay)
    {
        long until = time.GetTimestamp() + (long)(delay.Delay.TotalSeconds * time.TimestampFrequency);
        _until.AddOrUpdate(delay.Key, until, (_, present) => Math.Max(present, until));
    }

    public bool IsDelayed(string key)
    {
        if (_until.IsEmpty || !_until.TryGetValue(key, out long until))
        {
            return false;
        }

        if (time.GetTimestamp() < until)
        {
            return true;
        }

        _until.TryRemove(new KeyValuePair<string, long>(key, until));
        return false;
    }
}
