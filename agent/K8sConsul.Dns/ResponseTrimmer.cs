namespace K8sConsul.Dns;

/// <summary>How a reply travels; sizes and counts are limited differently.</summary>
public enum DnsTransport
{
    Udp,
    Tcp,
}

/// <summary>
/// Cuts a reply down to what the transport carries, as Consul 1.8.7 does: authority records go first, then answers from the end,
/// and with each cut the additional records are reduced to one per remaining SRV target.
/// </summary>
/// <remarks>The OPT record is not counted, because Consul adds it after trimming; a reply may be longer than the limit by it.</remarks>
public static class ResponseTrimmer
{
    /// <summary>Most answers in a UDP reply to a client without (useful) EDNS, whatever <c>udp_answer_limit</c> says.</summary>
    public const int UdpAnswersMax = 8;

    /// <summary>Consul's bounds on answers over TCP; no more would fit.</summary>
    public const int TcpAnswersMax = 4096;

    /// <inheritdoc cref="TcpAnswersMax"/>
    public const int TcpSrvAnswersMax = 1024;

    // Consul leaves these octets of the limit free (for the UDP header, seemingly) when it checks whether a reply fits, though not
    // while it searches. Measured with a real 1.8.7: a reply of 517 octets without its OPT record needs a limit of 524.
    private const int UdpReserve = 7;

    // When the reply is longer by more than this, the right number of answers is searched for by halving.
    private const int HalvingExcessMin = 100;

    // A reply that leaves less room than this takes no further answer.
    private const int RoomMin = 10;

    /// <summary>Cuts the reply.</summary>
    /// <param name="response">The reply, complete but for its OPT record.</param>
    /// <param name="query">The query.</param>
    /// <param name="transport">UDP or TCP.</param>
    /// <param name="udpAnswerLimit">Consul's <c>udp_answer_limit</c>, 0 or more.</param>
    /// <param name="scratch">Room to try lengths in: <see cref="DnsLimits.PointerOffsetEnd"/> octets or more.</param>
    /// <returns>Whether answers were cut off.</returns>
    public static bool Trim(DnsResponse response, in DnsQuery query, DnsTransport transport, int udpAnswerLimit, Span<byte> scratch)
    {
        ArgumentNullException.ThrowIfNull(response);
        return transport == DnsTransport.Udp
            ? TrimUdp(response, in query, udpAnswerLimit, scratch)
            : TrimTcp(response, in query, scratch);
    }

    private static bool TrimUdp(DnsResponse response, in DnsQuery query, int udpAnswerLimit, Span<byte> scratch)
    {
        int answers = response.Answers.Count;
        int lengthMax = query.UdpLengthMax;
        int answersMax = Math.Min(UdpAnswersMax, udpAnswerLimit);
        bool compress = response.IsCompressed;
        var glue = new GlueIndex(response);
        if (lengthMax == DnsLimits.PlainUdpLengthMax && answers > answersMax)
        {
            // Such a client may stand behind something that unpacks names, so the length is that without compression.
            compress = false;
            response.Answers.Truncate(answersMax);
            glue.Sync();
        }

        Fit(response, in query, lengthMax, UdpReserve, compress, ref glue, scratch);
        return response.Answers.Count < answers;
    }

    private static bool TrimTcp(DnsResponse response, in DnsQuery query, Span<byte> scratch)
    {
        int answersMax = query.Type == RRType.Srv ? TcpSrvAnswersMax : TcpAnswersMax;
        if (response.Answers.Count > answersMax)
        {
            response.Answers.Truncate(answersMax);
        }

        var glue = new GlueIndex(response);
        return Fit(response, in query, DnsLimits.TcpLengthMax, reserve: 0, response.IsCompressed, ref glue, scratch);
    }

    private static bool Fit(
        DnsResponse response,
        in DnsQuery query,
        int lengthMax,
        int reserve,
        bool compress,
        ref GlueIndex glue,
        Span<byte> scratch)
    {
        bool cut = false;
        while (response.Answers.Count > 1 && response.Measure(in query, scratch, compress) > lengthMax - reserve)
        {
            cut = true;
            response.Authority.Clear();
            if (response.Measure(in query, scratch, compress) - lengthMax > HalvingExcessMin)
            {
                Halve(response, in query, lengthMax, compress, ref glue, scratch);
            }
            else
            {
                response.Answers.Truncate(response.Answers.Count - 1);
            }

            glue.Sync();
        }

        return cut;
    }

    private static void Halve(
        DnsResponse response,
        in DnsQuery query,
        int lengthMax,
        bool compress,
        ref GlueIndex glue,
        Span<byte> scratch)
    {
        int all = response.Answers.Count;
        int fitting = 0;
        int tooMany = all + 1;
        while (tooMany - fitting > 1)
        {
            int middle = fitting + ((tooMany - fitting) / 2);
            response.Answers.Restore(middle);
            glue.Sync();
            int length = response.Measure(in query, scratch, compress);
            if (length > lengthMax)
            {
                tooMany = middle;
                continue;
            }

            fitting = middle;
            if (lengthMax - length < RoomMin)
            {
                break;
            }
        }

        response.Answers.Restore(fitting);
    }
}
