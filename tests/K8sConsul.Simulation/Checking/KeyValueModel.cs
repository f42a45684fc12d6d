using System.Text;
using K8sConsul.Simulation.World;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.Simulation.Checking;

/// <summary>
/// What the log means, written a second time and as plainly as possible: a dictionary of keys with all their versions. The real store
/// must agree with it at every index.
/// </summary>
internal sealed class KeyValueModel
{
    private readonly SortedDictionary<string, List<(ulong Index, KeyVersion? Version)>> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sessions = new(StringComparer.Ordinal);
    private bool _hasNode;

    public IEnumerable<string> Keys => _keys.Keys;

    public KeyVersion? Current(string key) => _keys.TryGetValue(key, out List<(ulong Index, KeyVersion? Version)>? versions) ? versions[^1].Version : null;

    /// <summary>The key as it was when the entry at <paramref name="index"/> was applied.</summary>
    public KeyVersion? At(string key, ulong index)
    {
        if (!_keys.TryGetValue(key, out List<(ulong Index, KeyVersion? Version)>? versions))
        {
            return null;
        }

        int low = 0;
        for (int high = versions.Count; low < high;)
        {
            int middle = (low + high) / 2;
            (low, high) = versions[middle].Index <= index ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? null : versions[low - 1].Version;
    }

    /// <summary>Applies a command.</summary>
    /// <returns>Whether it took effect; null when it must be refused.</returns>
    public bool? Apply(ulong index, StateCommand command)
    {
        switch (command)
        {
            case KvCommand kv:
                return Apply(index, kv.Verb, kv.Entry);
            case TxnCommand txn:
                foreach (TxnKvOperation operation in txn.Operations.Cast<TxnKvOperation>())
                {
                    Apply(index, operation.Verb, operation.Entry);
                }

                return true;
            case SessionCommand { Destroy: true } session:
                DestroySession(index, session.Session.Id);
                return true;
            case SessionCommand when !_hasNode:
                return null;
            case SessionCommand session:
                _sessions.Add(session.Session.Id);
                return true;
            case RegisterCommand:
                return _hasNode = true;
            default:
                throw new System.Diagnostics.UnreachableException(command.GetType().Name);
        }
    }

    private bool? Apply(ulong index, string verb, KvRecord entry)
    {
        KeyVersion? now = Current(entry.Key);
        string value = Encoding.UTF8.GetString(entry.Value);
        switch (verb)
        {
            case KvVerb.Set:
                Put(index, entry.Key, new KeyVersion(value, now?.Session ?? string.Empty, index));
                return true;
            case KvVerb.Cas when entry.ModifyIndex == (now?.ModifyIndex ?? 0):
                Put(index, entry.Key, new KeyVersion(value, now?.Session ?? string.Empty, index));
                return true;
            case KvVerb.Delete:
                Put(index, entry.Key, null);
                return true;
            case KvVerb.DeleteCas when now is null:
                return true;
            case KvVerb.DeleteCas when entry.ModifyIndex == now.ModifyIndex:
                Put(index, entry.Key, null);
                return true;
            case KvVerb.Lock when !_sessions.Contains(entry.Session):
                return null;
            case KvVerb.Lock when now is null || now.Session.Length == 0 || now.Session == entry.Session:
                ulong before = now?.LockIndex ?? 0;
                Put(index, entry.Key, new KeyVersion(value, entry.Session, index, now?.Session == entry.Session ? before : before + 1));
                return true;
            case KvVerb.Unlock when now is not null && now.Session.Length > 0 && now.Session == entry.Session:
                Put(index, entry.Key, new KeyVersion(value, string.Empty, index, now.LockIndex));
                return true;
            default:
                return false;
        }
    }

    private void DestroySession(ulong index, string session)
    {
        if (!_sessions.Remove(session))
        {
            return;
        }

        foreach (string key in _keys.Keys.ToArray())
        {
            if (Current(key) is { } now && now.Session == session)
            {
                Put(index, key, new KeyVersion(now.Value, string.Empty, index, now.LockIndex));
            }
        }
    }

    private void Put(ulong index, string key, KeyVersion? version)
    {
        if (!_keys.TryGetValue(key, out List<(ulong Index, KeyVersion? Version)>? versions))
        {
            _keys.Add(key, versions = []);
        }

        if (version is not null || versions.Count > 0)
        {
            versions.Add((index, version));
        }
        else
        {
            _keys.Remove(key);
        }
    }
}
