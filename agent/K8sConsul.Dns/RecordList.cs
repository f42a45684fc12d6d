namespace K8sConsul.Dns;

/// <summary>The records of one section: a list that keeps its room when it is emptied.</summary>
public sealed class RecordList
{
    private ResourceRecord[] _items = new ResourceRecord[16];

    public int Count { get; private set; }

    public ReadOnlySpan<ResourceRecord> Items => _items.AsSpan(0, Count);

    public ResourceRecord this[int index] => Items[index];

    public void Add(ResourceRecord record)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = record;
    }

    public void AddRange(ReadOnlySpan<ResourceRecord> records)
    {
        foreach (ResourceRecord record in records)
        {
            Add(record);
        }
    }

    /// <summary>Keeps the first records only.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
    }

    /// <summary>Takes records back that <see cref="Truncate"/> cut off and nothing has replaced.</summary>
    internal void Restore(int count) => Count = count;

    public void Clear()
    {
        // The room that one giant answer took is not kept for ever, nor are its records.
        const int RoomKept = 256;
        if (_items.Length > RoomKept)
        {
            _items = new ResourceRecord[RoomKept];
        }

        Count = 0;
    }
}
