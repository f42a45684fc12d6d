namespace K8sConsul.Raft;

public enum ReadMode
{
    /// <summary>A read index is confirmed by a heartbeat round of a quorum. Safe whatever clocks do.</summary>
    Quorum,

    /// <summary>
    /// A leader whose lease holds answers at once (thesis §6.4.1). Safe only while no peer's clock runs faster or slower
    /// than another's by more than <see cref="RaftOptions.ClockDriftPercent"/> and the host delivers due ticks before reads.
    /// </summary>
    Lease,
}

/// <summary>Times are in ticks; the host decides how long a tick is. Constraints are checked by <see cref="Validate"/>.</summary>
public sealed record RaftOptions
{
    /// <summary>
    /// Consul's HeartbeatTimeout. A follower without word from a leader for this plus a random part of the same size
    /// starts an election; below this it refuses votes to others, unless the leader's connection has ended. Default 20. Higher: slower fail-over, fewer false elections.
    /// </summary>
    public int HeartbeatTimeoutTicks { get; init; } = 20;

    /// <summary>Consul's ElectionTimeout: the same for a candidate that hears no result, and the time limit of a leadership transfer. Default 20, at least HeartbeatTimeoutTicks.</summary>
    public int ElectionTimeoutTicks { get; init; } = 20;

    /// <summary>
    /// Consul's LeaderLeaseTimeout: a leader that has not heard a quorum for this long steps down, and a follower gives no vote for as long after
    /// its leader's word, whatever it sees; leases for reads last as long, less what clocks may differ. Default 10, at most HeartbeatTimeoutTicks.
    /// </summary>
    public int LeaderLeaseTicks { get; init; } = 10;

    /// <summary>Between two rounds of heartbeats. Default 2 (a tenth of HeartbeatTimeoutTicks, as Consul).</summary>
    public int HeartbeatIntervalTicks { get; init; } = 2;

    /// <summary>Ask for votes without raising the term first (thesis §9.6). Consul: raft_prevote_disabled.</summary>
    public bool PreVote { get; init; } = true;

    /// <summary>The least that a read index rests on. A single read may ask for a quorum; a lease answers only where this says so on every peer.</summary>
    public ReadMode ReadMode { get; init; } = ReadMode.Quorum;

    /// <summary>Largest difference in speed of two peers' clocks that lease reads survive. Default 10, range 0..50. Higher: shorter lease.</summary>
    public int ClockDriftPercent { get; init; } = 10;

    /// <summary>Soft limit of entry bytes in one AppendEntries; one larger entry still goes alone. Default 512 KiB.</summary>
    public int AppendBytesMax { get; init; } = 512 * 1024;

    /// <summary>Entries in one AppendEntries. Default 1024 (Consul's 64 suits a JSON of megabytes; ours are counted in bytes too).</summary>
    public int AppendEntriesMax { get; init; } = 1024;

    /// <summary>AppendEntries messages on the way to one follower before an answer. Default 64.</summary>
    public int InflightMessagesMax { get; init; } = 64;

    /// <summary>Entry bytes on the way to one follower before an answer. Default 16 MiB.</summary>
    public long InflightBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Data of one proposal; a larger one is refused as TooLarge. Default 4 MiB, at most <see cref="RaftLimits.EntryBytesMax"/>.</summary>
    public int EntryBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Proposed and not yet committed bytes; beyond it proposals are refused as QueueFull. Default 64 MiB.</summary>
    public long UncommittedBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Proposed and not yet committed entries; beyond it proposals are refused as QueueFull. Default 65536.</summary>
    public int UncommittedEntriesMax { get; init; } = 65536;

    /// <summary>Entry bytes handed to the state machine in one Ready. Default 4 MiB.</summary>
    public long ApplyBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Entries handed out and not yet reported as applied; more wait in the log. Default 8192.</summary>
    public int ApplyingEntriesMax { get; init; } = 8192;

