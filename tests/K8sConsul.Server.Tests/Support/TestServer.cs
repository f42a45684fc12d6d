using System.Collections.Concurrent;
using System.Net;
using K8sConsul.Grpc;
using K8sConsul.Raft;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Endpoints;
using K8sConsul.Server.Rpc;
using K8sConsul.State;
using K8sConsul.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Server.Tests.Support;

/// <summary>A server's Raft, API and RPC port over real loopback connections, without gossip.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly RaftTransport _transport;
    private readonly ConcurrentDictionary<string, string> _addresses;
    private GrpcHost? _host;

    private TestServer(string id, ConcurrentDictionary<string, string> addresses, TimeSpan hold)
    {
        Id = new ServerId(id);
        _addresses = addresses;
        _transport = new RaftTransport(Id, Pool, peer => addresses.GetValueOrDefault(peer.Value!), TimeProvider.System, NullLogger<RaftTransport>.Instance);
        var options = new RaftHostOptions
        {
            Self = Id,
            Tick = TimeSpan.FromMilliseconds(20),
            Raft = new RaftOptions
            {
                HeartbeatTimeoutTicks = 40,
                ElectionTimeoutTicks = 40,
                LeaderLeaseTicks = 40,
                HeartbeatIntervalTicks = 3,
                ReadMode = ReadMode.Lease,
                Seed = (ulong)Random.Shared.NextInt64() | 1,
            },
        };
        Raft = new RaftHost(options, RaftStorage.InMemory(), Store, _transport, TimeProvider.System, NullLogger<RaftHost>.Instance, Metrics.New());
        Api = new ServerApi(
            Raft, new ApiForwarder(Pool), new ServerApiOptions("dc1", hold, (peer, _) => AddressOf(peer)), TimeProvider.System, static () => 0.5, Metrics.New().Rpc);
        var reader = new StateReader(
            Store, new ReadLimits(TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(600)), TimeProvider.System, static longest => longest, () => Raft.Freshness, Metrics.New().Rpc);
        Api.Use(new ApiRouter(
        [
            .. new KvEndpoints(reader, Raft, new LockDelayTable(TimeProvider.System), 512 * 1024).Routes(),
            new ApiRoute("/v1/leader", ("GET", ApiScope.Leader, (request, _) => Echo(request))),
            new ApiRoute("/v1/echo", ("PUT", ApiScope.Leader, (request, _) => Echo(request))) { StreamsBody = true },
        ]));
    }

    public ServerId Id { get; }

    public StateStore Store { get; } = new();

    public RaftHost Raft { get; }

    public ServerApi Api { get; }

    public RpcPool Pool { get; } = new(new GrpcChannelOptions { MessageBytesMax = InternalService.MessageBytesMax, MultipleConnections = true });

    public string Address => _host!.EndPoint.ToString();

    /// <summary>Where this server believes another to be; the truth by default.</summary>
    public Func<ServerId, string?>? Believes { get; set; }

    /// <summary>What the streamed route does.</summary>
    public Func<ApiRequest, ApiResponse> OnEcho { get; set; } = static _ => ApiResponse.Text(500, "not set");

    public static async Task<TestServer> StartAsync(string id, ConcurrentDictionary<string, string>? addresses = null, TimeSpan? hold = null)
    {
        var server = new TestServer(id, addresses ?? new(), hold ?? TimeSpan.FromSeconds(30));
        server._host = await GrpcHost.StartAsync(
            new IPEndPoint(IPAddress.Loopback, 0),
            new RpcEndpoints(server.Raft, server.Api, NullLogger<RpcEndpoints>.Instance, Metrics.New().Rpc).Methods(),
            new GrpcServerOptions { MessageBytesMax = InternalService.MessageBytesMax },
            NullLoggerFactory.Instance);
        server._addresses[id] = server.Address;
        server.Raft.Start();
        return server;
    }

    public static async Task<List<TestServer>> ClusterAsync(int servers = 3)
    {
        var addresses = new ConcurrentDictionary<string, string>();
        var cluster = new List<TestServer>();
        for (int i = 1; i <= servers; i++)
        {
            cluster.Add(await StartAsync($"s{i}", addresses));
        }

        var configuration = new RaftConfiguration(cluster.Select(s => new RaftServer(s.Id, s.Address)));
        foreach (TestServer server in cluster)
        {
            Assert.True(await server.Raft.BootstrapAsync(configuration));
        }

        await LeaderAsync(cluster);
        return cluster;
    }

    public static async Task<TestServer> LeaderAsync(List<TestServer> cluster)
    {
        TestServer? leader = null;
        await Eventually.TrueAsync(
            () => (leader = cluster.Find(s => s.Raft.HoldsLease(out _) && cluster.TrueForAll(t => t.Raft.View.Leader == s.Id))) is not null, "all follow one leader");
        return leader!;
    }

    public async Task<(int Status, string Text)> CallAsync(string method, string path, string query = "", string body = "")
    {
        using ApiResponse answer = await Api.InvokeAsync(Request(method, path, query, body), TestContext.Current.CancellationToken).InTimeAsync();
        return (answer.Status, System.Text.Encoding.UTF8.GetString(answer.Body.Span));
    }

    public static ApiRequest Request(string method, string path, string query = "", string body = "", Stream? stream = null) => new()
    {
        Method = method,
        Path = path,
        Query = ApiQuery.Parse(query)!,
        Body = System.Text.Encoding.UTF8.GetBytes(body),
        BodyStream = stream,
        Source = new ApiSource("client", "dc1", "127.0.0.1"),
    };

    public async ValueTask DisposeAsync()
    {
        await Raft.DisposeAsync();
        await _host!.DisposeAsync();
        await _transport.DisposeAsync();
        Pool.Dispose();
    }

    private string? AddressOf(ServerId peer) => Believes is { } believes ? believes(peer) : _addresses.GetValueOrDefault(peer.Value!);

    private ValueTask<ApiResponse> Echo(ApiRequest request) => new(OnEcho(request));
}
