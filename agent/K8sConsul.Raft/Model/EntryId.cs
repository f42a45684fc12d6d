namespace K8sConsul.Raft;

/// <summary>
/// Names an entry for ever: two logs that hold an entry of the same term and index hold the same entry and
/// the same prefix (Raft paper §5.3, log matching).
/// </summary>
public readonly record struct EntryId(Term Term, LogIndex Index)
{
    /// <summary>"As up to date as" of Raft paper §5.4.1: the later last term wins, then the longer log.</summary>
    public bool IsAtLeastAsUpToDateAs(EntryId other) =>
        Term > other.Term || (Term == other.Term && Index >= other.Index);

    /// <summary>Written "index/term", as in the transcripts of the tests.</summary>
    public override string ToString() => $"{Index}/{Term}";
}
