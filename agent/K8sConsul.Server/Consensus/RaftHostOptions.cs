using K8sConsul.Raft;

namespace K8sConsul.Server.Consensus;

/// <summary>How the Raft core is driven.</summary>
public sealed record RaftHostOptions
{
    public required ServerId Self { get; init; }

    public required RaftOptions Raft { get; init; }

    /// <summary>
    /// Length of one tick. Default 50 ms at <c>raft_multiplier</c> 1, where the heartbeat timeout of 1 s is 20 ticks. Lower:
    /// finer timeouts and more wake-ups.
    /// </summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Entries since the last snapshot that call for the next. Default 16384. Consul: <c>raft_snapshot_threshold</c>.</summary>
    public ulong SnapshotThreshold { get; init; } = 16384;

    /// <summary>How often the threshold is looked at, plus a random part of the same length. Default 30 s. Consul: <c>raft_snapshot_interval</c>.</summary>
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Inputs that may wait for the loop. Beyond it proposals are refused and messages dropped. Default 65536.</summary>
    public int InputsMax { get; init; } = 65_536;
}
