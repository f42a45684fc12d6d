using System.Buffers;
using System.Text;
using K8sConsul.Raft;
using K8sConsul.Simulation.Bugs;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.Storage;

namespace K8sConsul.Simulation.World;

/// <summary>Requests of clients: proposals and reads, and applying what is committed.</summary>
internal sealed partial class SimulatedServer
{
    public const string NodeName = "node";

    private readonly Queue<Placed> _placed = new();
    private readonly Queue<Applying> _applies = new();
    private readonly Dictionary<ulong, Call> _reads = [];
    private readonly List<(ulong Index, Call Call)> _waitingForIndex = [];
    private ulong _nextRead;

    public void Submit(Call call)
    {
        if (IsPaused)
        {
            _inbox.Enqueue(call);
            return;
        }

        Take(call);
        Work();
    }

    /// <summary>One batch that is committed, or a snapshot.</summary>
    public void Apply()
    {
        _isApplying = false;
        if (!_applies.TryDequeue(out Applying applying))
        {
            return;
        }

        if (applying.Snapshot is { } snapshot)
        {
            _world.Coverage.Hit("snapshot installed");
            _world.Checker.Installed(Id, snapshot);
            if (_bug == Bug.SkipLoadingSnapshot)
            {
                Applied = new AppliedState(snapshot.Last, snapshot.Configuration, snapshot.ConfigurationIndex);
            }
            else
            {
                Load(snapshot);
            }
        }
        else
        {
            ApplyEntries(applying);
        }

        Node!.Applied(Applied.Last.Index);
        AnswerWaiting();
        if (_applies.Count > 0)
        {
            Begin(ref _isApplying, ServerWork.Apply);
        }

        Work();
    }

    private void Take(Call call)
    {
        if (!call.IsRead)
        {
            Propose(call);
            return;
        }

        switch (call.Kind)
        {
            case CallKind.ReadStale:
                if (Node!.Leader.IsNone)
                {
                    _world.Answer(call, CallOutcome.Refused);
                    return;
                }

                AnswerFromState(call, mustBeFresh: false);
                return;
            case CallKind.ReadDefault when HoldsLease && Applied.Last.Index < _committed && _bug != Bug.ReadUnderLeaseBeforeApplied:
                _world.Coverage.Hit("read under the lease waits for the commit index");
                _waitingForIndex.Add((_committed.Value, call));
                return;
            case CallKind.ReadDefault when HoldsLease || (_bug == Bug.ReadWithoutLease && IsLeader) || (_bug == Bug.ReadFromFollowerUnasked && !Node!.Leader.IsNone):
                _world.Coverage.Hit("read under the lease, without asking");
                AnswerFromState(call, mustBeFresh: true);
                return;
            default:
                ulong context = ++_nextRead;
                ReadMode mode = call.Kind == CallKind.ReadDefault ? ReadMode.Lease : ReadMode.Quorum;
                if (Node!.RequestReadIndex(context, mode) == Refusal.None)
                {
                    _reads.Add(context, call);
                }
                else
                {
                    _world.Answer(call, CallOutcome.Refused);
                }

                return;
        }
    }

    /// <summary>As the real host's: a lease by the local clock, and an entry of the own term applied.</summary>
    private bool HoldsLease => IsLeader && Applied.Last.Term == Node!.Term && LocalTime < _leaseEnd;

    private void Propose(Call call)
    {
        ProposeResult result = Node!.Propose(CommandOf(call).Encode());
        if (!result.IsAccepted)
        {
            _world.Answer(call, CallOutcome.Refused);
            return;
        }

        if (_bug == Bug.AcknowledgeBeforeCommit)
        {
            _world.Answer(call, CallOutcome.Succeeded);
            _world.Checker.Answered(Id, call, result.First.Index.Value, succeeded: true);
            return;
        }

        _placed.Enqueue(new Placed(result.First, call));
    }

    private Placed[] TakePlaced(ReadOnlySpan<RaftEntry> committed)
    {
        List<Placed> taken = [];
        foreach (RaftEntry entry in committed)
        {
            while (_bug == Bug.IgnoreTermOfProposal && _placed.TryPeek(out Placed old) && old.Place.Index < entry.Index)
            {
                _placed.Dequeue();
            }

            if (_placed.TryPeek(out Placed placed)
                && (placed.Place == entry.Id || (_bug == Bug.IgnoreTermOfProposal && placed.Place.Index == entry.Index)))
            {
                taken.Add(_placed.Dequeue());
            }
        }

        return [.. taken];
    }

