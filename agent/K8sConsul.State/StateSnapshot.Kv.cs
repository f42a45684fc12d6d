using K8sConsul.State.Radix;
using K8sConsul.State.Records;
using K8sConsul.State.Watching;

namespace K8sConsul.State;

public sealed partial class StateSnapshot
{
    /// <summary>One key. Its index is the entry's own; that of a missing key is the index of the whole table.</summary>
    public (ulong Index, KvRecord? Entry) KvGet(string key, WatchSet? watches = null)
    {
        using var bytes = new KeyBuffer(stackalloc byte[KeyBuffer.StackBytes]);
        bytes.AppendExact(key);
        KvRecord? entry = _tables.Kv.Get(bytes.Bytes, watches);
        return (entry?.ModifyIndex ?? KvTableIndex(), entry);
    }

    /// <summary>All entries under a prefix, in key order.</summary>
    /// <remarks>
    /// The index is the highest of the entries and tombstones under the prefix, so that a deletion raises it and a write
    /// elsewhere does not. Where neither is found it is that of the whole table, as it is for the empty prefix.
    /// </remarks>
    public (ulong Index, RadixRange<KvRecord> Entries) KvList(string prefix, WatchSet? watches = null)
    {
        byte[] bytes = StateKeys.Exact(prefix);
        RadixRange<KvRecord> entries = _tables.Kv.Prefix(bytes, watches);
        ulong index = 0;
        if (bytes.Length > 0)
        {
            foreach (KvRecord entry in entries)
            {
                index = Math.Max(index, entry.ModifyIndex);
            }

            foreach (TombstoneRecord tombstone in _tables.Tombstones.Prefix(bytes, watches))
            {
                index = Math.Max(index, tombstone.Index);
            }
        }

        return (index == 0 ? KvTableIndex() : index, entries);
    }

    public int KvCount => _tables.Kv.Count;

    public ulong KvTableIndex() => Math.Max(IndexOf(IndexNames.Kv), IndexOf(IndexNames.Tombstones));

    /// <summary>The highest tombstone, for the collector; 0 when there is none.</summary>
    public ulong TombstoneIndexMax()
    {
        ulong highest = 0;
        foreach (TombstoneRecord tombstone in _tables.Tombstones.All())
        {
            highest = Math.Max(highest, tombstone.Index);
        }

        return highest;
    }
}
