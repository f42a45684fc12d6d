namespace K8sConsul.Raft;

/// <summary>
/// What a new cluster's log begins with. Servers that bootstrap with equal configurations independently of each other
/// write equal bytes, so that is safe (spec: bootstrap_expect).
/// </summary>
public static class RaftBootstrap
{
    /// <summary>Saved together with <see cref="Entry"/>.</summary>
    public static HardState HardState => new(new Term(1), ServerId.None, default);

    /// <summary>The end of a log that holds nothing else.</summary>
    public static EntryId Last => new(new Term(1), new LogIndex(1));

    /// <summary>The configuration as entry 1 of term 1, for an empty log with no snapshot; anything else must not be bootstrapped.</summary>
    public static RaftEntry Entry(RaftConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.VoterCount == 0)
        {
            throw new ArgumentException("a cluster needs a voter", nameof(configuration));
        }

        return new RaftEntry(Last.Term, Last.Index, EntryType.Configuration, configuration.Encode());
    }
}
