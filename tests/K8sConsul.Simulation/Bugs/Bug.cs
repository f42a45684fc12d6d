namespace K8sConsul.Simulation.Bugs;

/// <summary>Deliberate mistakes, each of which the simulator must find.</summary>
internal enum Bug
{
    None,

    // Of the consensus core: rules that are replaced.

    /// <summary>An entry of an old term is committed once a majority holds it (Raft paper, figure 8).</summary>
    CountOldTermEntries,

    /// <summary>A second candidate of a term gets a vote too.</summary>
    VoteTwice,

    /// <summary>Votes do not look at the candidate's log.</summary>
    VoteForShorterLogs,

    /// <summary>Half of the servers, rounded down, are enough to commit.</summary>
    CommitWithoutMajority,

    /// <summary>Half of the servers, rounded down, are enough to be elected.</summary>
    ElectWithoutMajority,

    /// <summary>Entries are taken without a look at what is before them.</summary>
    AppendWithoutMatching,

    /// <summary>A new leader answers reads before it knows what its predecessors committed.</summary>
    ReadBeforeOwnTermCommits,

    /// <summary>A follower whose leader's connection ended votes at once, though the leader may live and hold a lease.</summary>
    VoteDespiteLease,

    /// <summary>A lease is counted as four times as long.</summary>
    LeaseTooLong,

    /// <summary>A change of members is accepted while another one is not committed.</summary>
    ChangeMembersTwiceAtOnce,

    // Of the storage.

    /// <summary>Flushes do nothing.</summary>
    SkipTheFlush,

    // Of the host.

    /// <summary>Acknowledgements leave before the save is durable.</summary>
    AcknowledgeBeforeSaving,

    /// <summary>The vote is forgotten at a restart.</summary>
    LoseVoteOnRestart,

    /// <summary>A batch is applied again.</summary>
    ApplyTwice,

    /// <summary>A default read is answered by whoever believes to lead, without a lease.</summary>
    ReadWithoutLease,

    /// <summary>A follower answers default reads from what it has.</summary>
    ReadFromFollowerUnasked,

    /// <summary>A read is answered before its index is applied.</summary>
    ReadBeforeApplied,

    /// <summary>
    /// A leader answers from what it has applied, while a follower has already shown what is committed beyond that. The program had this
    /// one itself.
    /// </summary>
    ReadUnderLeaseBeforeApplied,

    /// <summary>A write is acknowledged when it is in the leader's log.</summary>
    AcknowledgeBeforeCommit,

    /// <summary>A received snapshot replaces the log but is not loaded.</summary>
    SkipLoadingSnapshot,

    /// <summary>A proposal that another leader's entry displaced is still taken for done.</summary>
    IgnoreTermOfProposal,

    /// <summary>A snapshot says that it ends one entry later than it does.</summary>
    SnapshotClaimsTooMuch,
}
