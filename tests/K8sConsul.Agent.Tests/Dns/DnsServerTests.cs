using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using K8sConsul.Agent.Dns;
using K8sConsul.Dns;

namespace K8sConsul.Agent.Tests.Dns;

/// <summary>Sockets: what is answered from where, what is refused, what ends when.</summary>
public sealed class DnsServerTests
{
    private static readonly byte[] s_query = DnsClient.Query("foo.node.consul", RRType.A);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Answers_over_udp_and_tcp(int sockets)
    {
        await using OurDns dns = OurDns.Start(DnsWorld.Catalog(), limits: new DnsServerLimits { UdpSockets = sockets });

        // Enough clients to meet every socket of the group (each missed with probability (3/4)^64).
        byte[]?[] replies = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => DnsClient.AskUdpAsync(dns.EndPoint, s_query)));
        byte[]? tcp = (await DnsClient.AskTcpAsync(dns.EndPoint, s_query))[0];
        Assert.All(replies, reply => Assert.Equal(DnsText.Full(tcp), DnsText.Full(reply)));
        Assert.Contains("10.0.0.1", DnsText.Full(tcp), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_queries_at_once_are_each_answered_with_their_own_id()
    {
        await using OurDns dns = OurDns.Start(DnsWorld.Catalog());
        await Task.WhenAll(Enumerable.Range(0, 20).Select(AskAsync));

        async Task AskAsync(int client)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(dns.EndPoint);
            for (int i = 0; i < 40; i++)
            {
                byte[] query = DnsClient.Query(i % 2 == 0 ? "many.service.consul" : $"m{10 + i % 30}.node.consul", RRType.Any, 1232);
                query[0] = (byte)client;
                query[1] = (byte)i;
                await socket.SendAsync(query);
            }

            var ids = new HashSet<int>();
            byte[] reply = new byte[4096];
            using var timeout = new CancellationTokenSource(10_000);
            while (ids.Count < 40)
            {
                int length = await socket.ReceiveAsync(reply, timeout.Token);
                Assert.True(DnsMessage.TryRead(reply.AsSpan(0, length), out DnsMessage? message));
                Assert.Equal(client, message.Header.Id >> 8);
                Assert.True(ids.Add(message.Header.Id & 0xff));
                Assert.Equal((message.Header.Id & 1) == 0 ? 30 : 2, message.Answers.Count);
            }
        }
    }

    [Fact]
    public async Task Second_server_on_a_port_is_refused_with_Gos_text()
    {
        await using OurDns first = OurDns.Start(DnsWorld.Catalog(), limits: new DnsServerLimits { UdpSockets = 3 });
        DnsListenException refused = Assert.Throws<DnsListenException>(() => OurDns.Start(DnsWorld.Catalog(), address: first.EndPoint));
        Assert.Equal($"listen udp 127.0.0.1:{first.EndPoint.Port}: bind: address already in use", refused.Message);
        Assert.NotNull(await DnsClient.AskUdpAsync(first.EndPoint, s_query));
    }

    [Fact]
    public void Port_taken_for_tcp_only_is_refused_and_leaves_udp_free()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var address = (IPEndPoint)taken.LocalEndPoint!;
        DnsListenException refused = Assert.Throws<DnsListenException>(() => OurDns.Start(DnsWorld.Catalog(), address: address));
        Assert.Equal($"listen tcp {address}: bind: address already in use", refused.Message);
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(address);
    }

    [Fact]
    public void Address_of_another_machine_is_refused_with_Gos_text()
    {
        DnsListenException refused = Assert.Throws<DnsListenException>(
            () => OurDns.Start(DnsWorld.Catalog(), address: new IPEndPoint(IPAddress.Parse("192.0.2.1"), 8600)));
        Assert.Equal("listen udp 192.0.2.1:8600: bind: cannot assign requested address", refused.Message);
    }

    [Fact]
    public async Task Stopped_server_frees_its_port_and_starts_again()
    {
        OurDns first = OurDns.Start(DnsWorld.Catalog());
        IPEndPoint address = first.EndPoint;
        Assert.NotNull(await DnsClient.AskUdpAsync(address, s_query));
        await first.DisposeAsync();
        await first.DisposeAsync();
        await using OurDns second = OurDns.Start(DnsWorld.Catalog(), address: address);
        Assert.NotNull(await DnsClient.AskUdpAsync(address, s_query));
    }

    [Fact]
    public async Task Stop_gives_up_pending_queries_and_open_connections()
    {
        InMemoryDnsCatalog catalog = DnsWorld.Catalog();
        var gate = new TaskCompletionSource();
        catalog.Gate = gate.Task;
        OurDns dns = OurDns.Start(catalog);
        Task<byte[]?> udp = DnsClient.AskUdpAsync(dns.EndPoint, s_query, timeoutMs: 30_000);
        Task<byte[]?[]> tcp = DnsClient.AskTcpAsync(dns.EndPoint, s_query);
        using var idle = new TcpClient();
        await idle.ConnectAsync(dns.EndPoint);
        await WaitUntilAsync(() => catalog.LookUps >= 2, "both queries are being looked up");

        Task stopping = dns.DisposeAsync().AsTask();
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Null((await tcp)[0]);
        Assert.False(udp.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Slow_look_ups_do_not_hold_up_others()
    {
        InMemoryDnsCatalog catalog = DnsWorld.Catalog();
        await using OurDns dns = OurDns.Start(catalog, limits: new DnsServerLimits { UdpSockets = 1 });
        Assert.NotNull(await DnsClient.AskUdpAsync(dns.EndPoint, s_query));

        var gate = new TaskCompletionSource();
        catalog.Gate = gate.Task;
        Task<byte[]?> slow = DnsClient.AskUdpAsync(dns.EndPoint, DnsClient.Query("db.service.consul", RRType.A), timeoutMs: 30_000);
        await WaitUntilAsync(() => catalog.LookUps == 2, "the slow query is being looked up");
        Assert.NotNull(await DnsClient.AskUdpAsync(dns.EndPoint, s_query));
        Assert.False(slow.IsCompleted);
        gate.SetResult();
        Assert.Contains("10.0.0.1", DnsText.Full(await slow), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queries_above_the_bound_are_dropped_and_the_room_comes_back()
    {
        InMemoryDnsCatalog catalog = DnsWorld.Catalog();
        var gate = new TaskCompletionSource();
        catalog.Gate = gate.Task;
        await using OurDns dns = OurDns.Start(catalog, limits: new DnsServerLimits { PendingMax = 3, UdpSockets = 1 });
        Task<byte[]?>[] held = [.. Enumerable.Range(0, 3).Select(_ => DnsClient.AskUdpAsync(dns.EndPoint, s_query, timeoutMs: 30_000))];
        await WaitUntilAsync(() => catalog.LookUps == 3, "three queries are being looked up");
        Assert.Null(await DnsClient.AskUdpAsync(dns.EndPoint, s_query, timeoutMs: 300));
        gate.SetResult();
        Assert.All(await Task.WhenAll(held), Assert.NotNull);
        Assert.NotNull(await DnsClient.AskUdpAsync(dns.EndPoint, s_query));
    }

    [Fact]
    public async Task A_catalog_that_throws_is_SERVFAIL_on_both_transports()
    {
        await using OurDns dns = OurDns.Start(new ThrowingCatalog());
        Assert.Equal("flags=8502 q=1 an=0 ns=0 ar=0 size=33", DnsText.Shape(await DnsClient.AskUdpAsync(dns.EndPoint, s_query)));
        Assert.Equal("flags=8502 q=1 an=0 ns=0 ar=0 size=33", DnsText.Shape((await DnsClient.AskTcpAsync(dns.EndPoint, s_query))[0]));
    }

    [Fact]
    public async Task A_connection_carries_several_queries_and_ends_after_the_last()
    {
        await using OurDns dns = OurDns.Start(DnsWorld.Catalog(), limits: new DnsServerLimits { TcpQueriesMax = 3 });
        byte[]?[] replies = await DnsClient.AskTcpAsync(dns.EndPoint, [.. Enumerable.Repeat(s_query, 5)]);
        Assert.Equal([true, true, true, false, false], replies.Select(reply => reply is not null));
    }

    [Fact]
    public async Task Query_that_comes_octet_by_octet_is_answered()
    {
        await using OurDns dns = OurDns.Start(DnsWorld.Catalog());
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(dns.EndPoint);
        NetworkStream stream = client.GetStream();
        byte[] framed = [0, (byte)s_query.Length, .. s_query];
        for (int i = 0; i < framed.Length; i++)
        {
            await stream.WriteAsync(framed.AsMemory(i, 1));
        }

        byte[] prefix = new byte[2];
        await stream.ReadExactlyAsync(prefix).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.NotEqual(0, prefix[1]);
    }

    [Fact]
    public async Task Silent_connections_are_closed_in_time()
    {
        var limits = new DnsServerLimits { TcpFirstQueryTimeout = TimeSpan.FromMilliseconds(200), TcpIdleTimeout = TimeSpan.FromMilliseconds(200) };
        await using OurDns dns = OurDns.Start(DnsWorld.Catalog(), limits: limits);
        foreach (byte[] beginning in (byte[][])[[], [0], [0, 40, 1, 2]])
        {
            using var client = new TcpClient();
            await client.ConnectAsync(dns.EndPoint);
            await client.GetStream().WriteAsync(beginning);
            Assert.Equal(0, await ReadOneAsync(client));
        }
    }

    [Fact]
    public async Task Connections_above_the_bound_are_closed_at_once()
    {
        await using OurDns dns = OurDns.Start(DnsWorld.Catalog(), limits: new DnsServerLimits { TcpConnectionsMax = 2 });
        using var one = new TcpClient();
        using var two = new TcpClient();
        await one.ConnectAsync(dns.EndPoint);
        await two.ConnectAsync(dns.EndPoint);

        // An answer proves that both have been accepted.
        foreach (TcpClient client in (TcpClient[])[one, two])
        {
            await client.GetStream().WriteAsync((byte[])[0, (byte)s_query.Length, .. s_query]);
            Assert.Equal(1, await ReadOneAsync(client));
        }

        using var three = new TcpClient();
        await three.ConnectAsync(dns.EndPoint);
        Assert.Equal(0, await ReadOneAsync(three));
    }

    [Fact]
    public async Task Replies_come_from_the_address_that_was_asked()
    {
        // 127.0.0.2 is the loopback's too; without care the kernel would answer from 127.0.0.1, and a connected socket drops that.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has all of 127.0.0.0/8.");
        await using OurDns dns = OurDns.Start(DnsWorld.Catalog(), address: new IPEndPoint(IPAddress.Any, 0));
        foreach (string name in (string[])["foo.node.consul", "m10.node.consul"])
        {
            var asked = new IPEndPoint(IPAddress.Parse("127.0.0.2"), dns.EndPoint.Port);
            Assert.NotNull(await DnsClient.AskUdpAsync(asked, DnsClient.Query(name, RRType.A), timeoutMs: 3000));
        }
    }

    [Fact]
    public async Task Later_replies_come_from_the_address_that_was_asked_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has all of 127.0.0.0/8.");
        InMemoryDnsCatalog catalog = DnsWorld.Catalog();
        var gate = new TaskCompletionSource();
        catalog.Gate = gate.Task;
        await using OurDns dns = OurDns.Start(catalog, address: new IPEndPoint(IPAddress.Any, 0));
        Task<byte[]?> reply = DnsClient.AskUdpAsync(new IPEndPoint(IPAddress.Parse("127.0.0.2"), dns.EndPoint.Port), s_query);
        await WaitUntilAsync(() => catalog.LookUps == 1, "the query is being looked up");
        gate.SetResult();
        Assert.NotNull(await reply);
    }

    [Fact]
    public async Task All_addresses_of_both_families_answer()
    {
        Assert.SkipUnless(
            Socket.OSSupportsIPv6 && NetworkInterface.GetAllNetworkInterfaces().Any(nic => nic.GetIPProperties().UnicastAddresses.Any(a => a.Address.Equals(IPAddress.IPv6Loopback))),
            "No IPv6 loopback here.");
        await using OurDns dns = OurDns.Start(DnsWorld.Catalog(), address: new IPEndPoint(IPAddress.IPv6Any, 0));
        Assert.NotNull(await DnsClient.AskUdpAsync(new IPEndPoint(IPAddress.IPv6Loopback, dns.EndPoint.Port), s_query));
        Assert.NotNull(await DnsClient.AskUdpAsync(new IPEndPoint(IPAddress.Loopback, dns.EndPoint.Port), s_query));
        Assert.NotNull((await DnsClient.AskTcpAsync(new IPEndPoint(IPAddress.IPv6Loopback, dns.EndPoint.Port), s_query))[0]);
    }

    [Fact]
    public async Task Portable_listener_answers_stops_and_waits_alike()
    {
        InMemoryDnsCatalog catalog = DnsWorld.Catalog();
        await using OurDns dns = OurDns.Start(catalog);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = (IPEndPoint)socket.LocalEndPoint!;
        using var listener = new PortableUdpListener(
            socket,
            dns.Responder,
            new PendingReplyPool(10, 1),
            1,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        listener.Start();
        Assert.Contains("10.0.0.1", DnsText.Full(await DnsClient.AskUdpAsync(address, s_query)), StringComparison.Ordinal);
        Assert.Contains("10.0.0.1", DnsText.Full(await DnsClient.AskUdpAsync(address, s_query)), StringComparison.Ordinal);
        var gate = new TaskCompletionSource();
        catalog.Gate = gate.Task;
        Task<byte[]?> slow = DnsClient.AskUdpAsync(address, DnsClient.Query("bar.node.consul", RRType.A));
        await WaitUntilAsync(() => catalog.LookUps == 2, "the slow query is being looked up");
        gate.SetResult();
        Assert.Contains("10.0.0.2", DnsText.Full(await slow), StringComparison.Ordinal);
        await listener.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task<int> ReadOneAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (IOException)
        {
            // Closed with a reset: the server had not read everything.
            return 0;
        }
    }

    private static async Task WaitUntilAsync(Func<bool> condition, string what)
    {
        for (int i = 0; i < 1000; i++)
        {
            if (condition())
            {
                return;
            }

            await Task.Delay(10);
        }

        Assert.Fail($"It did not come to pass that {what}.");
    }

    private sealed class ThrowingCatalog : IDnsCatalog
    {
        public ulong Index => 1;

        public TimeSpan LastContact => TimeSpan.Zero;

        public ValueTask<DnsLookup<DnsNode>> FindNodeAsync(string datacenter, string name, DnsConsistency consistency, CancellationToken cancellation)
            => throw new InvalidOperationException("broken");

        public ValueTask<DnsLookup<IReadOnlyList<DnsInstance>>> FindInstancesAsync(DnsServiceQuery query, DnsConsistency consistency, CancellationToken cancellation)
            => throw new InvalidOperationException("broken");

        public ValueTask<DnsLookup<DnsReverseMatch>> FindByAddressAsync(IPAddress address, DnsConsistency consistency, CancellationToken cancellation)
            => throw new InvalidOperationException("broken");

        public ValueTask<DnsLookup<DnsQueryResult>> ExecuteQueryAsync(DnsPreparedQuery query, DnsConsistency consistency, CancellationToken cancellation)
            => throw new InvalidOperationException("broken");
    }
}
