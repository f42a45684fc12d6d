using K8sConsul.State.Watching;

namespace K8sConsul.State;

/// <summary>
/// One immutable version of the state. Every read names the index that a blocking query compares with and, given a
/// <see cref="WatchSet"/>, what it depends on.
/// </summary>
public sealed partial class StateSnapshot
{
    private readonly Tables _tables;

    internal StateSnapshot(Tables tables, ulong appliedIndex, Epoch epoch)
    {
        _tables = tables;
        AppliedIndex = appliedIndex;
        CurrentEpoch = epoch;
    }

    /// <summary>
    /// The index of the last command that this version holds: its Raft index, or more after a restore of a state whose
    /// indexes were ahead of this log.
    /// </summary>
    public ulong AppliedIndex { get; }

    /// <summary>How often the whole state had been replaced: indexes of versions that differ here have nothing to do with each other.</summary>
    public int Restores => CurrentEpoch.Restores;

    internal Tables Tables => _tables;

    internal Epoch CurrentEpoch { get; }

    /// <summary>Wakes <paramref name="watches"/> when the whole state is replaced by a restore.</summary>
    public void WatchRestore(WatchSet watches) => watches.Add(CurrentEpoch.AbandonedSlot.Watch());

    private ulong IndexOf(string name, WatchSet? watches = null) => IndexOf(string.Empty, name, watches);

    /// <param name="family">What names of one kind begin with, or nothing.</param>
    /// <param name="name">The rest of the name in the index table.</param>
    /// <param name="watches">Learns when the index moves.</param>
    private ulong IndexOf(string family, string name, WatchSet? watches)
    {
        using var key = new KeyBuffer(stackalloc byte[KeyBuffer.StackBytes]);
        key.AppendFolded(family);
        key.AppendFolded(name);
        return _tables.Indexes.Get(key.Bytes, watches)?.Value ?? 0;
    }

    /// <summary>Shared by all versions between two restores.</summary>
    internal sealed class Epoch(int restores)
    {
        public int Restores => restores;

        internal WatchSlot AbandonedSlot;

        public void Abandon() => AbandonedSlot.Fire();
    }
}
