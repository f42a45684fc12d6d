using System.Net;
using K8sConsul.Agent.Dns;
using K8sConsul.Dns;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Agent.Tests.Dns;

/// <summary>What the responder does beside making replies: keeping answers, staleness, failures, order.</summary>
public sealed class DnsResponderTests
{
    private readonly InMemoryDnsCatalog _catalog = DnsWorld.Catalog();
    private readonly CountingMetrics _metrics = new();
    private readonly DnsScratch _scratch = new(1);
    private readonly byte[] _reply = new byte[DnsLimits.MessageLengthMax];

    private DnsResponder Responder(DnsOptions? options = null) => new(
        _catalog,
        new Recursor(TimeProvider.System, NullLogger.Instance),
        _metrics,
        OurDns.Configure(options ?? new DnsOptions()),
        TimeProvider.System,
        1,
        NullLogger.Instance);

    private async Task<byte[]> AskAsync(DnsResponder responder, byte[] query, string peer = "192.0.2.7")
    {
        RespondResult result = responder.TryRespond(query, DnsTransport.Udp, _scratch, _reply, out int length);
        if (result == RespondResult.Pending)
        {
            length = await responder.CompleteAsync(query, DnsTransport.Udp, new IPEndPoint(IPAddress.Parse(peer), 1), _scratch, _reply, default);
        }

        return _reply[..length];
    }

    private Task<byte[]> AskAsync(DnsResponder responder, string name, RRType type = RRType.A) => AskAsync(responder, DnsClient.Query(name, type));

    private static RCode CodeOf(byte[] reply) => DnsHeader.TryRead(reply, out DnsHeader header) ? header.RCode : throw new InvalidOperationException();

    [Fact]
    public async Task Answers_are_kept_until_the_catalog_moves()
    {
        DnsResponder responder = Responder();
        await AskAsync(responder, "db.service.consul");
        await AskAsync(responder, "DB.Service.CONSUL");
        Assert.Equal(1, _catalog.LookUps);
        await AskAsync(responder, "db.service.consul", RRType.Srv);
        Assert.Equal(2, _catalog.LookUps);

        _catalog.Add(new DnsInstance(new DnsNode("late", "dc1", "10.7.7.7"), "db", "", 1, DnsHealth.Passing));
        Assert.Contains("10.7.7.7", DnsText.Full(await AskAsync(responder, "db.service.consul")), StringComparison.Ordinal);
        Assert.Equal(3, _catalog.LookUps);

        responder.ForgetAnswers();
        await AskAsync(responder, "db.service.consul");
        Assert.Equal(4, _catalog.LookUps);
    }

    [Theory]
    [InlineData("nope.service.consul")] // names that do not exist have no bound
    [InlineData("pq.query.consul")] // chosen anew each time
    [InlineData("cn.service.consul")] // leads elsewhere
    public async Task Some_answers_are_not_kept(string name)
    {
        DnsResponder responder = Responder();
        await AskAsync(responder, name);
        int lookUps = _catalog.LookUps;
        await AskAsync(responder, name);
        Assert.Equal(lookUps * 2, _catalog.LookUps);
    }

    [Fact]
    public async Task Nothing_is_kept_while_the_index_is_unknown()
    {
        _catalog.Index = 0;
        DnsResponder responder = Responder();
        await AskAsync(responder, "foo.node.consul");
        await AskAsync(responder, "foo.node.consul");
        Assert.Equal(2, _catalog.LookUps);
    }

