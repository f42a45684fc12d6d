using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using K8sConsul.Gossip;
using K8sConsul.Grpc;
using K8sConsul.Raft;
using K8sConsul.Server.Api;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Rpc;
using K8sConsul.Server.Rpc.Wire;
using K8sConsul.Server.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Server.Tests.Rpc;

/// <summary>Servers that speak with each other over loopback connections.</summary>
public sealed class ServerRpcTests : IAsyncLifetime
{
    private readonly List<TestServer> _servers = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (TestServer server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Whatever_server_is_asked_the_leader_writes_and_every_server_reads_it()
    {
        await ClusterAsync();
        for (int i = 0; i < 10; i++)
        {
            TestServer at = _servers[i % 3];
            Assert.Equal((200, "true"), await at.CallAsync("PUT", $"/v1/kv/k{i}", body: $"value {i}"));
            foreach (TestServer server in _servers)
            {
                Assert.Equal((200, $"value {i}"), await server.CallAsync("GET", $"/v1/kv/k{i}", i % 2 == 0 ? "raw" : "raw&consistent"));
            }
        }
    }

    [Fact]
    public async Task Each_server_tells_where_it_stands_and_who_is_away_is_left_out()
    {
        await ClusterAsync();
        TestServer leader = await TestServer.LeaderAsync(_servers);
        await leader.CallAsync("PUT", "/v1/kv/a");
        TestServer away = _servers.Find(server => server != leader)!;
        List<ServerParts> all = [.. _servers.Select(Parts)];
        var fetcher = new StatsFetcher(leader.Raft, leader.Id, leader.Pool, TimeSpan.FromSeconds(10), NullLogger<StatsFetcher>.Instance);
        IReadOnlyDictionary<ServerId, ServerStats> stats = await fetcher.FetchAsync(all, TestContext.Current.CancellationToken).InTimeAsync();
        Assert.Equal(3, stats.Count);
        Assert.Equal(TimeSpan.Zero, stats[leader.Id].LastContact);
        Assert.All(stats.Values, s => Assert.True(s.LastContact >= TimeSpan.Zero && s.LastEntry.Term == stats[leader.Id].LastEntry.Term));
        await away.DisposeAsync();
        _servers.Remove(away);
        stats = await fetcher.FetchAsync(all, TestContext.Current.CancellationToken).InTimeAsync();
        Assert.Equal(2, stats.Count);
        Assert.DoesNotContain(away.Id, stats.Keys);
    }

    [Fact]
    public async Task A_server_that_never_heard_a_leader_says_so()
    {
        TestServer server = await StartAsync("s1");
        ServerStats stats = await server.Raft.StatsAsync().InTimeAsync();
        Assert.Equal((null, default), (stats.LastContact, stats.LastEntry));
        Assert.Equal(stats, StatsFetcher.FromWire(StatsFetcher.ToWire(stats)));
    }

    private static ServerParts Parts(TestServer server)
    {
        IPEndPoint at = IPEndPoint.Parse(server.Address);
        Assert.True(ServerParts.TryParse(Members.Server(server.Id.Value!, at.Address.ToString(), id: server.Id.Value, port: at.Port), out ServerParts parts));
        return parts;
    }

    [Fact]
    public async Task Calls_of_routes_and_datacenters_that_are_not_there_are_refused()
    {
        TestServer server = await StartAsync("s1");
        Assert.Equal(404, (await server.CallAsync("GET", "/v1/nothing")).Status);
        Assert.Equal(404, (await server.CallAsync("POST", "/v1/kv/a")).Status);
        Assert.Equal((500, "No path to datacenter"), await server.CallAsync("GET", "/v1/kv/a", "dc=mars"));
        Assert.Equal((400, "Invalid index"), await server.CallAsync("GET", "/v1/kv/a", "index=x"));
    }

    [Theory]
    [InlineData("PUT", "")]
    [InlineData("GET", "")]
    [InlineData("GET", "consistent")]
    [InlineData("GET", "stale")]
    public async Task Without_a_leader_calls_are_held_and_then_fail_in_Consuls_words(string method, string query)
    {
        TestServer server = await StartAsync("s1", TimeSpan.FromMilliseconds(300));
        long started = TimeProvider.System.GetTimestamp();
        Assert.Equal((500, "No cluster leader"), await server.CallAsync(method, "/v1/kv/a", query));
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(295), "it did not hold the call");
    }

