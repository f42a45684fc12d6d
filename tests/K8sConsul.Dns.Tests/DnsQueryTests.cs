namespace K8sConsul.Dns.Tests;

/// <summary>Which messages are taken for queries. The expected verdicts are the answers of a real Consul 1.8.7.</summary>
public sealed class DnsQueryTests
{
    private const string Question = "036d3031 046e6f6465 06636f6e73756c 00 0001 0001";

    private static QueryVerdict Verdict(string hex) => DnsQuery.Read(Hex.Bytes(hex), new byte[DnsLimits.NameLengthMax], out _);

    [Theory]
    [InlineData("1234 0100 0001 0000 0000 0000 " + Question, QueryVerdict.Answer)]
    [InlineData("1234 0100 0001 0000 0000 0000 " + Question + " 616263", QueryVerdict.Answer)] // left over
    [InlineData("1234 2100 0001 0000 0000 0000 " + Question, QueryVerdict.Answer)] // NOTIFY
    [InlineData("1234 8100 0001 0000 0000 0000 " + Question, QueryVerdict.Ignore)] // a reply
    [InlineData("1234 0100 0001 0000 0000", QueryVerdict.Ignore)]
    [InlineData("", QueryVerdict.Ignore)]
    [InlineData("1234 2900 0001 0000 0000 0000 " + Question, QueryVerdict.NotImplemented)] // UPDATE
    [InlineData("1234 1100 0001 0000 0000 0000 " + Question, QueryVerdict.NotImplemented)] // STATUS
    [InlineData("1234 0100 0000 0000 0000 0000", QueryVerdict.FormatError)]
    [InlineData("1234 0100 0002 0000 0000 0000 " + Question + Question, QueryVerdict.FormatError)]
    [InlineData("1234 0100 0001 0001 0000 0000 " + Question, QueryVerdict.Answer)]
    [InlineData("1234 0100 0001 0002 0000 0000 " + Question, QueryVerdict.FormatError)]
    [InlineData("1234 0100 0001 0000 0001 0000 " + Question, QueryVerdict.Answer)]
    [InlineData("1234 0100 0001 0000 0002 0000 " + Question, QueryVerdict.FormatError)]
    [InlineData("1234 0100 0001 0000 0000 0001 " + Question, QueryVerdict.Answer)]
    [InlineData("1234 0100 0001 0000 0000 0003 " + Question, QueryVerdict.FormatError)]
    [InlineData("1234 0100 0001 0000 0000 0000", QueryVerdict.NoQuestion)]
    [InlineData("1234 0100 0001 0000 0000 0000 03", QueryVerdict.FormatError)]
    [InlineData("1234 0100 0001 0000 0000 0000 036d3031 046e6f6465 06636f6e73756c 00", QueryVerdict.Answer)] // no type
    [InlineData("1234 0100 0001 0000 0000 0000 036d3031 046e6f6465 06636f6e73756c 00 00", QueryVerdict.FormatError)]
    [InlineData("1234 0100 0001 0000 0000 0000 036d3031 046e6f6465 06636f6e73756c 00 0001 00", QueryVerdict.Answer)]
    [InlineData("1234 0100 0001 0000 0000 0001 " + Question + " 00 0029 04d0 00000000 0000", QueryVerdict.Answer)]
    [InlineData("1234 0100 0001 0000 0000 0001 " + Question + " 00 0029 04d0 00000000 0001", QueryVerdict.FormatError)]
    [InlineData("1234 0100 0001 0000 0000 0001 " + Question + " 00 0029 04d0", QueryVerdict.FormatError)]
    public void Verdicts_are_those_of_Consul(string hex, QueryVerdict verdict) => Assert.Equal(verdict, Verdict(hex));

    /// <summary>Flags of the query, and of the header that a real Consul rejects it with.</summary>
    [Theory]
    [InlineData(0x0100, RCode.FormatError, 0x8101)]
    [InlineData(0x2100, RCode.FormatError, 0x8101)] // the opcode is dropped
    [InlineData(0x2900, RCode.NotImplemented, 0xa904)] // or kept
    [InlineData(0x07ff, RCode.FormatError, 0x83b1)] // neither AA nor the reserved bit nor the code
    public void Rejections_keep_the_clients_flags_as_Consul_does(int flags, RCode rcode, int expected)
        => Assert.Equal(expected, DnsHeader.Rejection(new DnsHeader(1, (ushort)flags, 1, 0, 0, 0), rcode).Flags);

