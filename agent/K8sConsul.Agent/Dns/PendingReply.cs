using System.Collections.Concurrent;
using K8sConsul.Dns;

namespace K8sConsul.Agent.Dns;

/// <summary>Room for a query that cannot be answered on the spot, and for its reply. Some 80 KiB, hence pooled and bounded.</summary>
internal sealed class PendingReply(ulong seed)
{
    public const int TcpPrefixLength = 2;

    public DnsScratch Scratch { get; } = new(seed);

    /// <summary>The reply behind the two octets that hold its length over TCP.</summary>
    public byte[] Framed { get; } = new byte[TcpPrefixLength + DnsLimits.MessageLengthMax];

    public Memory<byte> Reply => Framed.AsMemory(TcpPrefixLength);

    /// <summary>The query's octets; as long as the longest query met with it.</summary>
    public byte[] Query { get; private set; } = new byte[512];

    public int QueryLength { get; private set; }

    public ReadOnlyMemory<byte> Message => Query.AsMemory(0, QueryLength);

    public void SetQuery(ReadOnlySpan<byte> query) => query.CopyTo(RoomFor(query.Length).Span);

    /// <summary>Room to read a query of this length into.</summary>
    public Memory<byte> RoomFor(int length)
    {
        if (length > Query.Length)
        {
            Query = new byte[length];
        }

        QueryLength = length;
        return Query.AsMemory(0, length);
    }
}

/// <summary>Lends <see cref="PendingReply"/>s, so many at a time and no more: what comes on top is refused.</summary>
internal sealed class PendingReplyPool(int lentMax, ulong seed)
{
    // Returned ones that are kept for the next query; the rest is left to the garbage collector.
    private const int IdleMax = 16;

    private readonly ConcurrentQueue<PendingReply> _idle = new();
    private int _lent;
    private ulong _made = seed;

    public PendingReply? TryRent()
    {
        if (Interlocked.Increment(ref _lent) > lentMax)
        {
            Interlocked.Decrement(ref _lent);
            return null;
        }

        return _idle.TryDequeue(out PendingReply? idle) ? idle : new PendingReply(Interlocked.Increment(ref _made));
    }

    public void Return(PendingReply pending)
    {
        if (_idle.Count < IdleMax)
        {
            _idle.Enqueue(pending);
        }

        Interlocked.Decrement(ref _lent);
    }
}