    [Fact]
    public async Task Kept_names_are_bounded()
    {
        var cache = new AnswerCache();
        DnsConfiguration configuration = OurDns.Configure(new DnsOptions());
        var answer = new ResolvedAnswer { Index = 1 };
        for (int i = 0; i <= AnswerCache.EntriesMax; i++)
        {
            cache.Put(BitConverter.GetBytes(i), answer, configuration);
        }

        Assert.False(cache.TryGet(BitConverter.GetBytes(0), 1, configuration, out _));
        Assert.True(cache.TryGet(BitConverter.GetBytes(AnswerCache.EntriesMax), 1, configuration, out _));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Replies_echo_the_clients_case_from_kept_answers()
    {
        DnsResponder responder = Responder();
        await AskAsync(responder, "foo.node.consul");
        string text = DnsText.Full(await AskAsync(responder, "FOO.node.Consul"));
        Assert.Contains("? FOO.node.Consul. A", text, StringComparison.Ordinal);
        Assert.Contains("an FOO.node.Consul. 0 A 10.0.0.1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_takes_effect_on_kept_answers()
    {
        DnsResponder responder = Responder();
        await AskAsync(responder, "foo.node.consul");
        responder.Reload(OurDns.Configure(new DnsOptions { NodeTtl = TimeSpan.FromSeconds(33), EnableAdditionalNodeMetaTxt = false }));
        Assert.Equal(
            "flags=8500 q=1 an=1 ns=0 ar=0 size=49\n  ? foo.node.consul. A Internet\n  an foo.node.consul. 33 A 10.0.0.1",
            DnsText.Full(await AskAsync(responder, "foo.node.consul")));
    }

    [Theory]
    [InlineData("foo.node.consul", RCode.ServerFailure)]
    [InlineData("db.service.consul", RCode.ServerFailure)]
    [InlineData("db.connect.consul", RCode.ServerFailure)]
    [InlineData("pq.query.consul", RCode.ServerFailure)]
    [InlineData("1.0.0.10.in-addr.arpa", RCode.ServerFailure)]
    [InlineData("0a000001.addr.consul", RCode.NoError)]
    [InlineData("nope.consul", RCode.NameError)]
    public async Task A_catalog_that_fails_is_SERVFAIL(string name, RCode expected)
    {
        _catalog.Fault = DnsLookupStatus.Failed;
        Assert.Equal(expected, CodeOf(await AskAsync(Responder(), name)));
    }

    [Fact]
    public async Task What_the_catalog_cannot_look_up_does_not_exist()
    {
        _catalog.Fault = DnsLookupStatus.NotSupported;
        Assert.Equal(RCode.NameError, CodeOf(await AskAsync(Responder(), "db.ingress.consul")));
    }

    [Fact]
    public async Task Servers_that_cannot_be_looked_up_leave_NS_empty_and_successful()
    {
        _catalog.Fault = DnsLookupStatus.NotFound;
        Assert.Equal("flags=8500 q=1 an=0 ns=0 ar=0 size=24", DnsText.Shape(await AskAsync(Responder(), "consul", RRType.NS)));
    }

    [Fact]
    public async Task Data_that_is_too_old_is_asked_for_again_at_the_leader()
    {
        _catalog.LastContact = TimeSpan.FromSeconds(11);
        DnsResponder responder = Responder(new DnsOptions { MaxStale = TimeSpan.FromSeconds(10), UseCache = true });
        await AskAsync(responder, "foo.node.consul");
        Assert.Equal([true, false], _catalog.Consistencies.Select(consistency => consistency.AllowStale));
        Assert.Equal([true, false], _catalog.Consistencies.Select(consistency => consistency.UseCache));

        // A kept answer is no fresher.
        await AskAsync(responder, "foo.node.consul");
        Assert.Equal(4, _catalog.Consistencies.Count);
        Assert.Equal(0, _metrics.Stale);
    }

    [Fact]
    public async Task Answers_from_behind_are_counted_whether_kept_or_not()
    {
        _catalog.LastContact = TimeSpan.FromSeconds(6);
        DnsResponder responder = Responder();
        await AskAsync(responder, "foo.node.consul");
        await AskAsync(responder, "foo.node.consul");
        Assert.Equal(2, _metrics.Stale);
        _catalog.LastContact = TimeSpan.FromSeconds(4);
        await AskAsync(responder, "foo.node.consul");
        Assert.Equal(2, _metrics.Stale);
    }

    [Fact]
    public async Task Queries_are_counted_by_kind()
    {
        DnsResponder responder = Responder();
        for (int i = 0; i < 2; i++)
        {
            await AskAsync(responder, "foo.node.consul");
            await AskAsync(responder, "1.0.0.10.in-addr.arpa", RRType.Ptr);
            await AskAsync(responder, "www.example.com");
        }

        Assert.Equal((2, 2), (_metrics.Domain, _metrics.Reverse));
    }

    [Fact]
    public async Task Prepared_queries_are_executed_for_the_subnet_or_else_the_client()
    {
        DnsResponder responder = Responder();
        await AskAsync(responder, DnsClient.Query("pq.query.consul", RRType.A), peer: "192.0.2.9");
        byte[] plain = DnsClient.Query("pq.query.consul", RRType.A, 1232);
        byte[] withSubnet = [.. plain[..^2], 0, 11, 0, 8, 0, 7, 0, 1, 24, 0, 198, 51, 100];
        byte[] reply = await AskAsync(responder, withSubnet);
        Assert.Equal(["192.0.2.9", "198.51.100.0"], _catalog.Executed.Select(query => query.Source!.ToString()));

        // Such an answer holds for that subnet only; one from the catalog holds for everybody.
        Assert.Contains("udp=1232 0008000700011818c63364", DnsText.Full(reply), StringComparison.Ordinal);
        byte[] node = DnsClient.Query("foo.node.consul", RRType.A, 1232);
        byte[] nodeWithSubnet = [.. node[..^2], 0, 11, 0, 8, 0, 7, 0, 1, 24, 0, 198, 51, 100];
        Assert.Contains("udp=1232 0008000700011800c63364", DnsText.Full(await AskAsync(responder, nodeWithSubnet)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepared_queries_keep_the_order_they_are_given()
    {
        DnsNode node = new("o", "dc1", "10.0.0.1");
        DnsInstance[] instances = [.. Enumerable.Range(1, 8).Select(i => new DnsInstance(node, "s", $"10.1.1.{i}", i, DnsHealth.Passing))];
        _catalog.Add("ordered", new DnsQueryResult("dc1", "s", null, instances));
        DnsResponder responder = Responder(new DnsOptions { UdpAnswerLimit = 8 });
        for (int i = 0; i < 5; i++)
        {
            Assert.True(DnsMessage.TryRead(await AskAsync(responder, "ordered.query.consul"), out DnsMessage? message));
            Assert.Equal(instances.Select(instance => instance.Address), message.Answers.Select(record => record.ToAddress()!.ToString()));
        }
    }

    [Fact]
    public async Task Every_instance_comes_first_about_as_often()
    {
        DnsResponder responder = Responder();
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < 6_000; i++)
        {
            Assert.True(DnsMessage.TryRead(await AskAsync(responder, "many.service.consul"), out DnsMessage? message));
            foreach (ResourceRecord record in message.Answers)
            {
                string address = record.ToAddress()!.ToString();
                counts[address] = counts.GetValueOrDefault(address) + 1;
            }
        }

        // 6000 replies of 3 out of 30: 600 each, standard deviation 23.
        Assert.Equal(30, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 480, 720));
    }

    [Fact]
    public async Task Same_seed_gives_the_same_order()
    {
        byte[][] first = await RunAsync();
        byte[][] second = await RunAsync();
        Assert.Equal(first, second);

        async Task<byte[][]> RunAsync()
        {
            DnsResponder responder = Responder();
            var scratch = new DnsScratch(99);
            byte[] query = DnsClient.Query("many.service.consul", RRType.Srv);
            var replies = new List<byte[]>();
            await AskAsync(responder, query);
            for (int i = 0; i < 20; i++)
            {
                Assert.Equal(RespondResult.Replied, responder.TryRespond(query, DnsTransport.Udp, scratch, _reply, out int length));
                replies.Add(_reply[..length]);
            }

            return [.. replies];
        }
    }

    [Fact]
    public async Task Wan_addresses_are_given_for_other_datacenters_when_asked_to()
    {
        var remote = new InMemoryDnsCatalog { Datacenter = "dc2" };
        var node = new DnsNode("far", "dc2", "10.0.0.1") { TaggedAddresses = new Dictionary<string, string> { ["wan"] = "198.18.0.1" } };
        remote.Add(new DnsInstance(node, "plain", "", 80, DnsHealth.Passing));
        remote.Add(new DnsInstance(node, "own", "10.1.0.1", 80, DnsHealth.Passing)
        {
            TaggedAddresses = new Dictionary<string, DnsServiceAddress> { ["wan"] = new("198.18.0.2", 8080) },
        });
        DnsResponder responder = new(
            remote,
            new Recursor(TimeProvider.System, NullLogger.Instance),
            _metrics,
            OurDns.Configure(new DnsOptions { TranslateWanAddresses = true }),
            TimeProvider.System,
            1,
            NullLogger.Instance);
        Assert.Contains("A 198.18.0.1", DnsText.Full(await AskAsync(responder, "far.node.dc2.consul")), StringComparison.Ordinal);
        Assert.Contains("Srv 1 1 80 c6120001.addr.dc2.consul.", DnsText.Full(await AskAsync(responder, "plain.service.dc2.consul", RRType.Srv)), StringComparison.Ordinal);
        Assert.Contains("Srv 1 1 8080 c6120002.addr.dc2.consul.", DnsText.Full(await AskAsync(responder, "own.service.dc2.consul", RRType.Srv)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_DNS_cannot_hold_are_left_out()
    {
        string longName = new('n', 70);
        _catalog.Add(new DnsInstance(new DnsNode(longName, "dc1", "10.8.0.1"), "odd", "", 80, DnsHealth.Passing));
        _catalog.Add(new DnsInstance(new DnsNode("fine", "dc1", "10.8.0.2"), "odd", "", 80, DnsHealth.Passing));
        string text = DnsText.Full(await AskAsync(Responder(), "odd.service.consul", RRType.Srv));
        Assert.StartsWith("flags=8500 q=1 an=1 ns=0 ar=1 ", text, StringComparison.Ordinal);
        Assert.Contains("fine.node.dc1.consul.", text, StringComparison.Ordinal);
        Assert.Contains("an=2", DnsText.Full(await AskAsync(Responder(), "odd.service.consul")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_of_any_length_is_shown()
    {
        _catalog.Add(new DnsNode("wordy", "dc1", "10.8.0.3")
        {
            Meta = Enumerable.Range(0, 64).ToDictionary(i => $"key{i}", i => new string('v', 512)),
        });
        byte[] reply = await AskAsync(Responder(), "wordy.node.consul", RRType.Txt);
        Assert.StartsWith("flags=8500 q=1 an=64 ns=0 ar=0 ", DnsText.Shape(reply), StringComparison.Ordinal);
        Assert.True(DnsMessage.TryRead(reply, out _));

        // What no message holds is cut to nothing rather than broken.
        _catalog.Add(new DnsNode("boundless", "dc1", "10.8.0.4")
        {
            Meta = Enumerable.Range(0, 200).ToDictionary(i => $"key{i}", i => new string('v', 512)),
        });
        Assert.Equal("flags=8700 q=1 an=0 ns=0 ar=0 size=39", DnsText.Shape(await AskAsync(Responder(), "boundless.node.consul", RRType.Txt)));
    }

    [Theory]
    [InlineData("db.service.consul", RRType.A)]
    [InlineData("db.service.consul", RRType.Srv)]
    [InlineData("many.service.consul", RRType.Srv)]
    [InlineData("foo.node.consul", RRType.A)]
    public async Task Known_answers_allocate_nothing(string name, RRType type)
    {
        DnsResponder responder = Responder();
        byte[] query = DnsClient.Query(name, type);
        await AskAsync(responder, query);
        Rounds();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Rounds();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Rounds()
        {
            for (int i = 0; i < 200; i++)
            {
                Assert.True(responder.TryRespond(query, DnsTransport.Udp, _scratch, _reply, out _) == RespondResult.Replied);
            }
        }
    }

    [Fact]
    public async Task Random_queries_never_throw()
    {
        DnsResponder responder = Responder();
        var random = new Random(17);
        byte[][] seeds =
        [
            DnsClient.Query("db.service.consul", RRType.Srv, 1232),
            DnsClient.Query("foo.node.dc1.consul", RRType.Any),
            DnsClient.Query("1.0.0.10.in-addr.arpa", RRType.Ptr, 512),
            DnsClient.Query("0a000001.addr.consul", RRType.A, 4096),
        ];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] query = [.. seeds[random.Next(seeds.Length)]];
            for (int i = random.Next(6); i > 0; i--)
            {
                query[random.Next(query.Length)] = (byte)random.Next(256);
            }

            byte[] reply = await AskAsync(responder, random.Next(4) == 0 ? query[..random.Next(query.Length)] : query);
            if (reply.Length > 0)
            {
                Assert.True(DnsMessage.TryRead(reply, out DnsMessage? message));
                Assert.True(message.Header.IsResponse);
            }
        }
    }
}
