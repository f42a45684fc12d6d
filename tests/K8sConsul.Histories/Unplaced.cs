namespace K8sConsul.Histories;

/// <summary>
/// Which operations have no place in the order yet: two lists by the time of the call, from which they are taken and to which they
/// return in the opposite order. The second holds what need not be placed and was not seen by a read: a long run leaves many of
/// these behind, and few are ever needed.
/// </summary>
internal sealed class Unplaced
{
    private readonly KeyHistory _history;
    private readonly Visited _visited;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly bool[] _placed;
    private readonly int[] _rankByObserved;
    private readonly int[] _optionalNumber;
    private readonly ulong[] _used;
    private readonly int _end;
    private readonly int _endOfUnseen;
    private readonly int[] _readersOf;
    private readonly int[] _writersOf;
    private int _leastObserver;

    public Unplaced(KeyHistory history, Visited visited)
    {
        _history = history;
        _visited = visited;
        _end = history.Operations.Length;
        _endOfUnseen = _end + 1;
        _next = new int[_end + 2];
        _previous = new int[_end + 2];
        Link(_end, Enumerable.Range(0, _end).Where(i => !IsUnseen(i)));
        Link(_endOfUnseen, Enumerable.Range(0, _end).Where(IsUnseen));
        _placed = new bool[_end];
        _readersOf = Counts(history.ReadValue);
        _writersOf = Counts(history.WrittenValue);
        _rankByObserved = new int[_end];
        for (int rank = 0; rank < history.ByObserved.Length; rank++)
        {
            _rankByObserved[history.ByObserved[rank]] = rank;
        }

        int optional = 0;
        _optionalNumber = [.. history.IsOptional.Select(o => o ? optional++ : -1)];
        _used = new ulong[(optional + 63) / 64];
        Mandatory = _end - optional;
    }

    /// <summary>How many are left that must be placed.</summary>
    public int Mandatory { get; private set; }

    /// <summary>Identifies the set of those placed that had to be.</summary>
    public (ulong High, ulong Low) PlacedMandatory { get; private set; }

    /// <summary>Those placed that had not to be, one bit each.</summary>
    public ulong[] UsedOptional => _used;

    /// <summary>The lowest index that an operation without a place has seen; nothing may make the index higher before it has one.</summary>
    public ulong LeastObserved
    {
        get
        {
            int[] byObserved = _history.ByObserved;
            while (_leastObserver < byObserved.Length && _placed[byObserved[_leastObserver]])
            {
                _leastObserver++;
            }

            return _leastObserver < byObserved.Length ? _history.Observed[byObserved[_leastObserver]] : ulong.MaxValue;
        }
    }

    /// <summary>Somebody has yet to read it and nobody can write it any more: it must not go.</summary>
    public bool IsLastChanceOf(int value) => _readersOf[value] > 0 && _writersOf[value] == 0;

    public bool IsPlaced(int operation) => _placed[operation];

    /// <summary>Those that may come next, called before any other was done that has no place; without the unseen.</summary>
    public IEnumerable<int> Next()
    {
        long firstReturn = long.MaxValue;
        for (int at = _next[_end]; at != _end && _history.Operations[at].Invoked <= firstReturn; at = _next[at])
        {
            yield return at;
            if (!_placed[at])
            {
                firstReturn = Math.Min(firstReturn, _history.Returned[at]);
            }
        }
    }

    /// <summary>Those of the unseen that may come next.</summary>
    public IEnumerable<int> NextUnseen()
    {
        long firstReturn = Next().Select(i => _history.Returned[i]).DefaultIfEmpty(long.MaxValue).Min();
        for (int at = _next[_endOfUnseen]; at != _endOfUnseen && _history.Operations[at].Invoked <= firstReturn; at = _next[at])
        {
            yield return at;
        }
    }

    public void Take(int operation)
    {
        _next[_previous[operation]] = _next[operation];
        _previous[_next[operation]] = _previous[operation];
        Mark(operation, placed: true);
    }

    public void Return(int operation)
    {
        _next[_previous[operation]] = operation;
        _previous[_next[operation]] = operation;
        Mark(operation, placed: false);
        if (_history.Observed[operation] != 0)
        {
            _leastObserver = Math.Min(_leastObserver, _rankByObserved[operation]);
        }
    }

    private int[] Counts(int[] values)
    {
        int[] counts = new int[_history.Values];
        foreach (int value in values.Where(v => v >= 0))
        {
            counts[value]++;
        }

        return counts;
    }

    private bool IsUnseen(int operation) => _history.IsOptional[operation] && _history.Guess[operation] == 0;

    private void Link(int end, IEnumerable<int> operations)
    {
        int last = end;
        foreach (int operation in operations)
        {
            _next[last] = operation;
            _previous[operation] = last;
            last = operation;
        }

        _next[last] = end;
        _previous[end] = last;
    }

    private void Mark(int operation, bool placed)
    {
        _placed[operation] = placed;
        int change = placed ? -1 : 1;
        if (_history.ReadValue[operation] is >= 0 and var read)
        {
            _readersOf[read] += change;
        }

        if (_history.WrittenValue[operation] is >= 0 and var written)
        {
            _writersOf[written] += change;
        }

        int optional = _optionalNumber[operation];
        if (optional >= 0)
        {
            _used[optional / 64] ^= 1UL << (optional % 64);
            return;
        }

        Mandatory += change;
        PlacedMandatory = _visited.Toggle(PlacedMandatory, operation);
    }
}
