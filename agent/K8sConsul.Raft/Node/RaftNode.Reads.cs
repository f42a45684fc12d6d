namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    /// <summary>Asked for and not yet in a round (leader) or a question (follower).</summary>
    private readonly List<WaitingRead> _waitingReads = [];

    /// <summary>On a leader: rounds on the way, oldest first. On a follower: questions to the leader.</summary>
    private readonly Queue<ReadRound> _readRounds = new();
    private readonly List<ReadState> _readStates = [];

    /// <summary>
    /// Number of the newest round or question. Never used twice, not even by the next run, which a late answer may reach in the same term; hence it
    /// begins at random.
    /// </summary>
    private ulong _readRound;
    private int _pendingReads;

    /// <summary>Set for the rest of a reign once a TimeoutNow has left: the lease rests on silence that we broke ourselves.</summary>
    private bool _isLeaseForfeited;

    /// <summary>
    /// Asks for an index which, once applied, makes a read linearizable (thesis §6.4). On any peer: a follower asks its leader on behalf of all
    /// reads that wait. The answer comes as a <see cref="ReadState"/> with this context.
    /// </summary>
    /// <param name="context">Names the read in its answer.</param>
    /// <param name="mode">What the leader may rely on; <see cref="RaftOptions.ReadMode"/> must allow a lease too.</param>
    /// <returns>None when asked; otherwise no answer will come.</returns>
    public Refusal RequestReadIndex(ulong context, ReadMode mode = ReadMode.Lease)
    {
        if (_leader.IsNone)
        {
            return Refusal.NoLeader;
        }

        if (_pendingReads >= _options.PendingReadsMax)
        {
            return Refusal.QueueFull;
        }

        _pendingReads++;
        _waitingReads.Add(new WaitingRead(ServerId.None, context, mode));
        return Refusal.None;
    }

    /// <summary>Once per Ready: everything that waits shares one round.</summary>
    private void FlushReads()
    {
        if (_waitingReads.Count == 0 || _leader.IsNone)
        {
            return;
        }

        if (_role == RaftRole.Leader)
        {
            FlushLeaderReads();
        }
        else
        {
            // Apart, so that reads which a lease can answer do not wait for a round of those which it cannot.
            Ask(ReadMode.Lease);
            Ask(ReadMode.Quorum);
        }
    }

    private void Ask(ReadMode mode)
    {
        if (_readRounds.Count < _options.ReadRoundsMax && TakeWaiting(mode) is { Length: > 0 } reads)
        {
            ReadRound question = NewRound(index: default, reads, mode);
            Send(new ReadIndexRequest(_self, _leader, _hard.Term, question.Number, mode));
        }
    }

    private void FlushLeaderReads()
    {
        if (!_rules.AnswersReads(HasCommittedInTerm))
        {
            return;
        }

        if (IsAlone)
        {
            AnswerAll([.. _waitingReads]);
            _waitingReads.Clear();
        }
        else if (HoldsLease())
        {
            AnswerAll(TakeWaiting(ReadMode.Lease));
        }

        if (_waitingReads.Count > 0 && _readRounds.Count < _options.ReadRoundsMax)
        {
            WaitingRead[] reads = [.. _waitingReads];
            _waitingReads.Clear();
            NewRound(_log.Committed, reads, ReadMode.Quorum);
            BroadcastHeartbeat();
        }
    }

    private void AnswerAll(WaitingRead[] reads)
    {
        foreach (WaitingRead read in reads)
        {
            Answer(read, _log.Committed);
        }
    }

    private WaitingRead[] TakeWaiting(ReadMode mode)
    {
        WaitingRead[] taken = [.. _waitingReads.Where(read => read.Mode == mode)];
        _waitingReads.RemoveAll(read => read.Mode == mode);
        return taken;
    }

    private ReadRound NewRound(LogIndex index, WaitingRead[] reads, ReadMode mode)
    {
        ReadRound round = new(++_readRound, index, reads, mode) { SentTick = _now };
        _readRounds.Enqueue(round);
        return round;
    }

    /// <summary>A quorum has answered heartbeats that were sent after the read arrived, so we led then.</summary>
    private void ConfirmReads()
    {
        ulong confirmed = ReachedByQuorum(peer => peer.AckedRound, own: _readRound);
        while (_readRounds.TryPeek(out ReadRound? round) && round.Number <= confirmed)
        {
            _readRounds.Dequeue();
            foreach (WaitingRead read in round.Reads)
            {
                Answer(read, round.Index);
            }
        }
    }

    private bool IsAlone => IsVoter && _configurations.Latest.VoterCount == 1;

    private bool HoldsLease() => LeaseTicksLeft() > 0;

    /// <summary>
    /// For how many ticks from now on nobody else can be elected, so that reads may be answered without asking: 0 without a lease, and
    /// without end for the only voter.
    /// </summary>
    /// <remarks>
    /// Followers give no vote for LeaderLeaseTicks after a heartbeat, whatever they see. We count from its sending, and less by what clocks may differ.
    /// </remarks>
    public long LeaseTicksLeft()
    {
        if (_role != RaftRole.Leader)
        {
            return 0;
        }

        if (IsAlone)
        {
            return long.MaxValue;
        }

        if (_options.ReadMode != ReadMode.Lease || _isLeaseForfeited)
        {
            return 0;
        }

        // Shifted by one so that "never" is 0.
        long since = (long)ReachedByQuorum(peer => (ulong)(peer.AckedSentTick + 1), own: (ulong)(_now + 1)) - 1;
        return since < 0 ? 0 : Math.Max(0, _rules.LeaseTicks(_options) - (_now - since));
    }

    private void OnReadIndexRequest(ReadIndexRequest request)
    {
        if (_role != RaftRole.Leader || _pendingReads >= _options.PendingReadsMax)
        {
            Send(new ReadIndexReply(_self, request.From, _hard.Term, request.Batch, default, IsRefused: true));
            return;
        }

        _pendingReads++;
        _waitingReads.Add(new WaitingRead(request.From, request.Batch, request.Mode));
    }

    private void OnReadIndexReply(ReadIndexReply reply)
    {
        if (_role == RaftRole.Leader || reply.From != _leader)
        {
            return;
        }

        // Answers may come out of order; the queue is short.
        int count = _readRounds.Count;
        for (int i = 0; i < count; i++)
        {
            ReadRound round = _readRounds.Dequeue();
            if (round.Number != reply.Batch)
            {
                _readRounds.Enqueue(round);
                continue;
            }

            foreach (WaitingRead read in round.Reads)
            {
                Answer(read, reply.Index, reply.IsRefused ? Refusal.NotLeader : Refusal.None);
            }
        }
    }

    /// <summary>A lost question or answer is repeated: a later index is as good.</summary>
    private void TickFollowerReads()
    {
        foreach (ReadRound question in _readRounds)
        {
            if (_now - question.SentTick >= _options.HeartbeatIntervalTicks && !_leader.IsNone)
            {
                question.SentTick = _now;
                Send(new ReadIndexRequest(_self, _leader, _hard.Term, question.Number, question.Mode));
            }
        }
    }

    private void Answer(WaitingRead read, LogIndex index, Refusal refusal = Refusal.None)
    {
        _pendingReads--;
        if (read.From.IsNone)
        {
            _readStates.Add(new ReadState(read.Context, index, refusal));
        }
        else
        {
            Send(new ReadIndexReply(_self, read.From, _hard.Term, read.Context, index, refusal != Refusal.None));
        }
    }

    /// <summary>The leader is lost or another one: nobody will answer.</summary>
    private void FailReads(Refusal refusal)
    {
        foreach (ReadRound round in _readRounds)
        {
            foreach (WaitingRead read in round.Reads)
            {
                Answer(read, default, refusal);
            }
        }

        foreach (WaitingRead read in _waitingReads)
        {
            Answer(read, default, refusal);
        }

        _readRounds.Clear();
        _waitingReads.Clear();
    }

    /// <summary>Somebody who waits for an index.</summary>
    /// <param name="From">A follower, or none for the own host.</param>
    /// <param name="Context">The host's context, or the follower's batch.</param>
    /// <param name="Mode">What its answer may rely on.</param>
    private readonly record struct WaitingRead(ServerId From, ulong Context, ReadMode Mode);

    private sealed class ReadRound(ulong number, LogIndex index, WaitingRead[] reads, ReadMode mode)
    {
        public ulong Number { get; } = number;

        public ReadMode Mode { get; } = mode;

        /// <summary>The leader's commit index when the round began.</summary>
        public LogIndex Index { get; } = index;

        public WaitingRead[] Reads { get; } = reads;

        public long SentTick { get; set; }
    }
}
