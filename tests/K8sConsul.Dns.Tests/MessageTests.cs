using System.Net;

namespace K8sConsul.Dns.Tests;

/// <summary>Whole messages: what is written can be read, what real servers sent is understood, and nothing else is.</summary>
public sealed class MessageTests
{
    private static readonly byte[] s_query = Hex.Bytes("1234 0100 0001 0000 0000 0000 036d3031 046e6f6465 06636f6e73756c 00 0001 0001");

    /// <summary>A real agent's reply to <c>m01.node.consul A</c>.</summary>
    private const string RealReply =
        "1234 8500 0001 0001 0000 0001 036d3031 046e6f6465 06636f6e73756c 00 0001 0001"
        + "c00c 0001 0001 00000000 0004 0a020002  c00c 0010 0001 00000000 0005 046b3d7631";

    private static string Write(DnsResponse response, byte[] query)
    {
        _ = DnsQuery.Read(query, new byte[DnsLimits.NameLengthMax], out DnsQuery read);
        byte[] reply = new byte[DnsLimits.MessageLengthMax];
        return Hex.Of(reply.AsSpan(0, response.Write(in read, reply)));
    }

    private static DnsResponse Response()
    {
        var response = new DnsResponse();
        response.Reset();
        response.IsAuthoritative = true;
        return response;
    }

    [Fact]
    public void Written_reply_is_a_real_agents_to_the_octet()
    {
        DnsResponse response = Response();
        response.Answers.Add(ResourceRecord.Address(null, 0, IPAddress.Parse("10.2.0.2")));
        response.Additional.Add(ResourceRecord.Text(null, 0, "k=v1"));
        Assert.Equal(Hex.Of(Hex.Bytes(RealReply)), Write(response, s_query));
    }

    [Fact]
    public void Srv_target_is_written_in_full_and_pointed_to()
    {
        DnsResponse response = Response();
        DomainName target = DomainName.Parse("a.node.consul");
        response.Answers.Add(ResourceRecord.Srv(null, 1, 1, 2, 80, target));
        response.Additional.Add(ResourceRecord.Address(target, 1, IPAddress.Parse("10.0.0.1")));

        // The target's own labels could have been a pointer to the question's "node.consul"; RFC 2782 forbids that.
        Assert.Equal(
            Hex.Of(Hex.Bytes(
                "1234 8500 0001 0001 0000 0001 036d3031 046e6f6465 06636f6e73756c 00 0001 0001"
                + "c00c 0021 0001 00000001 0015 0001 0002 0050 0161 046e6f6465 06636f6e73756c 00"
                + "c033 0001 0001 00000001 0004 0a000001")),
            Write(response, s_query));
    }

