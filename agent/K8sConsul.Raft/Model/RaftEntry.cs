namespace K8sConsul.Raft;

/// <summary>
/// One log entry. Immutable and shared by reference between the log, messages and the state machine, so an
/// entry costs one allocation however many followers it goes to.
/// </summary>
public sealed class RaftEntry(Term term, LogIndex index, EntryType type, ReadOnlyMemory<byte> data)
{
    /// <summary>What an entry is counted as beyond its data when windows and queues are bounded in bytes.</summary>
    public const int OverheadBytes = 32;

    public Term Term { get; } = term;

    public LogIndex Index { get; } = index;

    public EntryType Type { get; } = type;

    /// <summary>Owned by the entry: nobody may write to the memory behind it any more.</summary>
    public ReadOnlyMemory<byte> Data { get; } = data;

    public EntryId Id => new(Term, Index);

    /// <summary>Data plus <see cref="OverheadBytes"/>.</summary>
    public int SizeBytes => Data.Length + OverheadBytes;

    public override string ToString() => $"{Id} {Type} {Data.Length}B";
}
