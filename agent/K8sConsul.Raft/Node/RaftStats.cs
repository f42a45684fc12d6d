namespace K8sConsul.Raft;

/// <summary>What the core knows of Consul's <c>Stats.raft</c> in /v1/agent/self, at one moment.</summary>
/// <param name="Role">state: Leader, Follower or Candidate there (a pre-candidate is one to Consul).</param>
/// <param name="Term">term.</param>
/// <param name="Leader">Whom this peer follows; itself when it leads.</param>
/// <param name="LastEntry">last_log_index, last_log_term.</param>
/// <param name="CommitIndex">commit_index.</param>
/// <param name="AppliedIndex">applied_index, as reported by the host.</param>
/// <param name="ApplyingCount">fsm_pending: handed to the state machine and not yet reported as applied.</param>
/// <param name="LastSnapshot">last_snapshot_index, last_snapshot_term.</param>
/// <param name="Configuration">latest_configuration.</param>
/// <param name="ConfigurationIndex">latest_configuration_index (Consul always prints 0 there; this is the real one).</param>
/// <param name="IsConfigurationCommitted">Whether the latest configuration is committed.</param>
/// <param name="PeerCount">num_peers: other voters, when this peer is one itself.</param>
/// <param name="LastContactTicks">last_contact: ticks since the leader was heard; 0 on a leader, null when never.</param>
/// <param name="Reason">Why this peer has its role.</param>
public sealed record RaftStats(
    RaftRole Role,
    Term Term,
    ServerId Leader,
    EntryId LastEntry,
    LogIndex CommitIndex,
    LogIndex AppliedIndex,
    ulong ApplyingCount,
    EntryId LastSnapshot,
    RaftConfiguration Configuration,
    LogIndex ConfigurationIndex,
    bool IsConfigurationCommitted,
    int PeerCount,
    long? LastContactTicks,
    string Reason);

/// <summary>A leader's view of one other peer.</summary>
/// <param name="Server">Who.</param>
/// <param name="State">How entries are sent to it.</param>
/// <param name="Match">Durable there, as far as known.</param>
/// <param name="Next">The next entry to send.</param>
/// <param name="InflightMessages">AppendEntries without an answer.</param>
/// <param name="LastContactTicks">Since its last answer.</param>
public sealed record PeerStatus(
    RaftServer Server, ProgressState State, LogIndex Match, LogIndex Next, int InflightMessages, long LastContactTicks);
