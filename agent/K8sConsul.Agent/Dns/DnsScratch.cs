using K8sConsul.Dns;

namespace K8sConsul.Agent.Dns;

/// <summary>What answering one query needs room for, kept from query to query. Belongs to one query at a time.</summary>
internal sealed class DnsScratch(ulong seed)
{
    private int[] _order = new int[32];
    private SmallRandom _random = new(seed);

    public DnsResponse Response { get; } = new();

    /// <summary>Room to try the lengths of cut replies in; see <see cref="ResponseTrimmer"/>.</summary>
    public byte[] Trial { get; } = new byte[DnsLimits.PointerOffsetEnd];

    /// <summary>The numbers 0 to <paramref name="count"/> - 1, in a random order if wished. Valid until the next call.</summary>
    public ReadOnlySpan<int> Order(int count, bool isShuffled)
    {
        if (count > _order.Length)
        {
            _order = new int[Math.Max(count, _order.Length * 2)];
        }

        Span<int> order = _order.AsSpan(0, count);
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        // Fisher-Yates: every order is as likely as any other.
        for (int i = isShuffled ? count - 1 : 0; i > 0; i--)
        {
            int other = _random.Next(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }
}
