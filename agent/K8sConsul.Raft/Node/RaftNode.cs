namespace K8sConsul.Raft;

/// <summary>
/// One peer of a Raft group as a value-in, value-out machine: single-threaded, without clock, disk, network or global randomness. The host
/// delivers messages, ticks and requests, takes a <see cref="Ready"/>, carries it out and reports back. README.md shows the loop.
/// </summary>
public sealed partial class RaftNode
{
    private readonly RaftOptions _options;
    private readonly ServerId _self;
    private readonly RaftLog _log;
    private readonly IRaftTrace _trace;
    private readonly RaftRules _rules;
    private readonly RaftRandom _random;
    private readonly ConfigurationHistory _configurations = new();

    /// <summary>Term never falls; the vote changes only from none to someone within a term. Commit is filled in when it is handed out.</summary>
    private HardState _hard;

    /// <summary>None while no leader of the current term is known.</summary>
    private ServerId _leader;
    private RaftRole _role = RaftRole.Follower;
    private string _reason = "started";

    /// <summary>Ticks since start; the only clock.</summary>
    private long _now;

    /// <summary>The newest snapshot of the local state machine, or null.</summary>
    private SnapshotMeta? _snapshot;

    /// <summary>Takes over what storage found at start.</summary>
    /// <param name="options">Checked here.</param>
    /// <param name="self">This peer's id; it need not be in the configuration (yet).</param>
    /// <param name="state">What storage found; its snapshot is already in the state machine.</param>
    /// <param name="log">Storage, for reading.</param>
    /// <param name="trace">Log lines; null for none.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="RaftInvariantException">Log, snapshot and hard state contradict each other.</exception>
    public RaftNode(RaftOptions options, ServerId self, RaftInitialState state, IRaftLogReader log, IRaftTrace? trace = null)
        : this(options, self, state, log, trace, RaftRules.Sound)
    {
    }

    /// <inheritdoc cref="RaftNode(RaftOptions, ServerId, RaftInitialState, IRaftLogReader, IRaftTrace?)"/>
    internal RaftNode(RaftOptions options, ServerId self, RaftInitialState state, IRaftLogReader log, IRaftTrace? trace, RaftRules rules)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentOutOfRangeException.ThrowIfEqual(self.IsNone, true, nameof(self));
        options.Validate();
        _options = options;
        _self = self;
        _trace = trace ?? NoTrace.Instance;
        _rules = rules;
        _random = new RaftRandom(options.Seed);
        _readRound = _random.NextUInt64() >> 1;
        _log = new RaftLog(log, options, state);
        _hard = state.HardState;
        _snapshot = state.Snapshot;
        Invariant.Require(_hard.Term >= _log.Last.Term, $"the log ends with {_log.Last} but the term is {_hard.Term}");
        LoadConfigurations(log.ConfigurationIndexes);
        _handedHard = _hard with { Commit = _log.Committed };
        if (state.PartialSnapshot is { } partial && partial.Last.Index > _log.Committed)
        {
            // A last piece is always left to be received, for only with it the host publishes the whole.
            bool isShort = state.PartialSnapshotBytes < partial.SizeBytes;
            _incoming = new IncomingSnapshot(partial) { NextOffset = isShort ? state.PartialSnapshotBytes : 0 };
        }

