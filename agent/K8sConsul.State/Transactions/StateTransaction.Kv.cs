using K8sConsul.Go;
using K8sConsul.State.Records;

namespace K8sConsul.State.Transactions;

internal sealed partial class StateTransaction
{
    public KvRecord? KvGet(string key)
    {
        using var bytes = new KeyBuffer(stackalloc byte[KeyBuffer.StackBytes]);
        bytes.AppendExact(key);
        return _kv.Get(bytes.Bytes);
    }

    public List<KvRecord> KvList(string prefix) => _kv.List(StateKeys.Exact(prefix));

    /// <summary>A plain write: whoever holds the key keeps it, and the lock count is what the request says.</summary>
    public KvRecord KvSet(KvRecord entry) => KvSet(entry, KvGet(entry.Key));

    /// <param name="expected">The index the entry must have; 0 means that the key must not exist.</param>
    public bool KvSetCas(KvRecord entry, ulong expected, out KvRecord? stored)
    {
        KvRecord? existing = KvGet(entry.Key);
        bool matches = expected == 0 ? existing is null : existing?.ModifyIndex == expected;
        stored = matches ? KvSet(entry, existing) : null;
        return matches;
    }

    /// <summary>Acquires a key for <see cref="KvRecord.Session"/>.</summary>
    /// <returns>A reason to refuse the request; <paramref name="acquired"/> is false when another session holds the key.</returns>
    public string? KvLock(KvRecord entry, out bool acquired, out KvRecord? stored)
    {
        acquired = false;
        stored = null;
        if (entry.Session.Length == 0)
        {
            return "missing session";
        }

        if (_sessions.Get(StateKeys.Folded(entry.Session)) is null)
        {
            return $"invalid session {GoText.Quote(entry.Session)}";
        }

        KvRecord? existing = KvGet(entry.Key);
        if (existing is { Session.Length: > 0 } && !string.Equals(existing.Session, entry.Session, StringComparison.Ordinal))
        {
            return null;
        }

        bool fresh = existing is null or { Session.Length: 0 };
        ulong lockIndex = existing?.LockIndex ?? 0;
        stored = Put(entry, existing, entry.Session, fresh ? lockIndex + 1 : lockIndex);
        acquired = true;
        return null;
    }

    /// <summary>Gives up a key held by <see cref="KvRecord.Session"/>, storing value and flags of the request.</summary>
    public string? KvUnlock(KvRecord entry, out bool released, out KvRecord? stored)
    {
        released = false;
        stored = null;
        if (entry.Session.Length == 0)
        {
            return "missing session";
        }

        KvRecord? existing = KvGet(entry.Key);
        if (existing is null || !string.Equals(existing.Session, entry.Session, StringComparison.Ordinal))
        {
            return null;
        }

        stored = Put(entry, existing, session: string.Empty, existing.LockIndex);
        released = true;
        return null;
    }

    public void KvDelete(string key)
    {
        byte[] bytes = StateKeys.Exact(key);
        if (_kv.Remove(bytes) is not { } removed)
        {
            return;
        }

        Unhold(removed);
        _tombstones.Set(bytes, new TombstoneRecord(key, _index));
        Touch(IndexNames.Tombstones);
        Touch(IndexNames.Kv);
    }

    /// <returns>False when the key exists with another index; a missing key counts as deleted, whatever the index.</returns>
    public bool KvDeleteCas(string key, ulong expected)
    {
        KvRecord? existing = KvGet(key);
        if (existing is null)
        {
            return true;
        }

        if (existing.ModifyIndex != expected)
        {
            return false;
        }

        KvDelete(key);
        return true;
    }

    /// <summary>
    /// Deletes all under a prefix with a single tombstone for the prefix; none for the empty prefix, whose readers see the
    /// index of the whole table anyway.
    /// </summary>
    /// <remarks>
    /// Older tombstones below the prefix go: readers of a longer prefix would find one of them, take its index, and
    /// never learn of this deletion. Without any they read the index of the whole table.
    /// </remarks>
    public void KvDeleteTree(string prefix)
    {
        byte[] bytes = StateKeys.Exact(prefix);
        List<KvRecord> removed = _kv.RemovePrefix(bytes);
        if (removed.Count == 0)
        {
            return;
        }

        foreach (KvRecord entry in removed)
        {
            Unhold(entry);
        }

        _tombstones.RemovePrefix(bytes);
        if (bytes.Length > 0)
        {
            _tombstones.Set(bytes, new TombstoneRecord(prefix, _index));
            Touch(IndexNames.Tombstones);
        }

        Touch(IndexNames.Kv);
    }

    /// <summary>Forgets tombstones up to and including an index. No index moves: the deletions were reported long ago.</summary>
    public void ReapTombstones(ulong upTo)
    {
        foreach (TombstoneRecord tombstone in _tombstones.List([]))
        {
            if (tombstone.Index <= upTo)
            {
                _tombstones.Remove(StateKeys.Exact(tombstone.Key));
            }
        }
    }

    private KvRecord KvSet(KvRecord entry, KvRecord? existing) =>
        Put(entry, existing, existing?.Session ?? string.Empty, entry.LockIndex);

    /// <summary>Stores an entry unless it is what is there already; then nothing moves and nobody wakes.</summary>
    private KvRecord Put(KvRecord entry, KvRecord? existing, string session, ulong lockIndex)
    {
        KvRecord stored = entry with
        {
            // The text that is there already: of what a write leaves behind the collector then has less to move.
            Key = existing?.Key ?? entry.Key,
            Session = session,
            LockIndex = lockIndex,
            CreateIndex = existing?.CreateIndex ?? _index,
            ModifyIndex = _index,
        };
        if (existing is not null && existing.IsSame(stored))
        {
            return existing;
        }

        using var key = new KeyBuffer(stackalloc byte[KeyBuffer.StackBytes]);
        key.AppendExact(entry.Key);
        _kv.Set(key.Bytes, stored);
        if (existing is not null)
        {
            Unhold(existing);
        }

        if (stored.Session.Length > 0)
        {
            _kvBySession.Set(StateKeys.Held(stored), stored);
        }

        Touch(IndexNames.Kv);
        return stored;
    }

    private void Unhold(KvRecord entry)
    {
        if (entry.Session.Length > 0)
        {
            _kvBySession.Remove(StateKeys.Held(entry));
        }
    }
}
