namespace K8sConsul.Histories.Tests;

/// <summary>
/// Histories out of a seed: a store that is in order, called by a few clients at once, and at will some answers that it did not give.
/// </summary>
internal sealed class RandomHistory(int seed)
{
    private static readonly OperationKind[] Kinds = Enum.GetValues<OperationKind>();

    /// <summary>As often as people do it: of ten calls four read, three write, one deletes.</summary>
    private static readonly OperationKind[] Usual =
    [
        OperationKind.Read, OperationKind.Read, OperationKind.Read, OperationKind.Read, OperationKind.Write, OperationKind.Write,
        OperationKind.Write, OperationKind.CompareAndSet, OperationKind.CompareAndSet, OperationKind.Delete,
    ];

    private readonly Random _random = new(seed);
    private readonly List<Operation> _history = [];
    private readonly Dictionary<int, ulong> _lastRead = [];
    private int _gap = 3;
    private ulong _index = 1;
    private (bool There, string Value, string Holder, ulong Locks, ulong Index) _entry = (false, string.Empty, string.Empty, 0, 0);

    public static List<Operation> Small(int seed, int operations, bool isWrong)
    {
        var made = new RandomHistory(seed);
        made.Run(clients: 3, operations, values: 3, kinds: Kinds, unknownPercent: 15);
        if (isWrong)
        {
            made.Spoil();
        }

        return made._history;
    }

    public static List<Operation> Large(int seed, int operations, int clients, bool withDeletes = true)
    {
        var made = new RandomHistory(seed) { _gap = 20 };
        made.Run(clients, operations, values: int.MaxValue, withDeletes ? Usual : Usual[..^1], unknownPercent: 2);
        return made._history;
    }

    /// <summary>Every call takes effect at one moment between its beginning and its end, which are drawn around that moment.</summary>
    private void Run(int clients, int operations, int values, OperationKind[] kinds, int unknownPercent)
    {
        long[] free = new long[clients];
        var ended = new HashSet<string>(StringComparer.Ordinal);
        for (int n = 0; n < operations; n++)
        {
            long moment = 10L * (n + 1);
            int client = _random.Next(clients);
            long from = Math.Max(free[client], moment - _random.Next(10 * clients));
            if (from > moment)
            {
                continue;
            }

            long to = moment + _random.Next(10 * clients);
            free[client] = to + 1;
            string session = _random.Next(2) == 0 ? "s" : "t";
            OperationKind kind = kinds[_random.Next(kinds.Length)];
            bool isEnd = kind == OperationKind.DestroySession;
            if (isEnd ? !ended.Add(session) : kind == OperationKind.Acquire && ended.Contains(session))
            {
                continue;
            }

            string value = values == int.MaxValue ? "v" + n : ((char)('a' + _random.Next(values))).ToString();
            var call = new Operation
            {
                Client = client, Key = isEnd ? string.Empty : "k", Kind = kind, Invoked = from, Returned = to, Value = value, Session = session,
                ExpectedIndex = _random.Next(4) == 0 ? 0 : values == int.MaxValue ? _lastRead.GetValueOrDefault(client) : AnyIndex(),
            };
            if (kind != OperationKind.Read && _random.Next(100) < unknownPercent)
            {
                _ = _random.Next(2) == 0 ? call : Answer(call);
                _history.Add(Calls.Unknown(call));
                continue;
            }

            _history.Add(Answer(call));
        }
    }

    private ulong AnyIndex() => _random.Next(3) == 0 ? (ulong)_random.Next(6) : _entry.Index;

    private Operation Answer(Operation call)
    {
        var now = _entry;
        bool isHolder = now.Holder == call.Session;
        switch (call.Kind)
        {
            case OperationKind.Read:
                _lastRead[call.Client] = now.Index;
                return call with
                {
                    Value = null, Session = null, Exists = now.There, ReadValue = now.There ? now.Value : null, ReadSession = now.Holder,
                    LockIndex = now.Locks, ModifyIndex = now.There ? now.Index : 0,
                };
            case OperationKind.Write:
                return Set(call, true, (true, call.Value!, now.Holder, 0));
            case OperationKind.CompareAndSet:
                return Set(call, call.ExpectedIndex == 0 ? !now.There : now.There && now.Index == call.ExpectedIndex, (true, call.Value!, now.Holder, 0));
            case OperationKind.Delete:
                return Set(call, true, (false, string.Empty, string.Empty, 0));
            case OperationKind.DeleteIfUnchanged when now.There && now.Index != call.ExpectedIndex:
                return call with { Succeeded = false };
            case OperationKind.DeleteIfUnchanged:
                return Set(call, true, (false, string.Empty, string.Empty, 0));
            case OperationKind.Acquire:
                return Set(call, isHolder || now.Holder.Length == 0, (true, call.Value!, call.Session!, isHolder ? now.Locks : now.Locks + 1));
            case OperationKind.Release:
                return Set(call, isHolder, (true, call.Value!, string.Empty, now.Locks));
            default:
                return Set(call, true, isHolder ? (now.There, now.Value, string.Empty, now.Locks) : (now.There, now.Value, now.Holder, now.Locks));
        }
    }

    private Operation Set(Operation call, bool succeeds, (bool There, string Value, string Holder, ulong Locks) entry)
    {
        if (succeeds && entry != (_entry.There, _entry.Value, _entry.Holder, _entry.Locks))
        {
            _index += (ulong)_random.Next(1, _gap);
            _entry = (entry.There, entry.Value, entry.Holder, entry.Locks, entry.There ? _index : 0);
        }

        return call with { Succeeded = succeeds };
    }

    private void Spoil()
    {
        if (_history.Count == 0)
        {
            return;
        }

        int at = _random.Next(_history.Count);
        Operation o = _history[at];
        _history[at] = o.Kind == OperationKind.Read
            ? _random.Next(3) switch
            {
                0 => o with { Exists = !o.Exists, ReadValue = o.Exists ? null : "a", ModifyIndex = o.Exists ? 0 : _index, LockIndex = 0, ReadSession = null },
                1 => o with { ReadValue = o.Exists ? "b" : null },
                _ => o with { ModifyIndex = o.Exists ? o.ModifyIndex + 1 : 0 },
            }
            : o with { Succeeded = o.Succeeded is { } succeeded ? !succeeded : null };
    }
}