    /// <summary>Applied entries kept in memory for followers that are a little behind. Default 1024 (Consul: a log cache of 512). Older ones are read from storage.</summary>
    public int CacheEntries { get; init; } = 1024;

    /// <summary>The same in bytes. Default 16 MiB.</summary>
    public long CacheBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Entries kept in storage before a snapshot's index. Default 10240. Consul: raft_trailing_logs.</summary>
    public int TrailingEntries { get; init; } = 10240;

    /// <summary>Data of one InstallSnapshot. Default 512 KiB, at most <see cref="RaftLimits.SnapshotChunkBytesMax"/>.</summary>
    public int SnapshotChunkBytes { get; init; } = 512 * 1024;

    /// <summary>Read requests waiting for an index; beyond it they are refused as QueueFull. Default 65536.</summary>
    public int PendingReadsMax { get; init; } = 65536;

    /// <summary>Heartbeat rounds (on a follower: questions to the leader) on the way at once for reads; later reads share the next. Default 2.</summary>
    public int ReadRoundsMax { get; init; } = 2;

    /// <summary>
    /// Of this run's random numbers. Must be set, to a fresh random number at every start of every peer: it also names the questions of this run, so that
    /// an answer to the run before is not taken for an answer to this one. (Only simulations choose it.)
    /// </summary>
    public ulong Seed { get; init; }

    /// <summary>Called by the constructor of <see cref="RaftNode"/>.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(Seed != 0, $"{nameof(Seed)} must be set to a fresh random number");
        Require(HeartbeatIntervalTicks >= 1, $"{nameof(HeartbeatIntervalTicks)} must be at least 1");
        Require(HeartbeatTimeoutTicks > HeartbeatIntervalTicks, $"{nameof(HeartbeatTimeoutTicks)} must be above {nameof(HeartbeatIntervalTicks)}");
        Require(ElectionTimeoutTicks >= HeartbeatTimeoutTicks, $"{nameof(ElectionTimeoutTicks)} must be at least {nameof(HeartbeatTimeoutTicks)}");
        Require(LeaderLeaseTicks > HeartbeatIntervalTicks && LeaderLeaseTicks <= HeartbeatTimeoutTicks,
            $"{nameof(LeaderLeaseTicks)} must be above {nameof(HeartbeatIntervalTicks)} and at most {nameof(HeartbeatTimeoutTicks)}");
        Require(ClockDriftPercent is >= 0 and <= 50, $"{nameof(ClockDriftPercent)} must be 0..50");
        Require(EntryBytesMax is > 0 and <= RaftLimits.EntryBytesMax, $"{nameof(EntryBytesMax)} must be 1..{RaftLimits.EntryBytesMax}");
        Require(AppendBytesMax is > 0 and <= RaftLimits.EntryBytesMax, $"{nameof(AppendBytesMax)} must be 1..{RaftLimits.EntryBytesMax}");
        Require(AppendEntriesMax is > 0 and <= RaftLimits.EntriesPerMessageMax, $"{nameof(AppendEntriesMax)} must be 1..{RaftLimits.EntriesPerMessageMax}");
        Require(SnapshotChunkBytes is > 0 and <= RaftLimits.SnapshotChunkBytesMax, $"{nameof(SnapshotChunkBytes)} must be 1..{RaftLimits.SnapshotChunkBytesMax}");
        Require(InflightMessagesMax > 0 && InflightBytesMax > 0, "the in-flight window must not be empty");
        Require(UncommittedEntriesMax > 0 && UncommittedBytesMax > 0, "the proposal queue must not be empty");
        Require(ApplyingEntriesMax > 0 && ApplyBytesMax > 0, "the apply window must not be empty");
        Require(CacheEntries >= 0 && CacheBytes >= 0 && TrailingEntries >= 0, "cache and trailing sizes must not be negative");
        Require(PendingReadsMax > 0 && ReadRoundsMax > 0, "read limits must be at least 1");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
