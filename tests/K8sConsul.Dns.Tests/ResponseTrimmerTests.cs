using System.Net;

namespace K8sConsul.Dns.Tests;

/// <summary>How replies are cut. The expected counts are a real Consul's for the same data (see also the agent's conformance tests).</summary>
public sealed class ResponseTrimmerTests
{
    private static readonly byte[] s_scratch = new byte[DnsLimits.PointerOffsetEnd];

    /// <summary>Trims a reply to <c>many.service.consul</c> with this many instances.</summary>
    private static (DnsResponse Response, bool IsCut) Trim(int instances, bool srv, ushort? udpSize, DnsTransport transport, int limit = 3, bool texts = false)
    {
        byte[] buffer = new byte[QueryWriter.LengthMax];
        int length = QueryWriter.Write(buffer, 1, DomainName.Parse("many.service.consul"), srv ? RRType.Srv : RRType.A, true, udpSize);
        _ = DnsQuery.Read(buffer.AsSpan(0, length), new byte[DnsLimits.NameLengthMax], out DnsQuery query);
        var response = new DnsResponse();
        response.Reset();
        for (int i = 0; i < instances; i++)
        {
            var address = new IPAddress([10, 2, (byte)(i >> 8), (byte)i]);
            if (!srv)
            {
                response.Answers.Add(ResourceRecord.Address(null, 0, address));
                continue;
            }

            DomainName node = DomainName.Parse($"m{i % 100:d2}.node.dc1.consul");
            response.Answers.Add(ResourceRecord.Srv(null, 0, 1, 1, (ushort)i, node));
            response.Additional.Add(ResourceRecord.Address(node, 0, address));
            if (texts)
            {
                response.Additional.Add(ResourceRecord.Text(node, 0, "k=v"));
            }
        }

        bool isCut = ResponseTrimmer.Trim(response, in query, transport, limit, s_scratch);
        return (response, isCut);
    }

    [Theory]
    [InlineData(null, 3, 3)]
    [InlineData(null, 50, 8)]
    [InlineData(null, 0, 0)]
    [InlineData(300, 3, 3)]
    [InlineData(512, 3, 3)]
    [InlineData(523, 3, 29)]
    [InlineData(524, 3, 30)]
    [InlineData(600, 3, 30)]
    public void Address_answers_over_udp(int? size, int limit, int answers)
    {
        (DnsResponse response, bool isCut) = Trim(30, srv: false, (ushort?)size, DnsTransport.Udp, limit);
        Assert.Equal(answers, response.Answers.Count);
        Assert.Equal(answers < 30, isCut);
    }

    [Theory]
    [InlineData(538, 8)]
    [InlineData(539, 9)]
    [InlineData(593, 9)]
    [InlineData(594, 10)]
    [InlineData(1232, 21)]
    [InlineData(4096, 30)]
    public void Server_answers_over_udp(ushort size, int answers)
    {
        (DnsResponse response, _) = Trim(30, srv: true, size, DnsTransport.Udp);
        Assert.Equal(answers, response.Answers.Count);
        Assert.Equal(answers, response.Additional.Count);
    }

    [Fact]
    public void Cutting_leaves_one_additional_record_for_each_target()
    {
        (DnsResponse cut, _) = Trim(30, srv: true, null, DnsTransport.Udp, texts: true);
        Assert.Equal((3, 3), (cut.Answers.Count, cut.Additional.Count));
        Assert.All(cut.Additional.Items.ToArray(), record => Assert.Equal(RRType.A, record.Type));

        (DnsResponse whole, bool isCut) = Trim(3, srv: true, null, DnsTransport.Udp, texts: true);
        Assert.False(isCut);
        Assert.Equal((3, 6), (whole.Answers.Count, whole.Additional.Count));
    }

    [Fact]
    public void Glue_follows_aliases_and_ends_where_they_turn_in_circles()
    {
        byte[] buffer = new byte[QueryWriter.LengthMax];
        int length = QueryWriter.Write(buffer, 1, DomainName.Parse("x.service.consul"), RRType.Srv, true, null);
        _ = DnsQuery.Read(buffer.AsSpan(0, length), new byte[DnsLimits.NameLengthMax], out DnsQuery query);
        var response = new DnsResponse();
        response.Reset();
        DomainName a = DomainName.Parse("A.test");
        DomainName b = DomainName.Parse("b.test");
        for (int i = 0; i < 5; i++)
        {
            response.Answers.Add(ResourceRecord.Srv(null, 0, 1, 1, (ushort)i, DomainName.Parse("a.TEST")));
        }

        response.Additional.Add(ResourceRecord.Pointing(a, RRType.CName, 0, b));
        response.Additional.Add(ResourceRecord.Pointing(b, RRType.CName, 0, a));
        ResponseTrimmer.Trim(response, in query, DnsTransport.Udp, 3, s_scratch);
        Assert.Equal((3, 2), (response.Answers.Count, response.Additional.Count));
    }

    [Theory]
    [InlineData(5000, false, 4092, 65_523)] // 37 octets and 16 for each answer
    [InlineData(4092, false, 4092, 65_523)]
    [InlineData(4000, false, 4000, 65_523)]
    public void Tcp_answers_fill_a_message(int instances, bool srv, int answers, int lengthMax)
    {
        (DnsResponse response, bool isCut) = Trim(instances, srv, null, DnsTransport.Tcp);
        Assert.Equal(answers, response.Answers.Count);
        Assert.Equal(instances > answers, isCut);
        Assert.True(37 + (response.Answers.Count * 16) <= lengthMax);
    }

    [Fact]
    public void Tcp_servers_are_bounded_in_number()
    {
        (DnsResponse response, _) = Trim(3000, srv: true, null, DnsTransport.Tcp);
        Assert.InRange(response.Answers.Count, 900, ResponseTrimmer.TcpSrvAnswersMax);
    }

    /// <summary>Against the obvious: try every number of answers, from all down to one, and take the first that fits.</summary>
    [Fact]
    public void As_many_answers_are_kept_as_fit()
    {
        for (ushort size = 513; size < 900; size++)
        {
            (DnsResponse cut, _) = Trim(40, srv: false, size, DnsTransport.Udp);
            int expected = Enumerable.Range(1, 40).Last(answers => 37 + (answers * 16) <= size - 7);
            Assert.Equal(expected, cut.Answers.Count);
        }
    }
}
