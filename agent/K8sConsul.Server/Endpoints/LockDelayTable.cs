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
    private readonly Lock _gate = new();
    private readonly PriorityQueue<string, long> _order = new();

    /// <summary>Keys held; those whose time is over count until the next is added.</summary>
    public int Count => _until.Count;

    /// <summary>Also lets go of what is over: on servers that do not lead, nobody asks.</summary>
    public void Add(LockDelay delay)
    {
        long now = time.GetTimestamp();
        long until = now + (long)(delay.Delay.TotalSeconds * time.TimestampFrequency);
        lock (_gate)
        {
            while (_order.TryPeek(out string? over, out long end) && end <= now)
            {
                _order.Dequeue();
                _until.TryRemove(new KeyValuePair<string, long>(over, end));
            }

            if (!_until.TryGetValue(delay.Key, out long present) || present < until)
            {
                _until[delay.Key] = until;
                _order.Enqueue(delay.Key, until);
            }
        }
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
