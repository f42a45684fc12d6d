using K8sConsul.Raft;
using K8sConsul.Simulation.World;
using K8sConsul.State;
using K8sConsul.State.Commands;
using static K8sConsul.Simulation.Checking.SimulationViolationException;

namespace K8sConsul.Simulation.Checking;

/// <summary>
/// The properties of the Raft paper's figure 3 over all servers and all time, and what clients were promised: nothing acknowledged is lost,
/// a read sees what was acknowledged before it was asked, and every server computes the same.
/// </summary>
internal sealed class SafetyChecker(Coverage coverage)
{
    private readonly Dictionary<ulong, ServerId> _leaders = [];
    private readonly Dictionary<EntryId, (Term Before, int Hash)> _entries = [];

    /// <summary>By index, from 1: what was applied there and whether it took effect (null: refused).</summary>
    private readonly List<(EntryId Id, bool? Succeeded)> _applied = [(default, true)];

    /// <summary>By index: the bytes of a snapshot that ends there.</summary>
    private readonly Dictionary<ulong, uint> _snapshots = [];

    public KeyValueModel Model { get; } = new();

    /// <summary>The highest index that a client has an answer for.</summary>
    public ulong Acknowledged { get; private set; }

    public ulong LastApplied => (ulong)_applied.Count - 1;

    /// <summary>At most one leader per term; and it has everything that was ever applied anywhere, unless it is deposed and does not know.</summary>
    public void Leads(ServerId server, Term term, RaftNode node, IRaftLogReader log)
    {
        if (_leaders.TryGetValue(term.Value, out ServerId other))
        {
            Require(other == server, $"two leaders in term {term}: {other} and {server}");
            return;
        }

        _leaders.Add(term.Value, server);
        EntryId committed = _applied[^1].Id;

        // It may have been deposed before anybody looked: then its log says nothing about its election.
        if (committed.Term < term && node.Term == term)
        {
            Require(
                node.LastEntry.IsAtLeastAsUpToDateAs(committed),
                $"leader completeness: {server} leads term {node.Term} and ends with {node.LastEntry}, yet {committed} was committed");
            if (committed.Index > log.Start.Index && committed.Index <= log.Last.Index)
            {
                Require(
                    log.TermAt(committed.Index) == committed.Term,
                    $"leader completeness: {server} leads term {node.Term} and holds {log.TermAt(committed.Index)} at {committed}");
            }
        }
    }

    /// <summary>Log matching, by induction: an entry's id determines the entry and the term of the one before.</summary>
    public void Appended(ServerId server, RaftEntry entry, Term before)
    {
        (Term, int) shape = (before, HashOf(entry));
        if (!_entries.TryAdd(entry.Id, shape))
        {
            Require(_entries[entry.Id] == shape, $"log matching: {server} appended another entry {entry.Id}, or behind another one");
        }
    }

    /// <summary>State machine safety: one entry per index, one result, and the result that the model gives.</summary>
    public void Applied(ServerId server, RaftEntry entry, StateCommand? command, CommandResult? result)
    {
        bool? succeeded = result is null ? true : result.Refused is not null ? null : result.Succeeded;
        if (entry.Index.Value < (ulong)_applied.Count)
        {
            (EntryId id, bool? before) = _applied[(int)entry.Index.Value];
            Require(id == entry.Id, $"state machine safety: {server} applied {entry.Id} where {id} was applied");
            Require(before == succeeded, $"{server} computed '{Word(succeeded)}' for {entry.Id}, others '{Word(before)}'");
            return;
        }

        Require(entry.Index.Value == (ulong)_applied.Count, $"{server} applied {entry.Id}, {_applied.Count - 1} was the last before");
        bool? expected = command is null ? true : Model.Apply(entry.Index.Value, command);
        Require(expected == succeeded, $"{command?.GetType().Name} at {entry.Id} gave '{Word(succeeded)}' on {server}, '{Word(expected)}' was right");
        if (expected != true)
        {
            coverage.Hit(expected is null ? "command refused when applied" : "condition lost");
        }

        _applied.Add((entry.Id, succeeded));
    }

    /// <summary>A snapshot of an index has the same bytes wherever it is taken.</summary>
    public void Snapshot(ServerId server, SnapshotMeta meta)
    {
        if (!_snapshots.TryAdd(meta.Last.Index.Value, meta.Crc32C))
        {
            Require(_snapshots[meta.Last.Index.Value] == meta.Crc32C, $"{server} took another snapshot of {meta.Last} than others");
            coverage.Hit("two servers took the same snapshot");
        }
    }

    public void Installed(ServerId server, SnapshotMeta meta) =>
        Require(
            meta.Last.Index.Value < (ulong)_applied.Count && _applied[(int)meta.Last.Index.Value].Id == meta.Last,
            $"{server} loaded a snapshot of {meta.Last}, which was not applied anywhere");

    /// <summary>A client has its answer.</summary>
    public void Answered(ServerId server, Call call, ulong index, bool? succeeded)
    {
        Require(index < (ulong)_applied.Count, $"{server} answered {call} at {index}, which was not applied");
        Require(_applied[(int)index].Succeeded == succeeded, $"{server} answered '{Word(succeeded)}' to {call}, the log says '{Word(_applied[(int)index].Succeeded)}'");
        Acknowledged = Math.Max(Acknowledged, index);
    }

    /// <summary>What a read saw is what the log says at the index that it was answered from; and that is new enough.</summary>
    public void Read(ServerId server, Call call, string key, StateSnapshot state, bool mustBeFresh)
    {
        ulong index = state.AppliedIndex;
        (_, State.Records.KvRecord? record) = state.KvGet(key);
        KeyVersion? seen = record is null ? null : new KeyVersion(System.Text.Encoding.UTF8.GetString(record.Value), record.Session, record.ModifyIndex, record.LockIndex);
        KeyVersion? expected = Model.At(key, index);
        Require(seen == expected, $"{server} answered {call} with {seen?.ToString() ?? "nothing"} at {index}, the log says {expected?.ToString() ?? "nothing"}");
        Require(
            !mustBeFresh || index >= call.AcknowledgedBefore,
            $"stale answer: {server} answered {call} at {index}, {call.AcknowledgedBefore} was acknowledged before it was asked");
        call.Seen = seen;
    }

    private static int HashOf(RaftEntry entry)
    {
        HashCode hash = default;
        hash.Add(entry.Type);
        hash.AddBytes(entry.Data.Span);
        return hash.ToHashCode();
    }

    private static string Word(bool? succeeded) => succeeded switch { true => "done", false => "lost", null => "refused" };
}
