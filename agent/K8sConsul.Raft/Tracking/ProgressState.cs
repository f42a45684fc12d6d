namespace K8sConsul.Raft;

/// <summary>How a leader sends to a follower (etcd's flow control states).</summary>
public enum ProgressState
{
    /// <summary>Where the logs meet is not known: one message at a time.</summary>
    Probe,

    /// <summary>Logs meet: messages follow each other without waiting, within the window.</summary>
    Replicate,

    /// <summary>What it needs is compacted: a snapshot is on its way.</summary>
    Snapshot,
}