    [Fact]
    public void Names_in_other_case_are_not_pointed_to()
    {
        DnsResponse response = Response();
        response.Authority.Add(ResourceRecord.Pointing(DomainName.Parse("CONSUL"), RRType.NS, 0, DomainName.Parse("ns.consul")));
        Assert.EndsWith(
            "06434f4e53554c00" + "0002000100000000" + "0005" + "026e73c015",
            Write(response, s_query),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_longer_than_255_octets_are_several_strings()
    {
        ResourceRecord record = ResourceRecord.Text(null, 0, new string('x', 600));
        Assert.Equal(603, record.DataLength);
        Assert.Equal((255, 255, 90), (record.Head[0], record.Head[256], record.Head[512]));
        Assert.Equal("00", Hex.Of(ResourceRecord.Text(null, 0, "").Head));
    }

    [Fact]
    public void Random_replies_survive_a_round_trip_with_and_without_compression()
    {
        var random = new Random(9);
        DomainName[] names = [.. new[] { "a.b.c", "b.c", "C", "c", "x.a.b.c", "longer-label.service.dc1.consul", ".", "A.b.c" }.Select(DomainName.Parse)];
        for (int round = 0; round < 2_000; round++)
        {
            DnsResponse response = Response();
            response.IsCompressed = random.Next(2) == 0;
            foreach (RecordList section in (RecordList[])[response.Answers, response.Authority, response.Additional])
            {
                for (int records = random.Next(5); records > 0; records--)
                {
                    section.Add(RandomRecord(random, names));
                }
            }

            _ = DnsQuery.Read(s_query, new byte[DnsLimits.NameLengthMax], out DnsQuery query);
            byte[] reply = new byte[4096];
            int length = response.Write(in query, reply);
            Assert.True(DnsMessage.TryRead(reply.AsSpan(0, length), out DnsMessage? message));
            AssertSame(response.Answers, message.Answers);
            AssertSame(response.Authority, message.Authority);
            AssertSame(response.Additional, message.Additional);

            // A buffer too small gives the same length, and nothing is written behind its end.
            byte[] guarded = new byte[length + 8];
            int cut = random.Next(length);
            Assert.Equal(length, response.Write(in query, guarded.AsSpan(0, cut)) >= length ? length : -1);
            Assert.All(guarded[cut..], octet => Assert.Equal(0, octet));
        }
    }

    [Fact]
    public void Cut_messages_are_refused_at_every_length()
    {
        byte[] whole = Hex.Bytes(RealReply);
        Assert.True(DnsMessage.TryRead(whole, out _));
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.False(DnsMessage.TryRead(whole.AsSpan(0, length), out _), $"accepted {length} of {whole.Length}");
        }

        Assert.False(DnsMessage.TryRead([.. whole, 0], out _));
    }

    [Theory]
    [InlineData("0001 0001 00000000 0003 010203")] // A of three octets
    [InlineData("0001 0001 00000000 0005 0102030405")]
    [InlineData("001c 0001 00000000 0004 01020304")] // AAAA of four
    [InlineData("0005 0001 00000000 0000")] // CNAME without a name
    [InlineData("0005 0001 00000000 0003 016100 ")] // good
    [InlineData("0005 0001 00000000 0004 01610000")] // an octet behind the name
    [InlineData("0005 0001 00000000 0002 c017")] // pointer to itself
    [InlineData("0021 0001 00000000 0006 000000000000")] // SRV without a target
    [InlineData("0006 0001 00000000 0004 00000000")] // SOA without times
    [InlineData("0010 0001 00000000 0002 0561")] // text longer than its data
    public void Data_of_a_wrong_length_is_refused(string record)
    {
        byte[] message = Hex.Bytes("1234 8500 0000 0001 0000 0000 00" + record);
        Assert.Equal(record.EndsWith(' '), DnsMessage.TryRead(message, out _));
    }

    [Fact]
    public void Changed_messages_never_throw()
    {
        byte[] whole = Hex.Bytes(RealReply);
        var random = new Random(13);
        int accepted = 0;
        for (int round = 0; round < 100_000; round++)
        {
            byte[] changed = [.. whole];
            for (int i = random.Next(1, 5); i > 0; i--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            accepted += DnsMessage.TryRead(changed, out _) ? 1 : 0;
        }

        Assert.InRange(accepted, 1, 99_999);
    }

    [Fact]
    public void Writing_a_usual_reply_allocates_nothing()
    {
        DnsResponse response = Response();
        DomainName target = DomainName.Parse("a.node.dc1.consul");
        ResourceRecord srv = ResourceRecord.Srv(null, 1, 1, 2, 80, target);
        ResourceRecord glue = ResourceRecord.Address(target, 1, IPAddress.Loopback);
        byte[] scratch = new byte[DnsLimits.NameLengthMax];
        byte[] reply = new byte[4096];
        Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Round();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            _ = DnsQuery.Read(s_query, scratch, out DnsQuery query);
            response.Reset();
            for (int i = 0; i < 10; i++)
            {
                response.Answers.Add(srv);
                response.Additional.Add(glue);
            }

            ResponseTrimmer.Trim(response, in query, DnsTransport.Udp, 3, reply);
            response.Write(in query, reply);
        }
    }

    private static ResourceRecord RandomRecord(Random random, DomainName[] names)
    {
        DomainName owner = names[random.Next(names.Length)];
        DomainName target = names[random.Next(names.Length)];
        var ttl = (uint)random.Next();
        return random.Next(8) switch
        {
            0 => ResourceRecord.Address(owner, ttl, new IPAddress([1, 2, 3, (byte)random.Next(256)])),
            1 => ResourceRecord.Address(owner, ttl, IPAddress.Parse("fd00::1")),
            2 => ResourceRecord.Srv(owner, ttl, 1, (ushort)random.Next(65_536), 80, target),
            3 => ResourceRecord.Text(owner, ttl, new string('t', random.Next(300))),
            4 => ResourceRecord.Pointing(owner, RRType.CName, ttl, target),
            5 => ResourceRecord.Pointing(owner, RRType.NS, ttl, target),
            6 => ResourceRecord.Pointing(owner, RRType.Ptr, ttl, target),
            _ => ResourceRecord.Soa(owner, ttl, target, owner, 1, 2, 3, 4, 5),
        };
    }

    private static void AssertSame(RecordList written, IReadOnlyList<ResourceRecord> read)
    {
        Assert.Equal(written.Count, read.Count);
        for (int i = 0; i < read.Count; i++)
        {
            Assert.True(written[i].HasSameDataAs(read[i]));
            Assert.Equal(written[i].Ttl, read[i].Ttl);
        }
    }
}