    [Fact]
    public async Task A_call_that_is_held_goes_on_when_a_leader_is_elected()
    {
        TestServer server = await StartAsync("s1");
        Task<(int, string)> writing = server.CallAsync("PUT", "/v1/kv/a", body: "x");
        Task<(int, string)> reading = server.CallAsync("GET", "/v1/kv/b", "raw");
        await server.Raft.BootstrapAsync(new RaftConfiguration([new RaftServer(server.Id, server.Address)]));
        Assert.Equal((200, "true"), await writing);
        Assert.Equal((404, ""), await reading);
    }

    /// <summary>A call that was forwarded once is not forwarded again: two servers that believe in each other must not play ball with it.</summary>
    [Fact]
    public async Task A_forwarded_call_is_refused_by_who_does_not_lead()
    {
        await ClusterAsync();
        TestServer leader = await TestServer.LeaderAsync(_servers);
        TestServer follower = _servers.First(s => s != leader);
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => new ApiForwarder(leader.Pool)
            .SendAsync(follower.Address, TestServer.Request("PUT", "/v1/kv/a"), toLeader: true, streamed: false, default).InTimeAsync());
        Assert.Equal((GrpcStatusCode.FailedPrecondition, "node is not the leader"), (refused.Status.Code, refused.Status.Detail));
        Assert.Null(leader.Store.Current.KvGet("a").Entry);
    }

    [Fact]
    public async Task A_server_that_looks_for_the_leader_in_the_wrong_place_finds_it_later()
    {
        await ClusterAsync();
        TestServer leader = await TestServer.LeaderAsync(_servers);
        TestServer[] followers = [.. _servers.Where(s => s != leader)];
        int free = FreePort();
        int asked = 0;
        followers[0].Believes = _ => Interlocked.Increment(ref asked) switch
        {
            1 => followers[1].Address,
            2 => $"127.0.0.1:{free}",
            _ => leader.Address,
        };
        Assert.Equal((200, "true"), await followers[0].CallAsync("PUT", "/v1/kv/a", body: "x"));
        Assert.True(asked >= 3);
        Assert.NotNull(leader.Store.Current.KvGet("a").Entry);
    }

    /// <summary>The leader may have done it before it broke off: to do it twice would be worse than to say so.</summary>
    [Fact]
    public async Task A_write_whose_outcome_is_unknown_is_not_repeated()
    {
        await ClusterAsync();
        TestServer leader = await TestServer.LeaderAsync(_servers);
        TestServer follower = _servers.First(s => s != leader);
        int calls = 0;
        await using GrpcHost broken = await GrpcHost.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0),
            new GrpcMethodTable().Unary(InternalService.Call, (_, _) =>
            {
                Interlocked.Increment(ref calls);
                throw new GrpcException(GrpcStatusCode.Unavailable, "broken off");
            }),
            new GrpcServerOptions(),
            NullLoggerFactory.Instance);
        follower.Believes = _ => broken.EndPoint.ToString();
        Assert.Equal((500, "rpc error making call: broken off"), await follower.CallAsync("PUT", "/v1/kv/a", body: "x"));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task A_read_that_broke_on_the_way_is_asked_again()
    {
        await ClusterAsync();
        TestServer leader = await TestServer.LeaderAsync(_servers);
        TestServer follower = _servers.First(s => s != leader);
        int calls = 0;
        leader.OnEcho = _ => ApiResponse.Text(200, "read");
        await using GrpcHost broken = await GrpcHost.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0),
            new GrpcMethodTable().Unary(InternalService.Call, (_, _) =>
            {
                Interlocked.Increment(ref calls);
                follower.Believes = null;
                throw new GrpcException(GrpcStatusCode.Unavailable, "broken off");
            }),
            new GrpcServerOptions(),
            NullLoggerFactory.Instance);
        follower.Believes = _ => broken.EndPoint.ToString();
        Assert.Equal((200, "read"), await follower.CallAsync("GET", "/v1/leader"));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Who_goes_away_ends_the_forwarded_call_at_the_other_server_too()
    {
        await ClusterAsync();
        TestServer leader = await TestServer.LeaderAsync(_servers);
        using var gone = new CancellationTokenSource();
        Task<ApiResponse> reading = new ApiForwarder(leader.Pool).SendAsync(
            leader.Address, TestServer.Request("GET", "/v1/kv/a", "index=1000000"), toLeader: false, streamed: false, gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(reading.InTimeAsync);
    }

    [Fact]
    public async Task A_streamed_call_carries_large_bodies_both_ways()
    {
        await ClusterAsync();
        TestServer leader = await TestServer.LeaderAsync(_servers);
        byte[] sent = new byte[5_000_000];
        new Random(3).NextBytes(sent);
        leader.OnEcho = request => new ApiResponse
        {
            ContentType = "application/binary",
            Stream = async (output, stop) =>
            {
                // As a restore does: all is read before anything is answered, for the caller sends all before it listens.
                using var whole = new MemoryStream();
                await request.BodyStream!.CopyToAsync(whole, stop);
                await output.WriteAsync(whole.ToArray(), stop);
            },
        };
        using ApiResponse answer = await _servers.First(s => s != leader).Api.InvokeAsync(
            TestServer.Request("PUT", "/v1/echo", stream: new MemoryStream(sent)), default).InTimeAsync();
        using var received = new MemoryStream();
        await answer.Stream!(received, default).InTimeAsync();
        Assert.Equal((200, "application/binary"), (answer.Status, answer.ContentType));
        Assert.Equal(sent, received.ToArray());
    }

    [Fact]
    public async Task The_text_of_a_refused_streamed_call_arrives()
    {
        await ClusterAsync();
        TestServer leader = await TestServer.LeaderAsync(_servers);
        leader.OnEcho = static _ => ApiResponse.Text(500, "no such archive");
        using ApiResponse answer = await _servers.First(s => s != leader).Api.InvokeAsync(
            TestServer.Request("PUT", "/v1/echo", stream: new MemoryStream([1])), default).InTimeAsync();
        using var received = new MemoryStream();
        await answer.Stream!(received, default).InTimeAsync();
        Assert.Equal((500, "no such archive"), (answer.Status, System.Text.Encoding.UTF8.GetString(received.ToArray())));
    }

    [Fact]
    public async Task When_the_reader_of_a_stream_goes_away_its_writer_ends()
    {
        await ClusterAsync();
        var ended = new TaskCompletionSource();
        foreach (TestServer server in _servers)
        {
            server.OnEcho = _ => new ApiResponse { Stream = WriteAsync };
        }

        TestServer leader;
        do
        {
            leader = await TestServer.LeaderAsync(_servers);
            ApiResponse answer = await _servers.First(s => s != leader).Api.InvokeAsync(
                TestServer.Request("PUT", "/v1/echo", stream: new MemoryStream([1])), default).InTimeAsync();
            answer.Dispose();
        }
        while (!leader.Raft.HoldsLease(out _)); // An election in between: who was asked may have answered itself, and then nobody writes.

        await ended.Task.InTimeAsync();

        async Task WriteAsync(Stream output, CancellationToken stop)
        {
            try
            {
                byte[] piece = new byte[64 * 1024];
                while (true)
                {
                    await output.WriteAsync(piece, stop);
                }
            }
            finally
            {
                ended.TrySetResult();
            }
        }
    }

    [Fact]
    public async Task A_message_beyond_the_bound_is_refused_and_the_server_goes_on()
    {
        TestServer server = await StartAsync("s1");
        await server.Raft.BootstrapAsync(new RaftConfiguration([new RaftServer(server.Id, server.Address)]));
        using var pool = new RpcPool(new GrpcChannelOptions { MessageBytesMax = 2 * InternalService.MessageBytesMax });
        var call = new ApiCall { Method = "PUT", Path = "/v1/kv/a", Body = Google.Protobuf.ByteString.CopyFrom(new byte[InternalService.MessageBytesMax + 1]) };
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(() => pool.Channel(server.Address).UnaryAsync(InternalService.Call, call).InTimeAsync());
        Assert.Equal(GrpcStatusCode.ResourceExhausted, refused.Status.Code);
        Assert.Equal((200, "true"), await server.CallAsync("PUT", "/v1/kv/a", body: "x"));
    }

    [Theory]
    [InlineData(null, "", GrpcStatusCode.InvalidArgument)]
    [InlineData("s2", "garbage", GrpcStatusCode.InvalidArgument)]
    [InlineData("s2", "another", GrpcStatusCode.PermissionDenied)]
    public async Task A_raft_stream_that_is_not_its_peers_is_cut_off(string? peer, string message, GrpcStatusCode code)
    {
        TestServer server = await StartAsync("s1");
        var headers = new GrpcMetadata();
        if (peer is not null)
        {
            headers.Add(InternalService.PeerIdKey, peer);
        }

        using var pool = new RpcPool(new GrpcChannelOptions());
        using GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call =
            pool.Channel(server.Address).Bidi(InternalService.Raft, new GrpcCallOptions(Headers: headers));
        var bytes = new ArrayBufferWriter<byte>();
        if (message == "another")
        {
            RaftMessageCodec.Encode(new TimeoutNow(new ServerId("s3"), server.Id, new Term(1)), bytes);
        }
        else
        {
            bytes.Write("garbage"u8);
        }

        GrpcException cut = await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            await call.Requests.WriteAsync(bytes.WrittenMemory).InTimeAsync();
            await call.Responses.ReadAsync().InTimeAsync();
        });
        Assert.Equal(code, cut.Status.Code);
    }

    /// <summary>Answers go to whoever claims to be a peer: strangers must not make the server keep a stream for each.</summary>
    [Fact]
    public async Task Messages_to_strangers_and_to_peers_without_an_address_are_dropped()
    {
        using var pool = new RpcPool(new GrpcChannelOptions());
        await using var transport = new RaftTransport(
            new ServerId("s1"), pool, id => id.Value == "odd" ? "no address" : null, TimeProvider.System, NullLogger<RaftTransport>.Instance);
        for (int i = 0; i < 1000; i++)
        {
            transport.Send([new TimeoutNow(new ServerId("s1"), new ServerId($"stranger{i}"), new Term(1))]);
        }

        Assert.Equal(0, transport.StreamCount);
        transport.Send([new TimeoutNow(new ServerId("s1"), new ServerId("odd"), new Term(1))]);
        Assert.Equal(1, transport.StreamCount);
        transport.Configure(RaftConfiguration.Empty);
        Assert.Equal(0, transport.StreamCount);
    }

    /// <summary>A peer restarts while there is nothing to say to it. Goal: the first message after that, such as a vote asked for, is not lost.</summary>
    [Fact]
    public async Task A_stream_that_broke_while_it_was_idle_loses_no_message()
    {
        var heard = System.Threading.Channels.Channel.CreateUnbounded<RaftMessage>();
        GrpcMethodTable methods = new GrpcMethodTable().Bidi(InternalService.Raft, async (requests, _, context) =>
        {
            while (await requests.ReadAsync(context.Stop) is (true, var bytes))
            {
                Assert.True(RaftMessageCodec.TryDecode(bytes, out RaftMessage? message, out string? problem), problem);
                heard.Writer.TryWrite(message);
            }
        });
        GrpcHost peer = await GrpcHost.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), methods, new GrpcServerOptions(), NullLoggerFactory.Instance);
        IPEndPoint at = peer.EndPoint;
        using var pool = new RpcPool(new GrpcChannelOptions());
        var log = new CountingLogger<RaftTransport>();
        await using var transport = new RaftTransport(new ServerId("s1"), pool, _ => at.ToString(), TimeProvider.System, log);
        for (int restart = 0; restart < 3; restart++)
        {
            var message = new TimeoutNow(new ServerId("s1"), new ServerId("s2"), new Term((ulong)restart + 1));
            transport.Send([message]);
            Assert.Equal(message, await heard.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync());
            await peer.DisposeAsync();
            await Eventually.TrueAsync(() => log.Count == restart + 1, "the transport has noticed that the stream broke, with nothing to send");
            peer = await GrpcHost.StartAsync(at, methods, new GrpcServerOptions(), NullLoggerFactory.Instance);
        }

        await peer.DisposeAsync();
    }

    [Fact]
    public async Task A_server_tells_its_peers()
    {
        TestServer server = await StartAsync("s1");
        Assert.Empty((await server.Pool.Channel(server.Address).UnaryAsync(InternalService.Peers, new PeersRequest()).InTimeAsync()).Addresses);
        await server.Raft.BootstrapAsync(new RaftConfiguration([new RaftServer(server.Id, server.Address)]));
        Assert.Equal([server.Address], (await server.Pool.Channel(server.Address).UnaryAsync(InternalService.Peers, new PeersRequest()).InTimeAsync()).Addresses);
    }

    private sealed class CountingLogger<T> : ILogger<T>
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Interlocked.Increment(ref _count);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ClusterAsync() => _servers.AddRange(await TestServer.ClusterAsync());

    private async Task<TestServer> StartAsync(string id, TimeSpan? hold = null)
    {
        TestServer server = await TestServer.StartAsync(id, new ConcurrentDictionary<string, string>(), hold);
        _servers.Add(server);
        return server;
    }
}