        // A restarted peer has forgotten whether it heard a leader just now. With lease reads it must not help to elect another one
        // while that leader's lease, which counts on our silence, may still run.
        _votesHeldUntil = options.ReadMode == ReadMode.Lease && _hard.Term > default(Term) ? options.LeaderLeaseTicks + 1 : 0;
        ResetElectionTimer(_options.HeartbeatTimeoutTicks);
    }

    public ServerId Self => _self;

    public RaftRole Role => _role;

    public Term Term => _hard.Term;

    /// <summary>Whom this peer follows in the current term; itself when it leads; none when it does not know.</summary>
    public ServerId Leader => _leader;

    public EntryId LastEntry => _log.Last;

    public LogIndex CommitIndex => _log.Committed;

    /// <summary>As last reported by <see cref="Applied"/>.</summary>
    public LogIndex AppliedIndex => _log.Applied;

    /// <summary>In force: the newest in the log, committed or not.</summary>
    public RaftConfiguration Configuration => _configurations.Latest;

    /// <summary>Index of the entry that brought <see cref="Configuration"/>; 0 when there is none yet.</summary>
    public LogIndex ConfigurationIndex => _configurations.LatestIndex;

    private bool IsVoter => _configurations.Latest.IsVoter(_self);

    /// <summary>
    /// A voter; or one that is losing its vote by a change that is not known to be committed: until then it may be the only one whose log lets it
    /// win, and with nobody else able to, the cluster would stand still (thesis §4.2.2).
    /// </summary>
    private bool MayCampaign =>
        IsVoter || (_configurations.LatestIndex > _log.Committed && _configurations.At(_log.Committed).Configuration.IsVoter(_self));

    /// <summary>The configuration for the meta of a snapshot that ends at <paramref name="index"/>; not below <see cref="AppliedIndex"/>.</summary>
    public (RaftConfiguration Configuration, LogIndex Index) ConfigurationAt(LogIndex index)
    {
        (LogIndex at, RaftConfiguration configuration) = _configurations.At(index);
        return (configuration, at);
    }

    /// <summary>A message from a peer. Wrong or untimely ones are refused by an answer or dropped.</summary>
    public void Step(RaftMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.To != _self || message.From == _self || message.From.IsNone)
        {
            Trace(TraceLevel.Warning, $"dropped {message.GetType().Name} from {message.From} to {message.To}: not for this peer");
            return;
        }

        if (IsFromLeaderOfAnotherCluster(message))
        {
            return;
        }

        // A vote request does not raise our term unless we are ready to consider it.
        if (message is RequestVote request)
        {
            OnRequestVote(request);
            return;
        }

        if (message.Term > _hard.Term && message is not VoteReply { IsPreVote: true, IsGranted: true })
        {
            ServerId leader = message is AppendEntries or CommitNotice or Heartbeat or InstallSnapshot ? message.From : ServerId.None;
            BecomeFollower(message.Term, leader, $"{message.GetType().Name} of newer term {message.Term} from {message.From}");
        }
        else if (message.Term < _hard.Term)
        {
            OnStaleTerm(message);
            return;
        }

        switch (message)
        {
            case AppendEntries append:
                FollowLeader(append.From);
                OnAppendEntries(append);
                break;
            case CommitNotice notice:
                FollowLeader(notice.From);
                OnCommitNotice(notice);
                break;
            case Heartbeat heartbeat:
                FollowLeader(heartbeat.From);
                OnHeartbeat(heartbeat);
                break;
            case InstallSnapshot install:
                FollowLeader(install.From);
                OnInstallSnapshot(install);
                break;
            case VoteReply reply:
                OnVoteReply(reply);
                break;
            case TimeoutNow:
                OnTimeoutNow(message.From);
                break;
            case ReadIndexRequest read:
                OnReadIndexRequest(read);
                break;
            case ReadIndexReply read:
                OnReadIndexReply(read);
                break;
            default:
                OnFollowersReply(message);
                break;
        }
    }

    /// <summary>One unit of logical time has passed.</summary>
    public void Tick()
    {
        _now++;
        if (_role == RaftRole.Leader)
        {
            TickLeader();
        }
        else
        {
            TickFollower();
        }
    }

    /// <summary>Answers that only a leader expects; elsewhere they are late and mean nothing.</summary>
    private void OnFollowersReply(RaftMessage message)
    {
        if (_role != RaftRole.Leader || FindPeer(message.From) is not { } peer)
        {
            return;
        }

        peer.ContactTick = _now;
        switch (message)
        {
            case AppendEntriesReply reply:
                OnAppendReply(peer, reply);
                break;
            case HeartbeatReply reply:
                OnHeartbeatReply(peer, reply);
                break;
            case InstallSnapshotReply reply:
                OnInstallReply(peer, reply);
                break;
            default:
                throw new System.Diagnostics.UnreachableException(message.GetType().Name);
        }
    }

    /// <summary>
    /// From an earlier term. A leader of that term learns ours and steps down; otherwise a peer that came back with a higher term
    /// would stay deaf to it (Raft paper §5.1).
    /// </summary>
    private void OnStaleTerm(RaftMessage message)
    {
        if (message is AppendEntries or CommitNotice or Heartbeat or InstallSnapshot)
        {
            Send(new AppendEntriesReply(_self, message.From, _hard.Term, IsSuccess: false, default, default));
        }
        else if (message is ReadIndexRequest read)
        {
            Send(new ReadIndexReply(_self, read.From, _hard.Term, read.Batch, default, IsRefused: true));
        }
    }

    private void LoadConfigurations(IReadOnlyList<LogIndex> indexes)
    {
        if (_snapshot is { } snapshot)
        {
            _configurations.Reset(snapshot.ConfigurationIndex, snapshot.Configuration);
        }

        foreach (LogIndex index in indexes)
        {
            if (index > _configurations.LatestIndex && index > _log.Start.Index)
            {
                RaftEntry entry = _log.ReadOne(index);
                bool isValid = RaftConfiguration.TryDecode(entry.Data, out RaftConfiguration? configuration, out string? problem);
                Invariant.Require(isValid, $"configuration entry {entry.Id} cannot be read: {problem}");
                _configurations.Add(index, configuration!);
            }
        }
    }
}
