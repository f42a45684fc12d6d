namespace K8sConsul.Gossip;

/// <summary>
/// Broadcasts waiting to ride on packets. Each goes out a limited number of times; what has gone out least goes first, longer
/// before shorter, newer before older.
/// </summary>
/// <param name="retransmitMult">See <see cref="GossipOptions.RetransmitMult"/>.</param>
/// <param name="nodeCount">Members to reach, asked each time.</param>
internal sealed class TransmitQueue(int retransmitMult, Func<int> nodeCount)
{
    private readonly SortedSet<Broadcast> _ordered = new(BroadcastOrder.Instance);
    private readonly Dictionary<string, Broadcast> _named = new(StringComparer.Ordinal);
    private long _nextId;

    public int Count => _ordered.Count;

    /// <summary>Transmissions after which practically every member has heard of it.</summary>
    public static int RetransmitLimit(int retransmitMult, int nodeCount) =>
        retransmitMult * (int)Math.Ceiling(Math.Log10(nodeCount + 1));

    /// <summary>Adds a message.</summary>
    /// <param name="name">Replaces an earlier broadcast of this name, which is thereby out of date; null for none.</param>
    /// <param name="message">Not changed afterwards.</param>
    /// <param name="finished">Called when it has gone out often enough, or was replaced or dropped.</param>
    public void Queue(string? name, byte[] message, Action? finished = null)
    {
        var broadcast = new Broadcast(_nextId++, name, message, finished);
        if (name is not null && _named.Remove(name, out Broadcast? old))
        {
            _ordered.Remove(old);
            old.Finished?.Invoke();
        }

        Add(broadcast);
    }

    /// <summary>Takes messages that fit together into <paramref name="bytesMax"/>.</summary>
    /// <param name="overheadBytes">Cost of each besides its own bytes.</param>
    /// <param name="bytesMax">Space.</param>
    /// <param name="taken">Appended to.</param>
    /// <returns>Bytes used, overheads included.</returns>
    public int Take(int overheadBytes, int bytesMax, List<byte[]> taken)
    {
        if (_ordered.Count == 0)
        {
            return 0;
        }

        int limit = RetransmitLimit(retransmitMult, nodeCount());
        int used = 0;
        int transmitsMax = _ordered.Max!.Transmits;
        var again = new List<Broadcast>();
        for (int transmits = _ordered.Min!.Transmits; transmits <= transmitsMax;)
        {
            int free = bytesMax - used - overheadBytes;
            if (free <= 0)
            {
                break;
            }

            if (FirstFitting(transmits, free) is not { } broadcast)
            {
                transmits++;
                continue;
            }

            used += overheadBytes + broadcast.Message.Length;
            taken.Add(broadcast.Message);
            Remove(broadcast);
            if (broadcast.Transmits + 1 >= limit)
            {
                broadcast.Finished?.Invoke();
            }
            else
            {
                // Put back only after the walk, or this very walk would take it again from the next tier.
                again.Add(broadcast);
            }
        }

        foreach (Broadcast broadcast in again)
        {
            broadcast.Transmits++;
            AddBack(broadcast);
        }

        return used;
    }

    /// <summary>Drops what has gone out most, oldest first, until no more than <paramref name="countMax"/> are left.</summary>
    public void Prune(int countMax)
    {
        while (_ordered.Count > countMax)
        {
            Broadcast last = _ordered.Max!;
            Remove(last);
            last.Finished?.Invoke();
        }
    }

    private Broadcast? FirstFitting(int transmits, int bytesMax)
    {
        Broadcast lower = Broadcast.Probe(transmits, bytesMax);
        Broadcast upper = Broadcast.Probe(transmits + 1, int.MaxValue);
        return _ordered.GetViewBetween(lower, upper).Min;
    }

    private void AddBack(Broadcast broadcast)
    {
        // A finished callback may have queued a newer message of this name meanwhile.
        if (broadcast.Name is not null && _named.ContainsKey(broadcast.Name))
        {
            broadcast.Finished?.Invoke();
            return;
        }

        Add(broadcast);
    }

    private void Add(Broadcast broadcast)
    {
        _ordered.Add(broadcast);
        if (broadcast.Name is not null)
        {
            _named[broadcast.Name] = broadcast;
        }
    }

    private void Remove(Broadcast broadcast)
    {
        _ordered.Remove(broadcast);
        if (broadcast.Name is not null)
        {
            _named.Remove(broadcast.Name);
        }
    }

    private sealed class Broadcast(long id, string? name, byte[] message, Action? finished)
    {
        private int? _probeLength;

        public long Id { get; } = id;

        public string? Name { get; } = name;

        public byte[] Message { get; } = message;

        public Action? Finished { get; } = finished;

        public int Transmits { get; set; }

        public int Length => _probeLength ?? Message.Length;

        /// <summary>Stands before every broadcast of this tier with at most this length.</summary>
        public static Broadcast Probe(int transmits, int length) =>
            new(long.MaxValue, null, [], null) { Transmits = transmits, _probeLength = length };
    }

    private sealed class BroadcastOrder : IComparer<Broadcast>
    {
        public static readonly BroadcastOrder Instance = new();

        public int Compare(Broadcast? x, Broadcast? y)
        {
            int byTransmits = x!.Transmits.CompareTo(y!.Transmits);
            if (byTransmits != 0)
            {
                return byTransmits;
            }

            int byLength = y.Length.CompareTo(x.Length);
            return byLength != 0 ? byLength : y.Id.CompareTo(x.Id);
        }
    }
}
