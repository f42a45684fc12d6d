using System.Text.Json;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.State.Tests.Model;

/// <summary>
/// The slow and obvious state: dictionaries that are searched from end to end and copied whole for every command. It
/// knows records and their indexes, but neither watches nor the index table: what those owe to readers follows from
/// comparing the results before and after.
/// </summary>
internal sealed partial class ModelState
{
    private static readonly TimeSpan _lockDelayMax = TimeSpan.FromMinutes(1);

    private ulong _index;

    public Dictionary<string, NodeRecord> Nodes { get; private init; } = [];

    public Dictionary<(string Node, string Id), ServiceRecord> Services { get; private init; } = [];

    public Dictionary<(string Node, string Id), CheckRecord> Checks { get; private init; } = [];

    public Dictionary<string, KvRecord> Kv { get; private init; } = [];

    public Dictionary<string, ulong> Tombstones { get; private init; } = [];

    public Dictionary<string, SessionRecord> Sessions { get; private init; } = [];

    public Dictionary<(string Node, string Segment), CoordinateRecord> Coordinates { get; private init; } = [];

    public List<string> DelayedKeys { get; } = [];

    /// <summary>What the command gives: the state after it, or the same state when it is refused.</summary>
    public (ModelState After, ModelOutcome Outcome) Apply(ulong index, StateCommand command)
    {
        ModelState after = Copy(index);
        ModelOutcome outcome = after.Run(command);
        return outcome.Failed ? (Copy(_index), outcome) : (after, outcome with { DelayedKeys = [.. after.DelayedKeys.Order(StringComparer.Ordinal)] });
    }

    /// <summary>Everything a reader could see, as text.</summary>
    public string Dump() => string.Join(
        '\n',
        Nodes.Values.Select(Text)
            .Concat(Services.Values.Select(Text)).Concat(Checks.Values.Select(Text)).Concat(Kv.Values.Select(Text))
            .Concat(Tombstones.Select(Text)).Concat(Sessions.Values.Select(Text)).Concat(Coordinates.Values.Select(Text))
            .Order(StringComparer.Ordinal));

    public static string Text<T>(T value) => JsonSerializer.Serialize(value);

    private static string Fold(string name) => name.ToLowerInvariant();

    private static bool SameName(string left, string right) => Fold(left) == Fold(right);

    private ModelState Copy(ulong index) => new()
    {
        _index = index,
        Nodes = new(Nodes),
        Services = new(Services),
        Checks = new(Checks),
        Kv = new(Kv),
        Tombstones = new(Tombstones),
        Sessions = new(Sessions),
        Coordinates = new(Coordinates),
    };

    private ModelOutcome Run(StateCommand command)
    {
        switch (command)
        {
            case RegisterCommand register:
                return ModelOutcome.Of(Register(register));
            case DeregisterCommand deregister:
                Deregister(deregister);
                return ModelOutcome.Done;
            case SessionCommand { Destroy: true } session:
                EndSession(Fold(session.Session.Id));
                return ModelOutcome.Done;
            case SessionCommand session:
                return ModelOutcome.Of(CreateSession(session.Session));
            case KvCommand kv:
                return RunKv(kv.Verb, kv.Entry);
            case TombstoneCommand tombstone:
                foreach (string key in Tombstones.Where(entry => entry.Value <= tombstone.ReapIndex).Select(entry => entry.Key).ToList())
                {
                    Tombstones.Remove(key);
                }

                return ModelOutcome.Done;
            case CoordinateCommand coordinates:
                foreach (CoordinateRecord update in coordinates.Updates.Where(update => Nodes.ContainsKey(Fold(update.Node))))
                {
                    Coordinates[(Fold(update.Node), Fold(update.Segment))] = update;
                }

                return ModelOutcome.Done;
            case TxnCommand txn:
                bool[] failed = [.. txn.Operations.Select(operation => !RunOperation(operation))];
                return ModelOutcome.Done with { FailedOperations = [.. Enumerable.Range(0, failed.Length).Where(i => failed[i])] };
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}

/// <summary>What a command reports, as far as the model says it: texts are a matter of the table tests.</summary>
internal sealed record ModelOutcome
{
    public static readonly ModelOutcome Done = new() { Succeeded = true };

    public static readonly ModelOutcome Lost = new();

    public bool Succeeded { get; init; }

    public bool Refused { get; init; }

    public IReadOnlyList<int> FailedOperations { get; init; } = [];

    public IReadOnlyList<string> DelayedKeys { get; init; } = [];

    public bool Failed => Refused || FailedOperations.Count > 0;

    public static ModelOutcome Of(bool done) => done ? Done : new ModelOutcome { Refused = true };
}
