namespace K8sConsul.Raft;

/// <summary>
/// The core's view of what is in storage. Called from the Raft loop only, synchronously. It may lag behind what the core
/// handed out in a <see cref="Ready"/>; the core asks for nothing that has not been reported by <see cref="RaftNode.Saved"/>.
/// </summary>
/// <remarks>An implementation that cannot read throws its own exception, and the peer must stop.</remarks>
public interface IRaftLogReader
{
    /// <summary>The entry just before the first one held: what compaction or a snapshot left, or 0/0.</summary>
    EntryId Start { get; }

    /// <summary>The last entry held; equal to <see cref="Start"/> when none is.</summary>
    EntryId Last { get; }

    /// <summary>Indexes of the held entries of type <see cref="EntryType.Configuration"/>, ascending. Read once, at start.</summary>
    IReadOnlyList<LogIndex> ConfigurationIndexes { get; }

    /// <summary>The term of a held entry.</summary>
    /// <param name="index">From <see cref="Start"/> to <see cref="Last"/>, both included.</param>
    Term TermAt(LogIndex index);

    /// <summary>
    /// Adds the entries from <paramref name="from"/> up to <paramref name="last"/>, both included, to <paramref name="into"/>,
    /// but stops before their sizes exceed <paramref name="bytesMax"/>; at least one entry is always added.
    /// </summary>
    void Read(LogIndex from, LogIndex last, long bytesMax, List<RaftEntry> into);
}
