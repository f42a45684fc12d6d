namespace K8sConsul.Raft;

/// <summary>Contiguous entries in a growing ring: appended and cut at the end, dropped at the front, found by index.</summary>
internal sealed class EntryRing
{
    private const int InitialCapacity = 16;

    private RaftEntry?[] _items = new RaftEntry?[InitialCapacity];
    private int _head;

    /// <summary>Index of the first entry held, or of the first that will be.</summary>
    public LogIndex First { get; private set; } = new(1);

    public int Count { get; private set; }

    /// <summary>Sum of <see cref="RaftEntry.SizeBytes"/>.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>One behind the last entry.</summary>
    public LogIndex End => First + (ulong)Count;

    public RaftEntry this[LogIndex index] => _items[Slot((int)(index - First))]!;

    public void Add(RaftEntry entry)
    {
        Invariant.Require(entry.Index == End, $"entry {entry.Id} does not follow {End.Value - 1}");
        if (Count == _items.Length)
        {
            Grow();
        }

        _items[Slot(Count)] = entry;
        Count++;
        SizeBytes += entry.SizeBytes;
    }

    /// <summary>Drops the entries at and behind <paramref name="index"/>.</summary>
    public void TruncateFrom(LogIndex index)
    {
        while (Count > 0 && End > index)
        {
            Count--;
            Forget(Slot(Count));
        }
    }

    public void DropFirst()
    {
        Forget(_head);
        _head = (_head + 1) & (_items.Length - 1);
        Count--;
        First = First.Next;
    }

    public void Clear(LogIndex first)
    {
        TruncateFrom(First);
        First = first;
    }

    public void CopyTo(LogIndex from, Span<RaftEntry> into)
    {
        int start = (int)(from - First);
        for (int i = 0; i < into.Length; i++)
        {
            into[i] = _items[Slot(start + i)]!;
        }
    }

    private void Forget(int slot)
    {
        SizeBytes -= _items[slot]!.SizeBytes;
        _items[slot] = null;
    }

    // The capacity is a power of two.
    private int Slot(int position) => (_head + position) & (_items.Length - 1);

    private void Grow()
    {
        RaftEntry?[] larger = new RaftEntry?[_items.Length * 2];
        for (int i = 0; i < Count; i++)
        {
            larger[i] = _items[Slot(i)];
        }

        _items = larger;
        _head = 0;
    }
}