    /// <summary>The option's data, and what a real Consul writes back for it ("" for FORMERR).</summary>
    [Theory]
    [InlineData("0001 18 00 010203", "0001 18 00 010203")]
    [InlineData("0001 18 05 010203", "0001 18 00 010203")]
    [InlineData("0001 21 00 01020304", "")]
    [InlineData("0001 18 00 01020304", "0001 18 00 010203")]
    [InlineData("0001 14 00 0102ff", "0001 14 00 0102f0")]
    [InlineData("0001 18 00 0102", "0001 18 00 010200")]
    [InlineData("0000 00 00", "0000 00 00")]
    [InlineData("0000 01 00", "")]
    [InlineData("0002 38 00 20010db8000000", "0002 38 00 20010db8000000")]
    [InlineData("0003 00 00", "")]
    [InlineData("0001 00 00", "0001 00 00")]
    [InlineData("0001", "")]
    public void Client_subnets_are_read_and_echoed_as_by_Consul(string data, string echoed)
    {
        byte[] option = Hex.Bytes(data);
        string opt = $"00 0029 04d0 00000000 {option.Length + 4:x4} 0008 {option.Length:x4} {data}";
        byte[] message = Hex.Bytes("1234 0100 0001 0000 0000 0001 " + Question + opt);
        QueryVerdict verdict = DnsQuery.Read(message, new byte[DnsLimits.NameLengthMax], out DnsQuery query);
        if (echoed.Length == 0)
        {
            Assert.Equal(QueryVerdict.FormatError, verdict);
            return;
        }

        Assert.Equal(QueryVerdict.Answer, verdict);
        Assert.True(query.HasSubnet);
        var response = new DnsResponse();
        response.Reset();
        byte[] reply = new byte[512];
        int length = response.Write(in query, reply);
        Assert.EndsWith(Hex.Of(Hex.Bytes(echoed)), Hex.Of(reply.AsSpan(0, length)), StringComparison.Ordinal);
    }

    [Fact]
    public void Subnets_scope_is_its_prefix_when_the_answer_is_for_it_alone()
    {
        byte[] message = Hex.Bytes("1234 0100 0001 0000 0000 0001 " + Question + "00 0029 04d0 00000000 000b 0008 0007 0001 18 00 010203");
        Assert.Equal(QueryVerdict.Answer, DnsQuery.Read(message, new byte[DnsLimits.NameLengthMax], out DnsQuery query));
        Assert.Equal("1.2.3.0", query.Subnet.ToAddress()!.ToString());
        var response = new DnsResponse();
        response.Reset();
        response.IsForSubnetOnly = true;
        byte[] reply = new byte[512];
        Assert.EndsWith("00080007 00011818 010203".Replace(" ", ""), Hex.Of(reply.AsSpan(0, response.Write(in query, reply))), StringComparison.Ordinal);
        response.RCode = RCode.NameError;
        Assert.EndsWith("00080007 00011800 010203".Replace(" ", ""), Hex.Of(reply.AsSpan(0, response.Write(in query, reply))), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_OPT_records_the_last_counts()
    {
        byte[] message = Hex.Bytes("1234 0100 0001 0000 0000 0002 " + Question + "00 0029 04d0 00000000 0000  00 0029 0258 00000000 0000");
        Assert.Equal(QueryVerdict.Answer, DnsQuery.Read(message, new byte[DnsLimits.NameLengthMax], out DnsQuery query));
        Assert.Equal(600, query.UdpSize);
        Assert.Equal(600, query.UdpLengthMax);
    }

    [Theory]
    [InlineData(0, 512)]
    [InlineData(300, 512)]
    [InlineData(512, 512)]
    [InlineData(1232, 1232)]
    [InlineData(65_535, 65_467)]
    public void Limit_is_the_clients_size_within_bounds(int size, int limit)
    {
        byte[] message = Hex.Bytes($"1234 0100 0001 0000 0000 0001 {Question} 00 0029 {size:x4} 00000000 0000");
        _ = DnsQuery.Read(message, new byte[DnsLimits.NameLengthMax], out DnsQuery query);
        Assert.Equal(limit, query.UdpLengthMax);
    }

    [Fact]
    public void Every_cut_and_every_changed_octet_gives_a_verdict()
    {
        byte[] whole = Hex.Bytes("1234 0100 0001 0000 0000 0001 " + Question + "00 0029 04d0 00000000 000b 0008 0007 0001 18 00 010203");
        byte[] scratch = new byte[DnsLimits.NameLengthMax];
        for (int length = 0; length <= whole.Length; length++)
        {
            QueryVerdict verdict = DnsQuery.Read(whole.AsSpan(0, length), scratch, out _);
            Assert.Equal(length < 12, verdict == QueryVerdict.Ignore);
        }

        var random = new Random(5);
        for (int round = 0; round < 100_000; round++)
        {
            byte[] changed = [.. whole];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            if (DnsQuery.Read(changed, scratch, out DnsQuery query) == QueryVerdict.Answer)
            {
                Assert.InRange(query.Name.Length, 1, DnsLimits.NameLengthMax);
            }
        }
    }
}