    private void ApplyEntries(Applying applying)
    {
        AppliedState applied = Applied;
        int placed = 0;
        List<(Call Call, CommandResult? Result, ulong Index)> answers = [];
        int rounds = _bug == Bug.ApplyTwice && _random.Next(20) == 0 ? 2 : 1;
        for (int round = 0; round < rounds; round++)
        {
            foreach (RaftEntry entry in applying.Entries.Span)
            {
                StateCommand? command = entry.Type == EntryType.Command && !entry.Data.IsEmpty ? StateCommand.Decode(entry.Data.Span) : null;
                CommandResult? result = null;
                if (command is null)
                {
                    _store.Skip(entry.Index.Value);
                }
                else
                {
                    result = _store.Apply(entry.Index.Value, command);
                }

                _world.Checker.Applied(Id, entry, command, result);
                if (entry.Type == EntryType.Configuration && RaftConfiguration.TryDecode(entry.Data, out RaftConfiguration? configuration, out _))
                {
                    applied = applied with { Configuration = configuration, ConfigurationIndex = entry.Index };
                }

                if (placed < applying.Placed.Length && applying.Placed[placed].Place.Index == entry.Index)
                {
                    answers.Add((applying.Placed[placed++].Call, result, entry.Index.Value));
                }
            }
        }

        _store.Publish();
        Applied = applied with { Last = applying.Entries.Span[^1].Id };
        foreach ((Call call, CommandResult? result, ulong index) in answers)
        {
            bool? succeeded = result?.Refused is not null ? null : result?.Succeeded ?? true;
            _world.Checker.Answered(Id, call, index, succeeded);
            _world.Answer(call, succeeded == true ? CallOutcome.Succeeded : CallOutcome.Lost);
        }
    }

    private void Load(SnapshotMeta meta)
    {
        var reader = new State.Snapshots.SnapshotReader();
        using (ISnapshotReader file = _storage!.Snapshots.Open(meta))
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
            long offset = 0;
            for (int read = file.Read(offset, buffer); read > 0; read = file.Read(offset, buffer))
            {
                reader.Feed(buffer.AsSpan(0, read));
                offset += read;
            }

            ArrayPool<byte>.Shared.Return(buffer);
        }

        _store.Replace(reader.Finish(), meta.Last.Index.Value);
        Applied = new AppliedState(meta.Last, meta.Configuration, meta.ConfigurationIndex);
    }

    private void AnswerRead(ReadState read)
    {
        if (!_reads.Remove(read.Context, out Call? call))
        {
            return;
        }

        if (read.Refusal != Refusal.None)
        {
            _world.Coverage.Hit("read refused: leadership moved");
            _world.Answer(call, CallOutcome.Refused);
        }
        else if (Applied.Last.Index >= read.Index || _bug == Bug.ReadBeforeApplied)
        {
            AnswerFromState(call, mustBeFresh: true);
        }
        else
        {
            _world.Coverage.Hit("read waits for its index");
            _waitingForIndex.Add((read.Index.Value, call));
        }
    }

    private void AnswerWaiting()
    {
        for (int i = 0; i < _waitingForIndex.Count; i++)
        {
            if (_waitingForIndex[i].Index <= Applied.Last.Index.Value)
            {
                Call call = _waitingForIndex[i].Call;
                _waitingForIndex.RemoveAt(i--);
                AnswerFromState(call, mustBeFresh: true);
            }
        }
    }

    private void AnswerFromState(Call call, bool mustBeFresh)
    {
        StateSnapshot state = State;
        _world.Checker.Read(Id, call, call.Key, state, mustBeFresh && (call.Kind != CallKind.ReadDefault || IsLeaseSafe));
        if (call.Kind == CallKind.ReadPair)
        {
            KeyVersion? first = call.Seen;
            _world.Checker.Read(Id, call, PairOf(call.Key), state, mustBeFresh);
            Checking.SimulationViolationException.Require(
                first?.Value == call.Seen?.Value, $"a transaction was seen in part: {call.Key} is {first?.Value}, {PairOf(call.Key)} is {call.Seen?.Value}");
            call.Seen = first;
        }

        _world.Answer(call, CallOutcome.Succeeded);
    }

    /// <summary>Whether clocks keep the bound that default reads rest on.</summary>
    public bool IsLeaseSafe { get; init; } = true;

    public static string PairOf(string key) => key + "'";

    private static StateCommand CommandOf(Call call) => call.Kind switch
    {
        CallKind.Register => new RegisterCommand { Node = new NodeRecord { Node = NodeName, Address = "10.0.0.1" } },
        CallKind.Put => new KvCommand(KvVerb.Set, EntryOf(call, call.Key)),
        CallKind.CompareAndSet => new KvCommand(KvVerb.Cas, EntryOf(call, call.Key)),
        CallKind.Delete => new KvCommand(KvVerb.Delete, EntryOf(call, call.Key)),
        CallKind.DeleteIfUnchanged => new KvCommand(KvVerb.DeleteCas, EntryOf(call, call.Key)),
        CallKind.Acquire => new KvCommand(KvVerb.Lock, EntryOf(call, call.Key)),
        CallKind.Release => new KvCommand(KvVerb.Unlock, EntryOf(call, call.Key)),
        CallKind.PutPair => new TxnCommand([new TxnKvOperation(KvVerb.Set, EntryOf(call, call.Key)), new TxnKvOperation(KvVerb.Set, EntryOf(call, PairOf(call.Key)))]),
        CallKind.SessionCreate => new SessionCommand(Destroy: false, new SessionRecord { Id = call.Session, Node = NodeName }),
        CallKind.SessionDestroy => new SessionCommand(Destroy: true, new SessionRecord { Id = call.Session, Node = NodeName }),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static KvRecord EntryOf(Call call, string key) =>
        new() { Key = key, Value = Encoding.UTF8.GetBytes(call.Value), ModifyIndex = call.ExpectedIndex, Session = call.Session };

    private readonly record struct Placed(EntryId Place, Call Call);

    private readonly record struct Applying(SnapshotMeta? Snapshot, ReadOnlyMemory<RaftEntry> Entries, Placed[] Placed);
}
