using K8sConsul.Gossip;
using K8sConsul.Grpc;
using K8sConsul.Grpc.Net;
using K8sConsul.Server.Api;
using K8sConsul.Server.Rpc;
using K8sConsul.Server.Telemetry;

namespace K8sConsul.Agent.Lifecycle;

/// <summary>
/// A client's way to the cluster: the first server of a list that gossip keeps; one that fails goes to the end. Each client
/// begins with its own order, so that clients spread over the servers.
/// </summary>
internal sealed class RpcClusterApi : IClusterApi, IDisposable
{
    private const int HoldFraction = 16;

    private readonly RpcPool _pool = new(RpcPool.DatacenterOptions);
    private readonly ApiForwarder _forwarder;
    private readonly ApiRouter _router;
    private readonly Func<MemberList> _members;
    private readonly string _datacenter;
    private readonly TimeSpan _holdTimeout;
    private readonly TimeProvider _time;
    private readonly ulong _order;
    private readonly Counter _calls;
    private readonly Counter _failures;
    private readonly Lock _gate = new();
    private List<string> _servers = [];
    private MemberList _seen = MemberList.Empty;

    /// <param name="order">Decides the order in which servers are first tried.</param>
    public RpcClusterApi(ApiRouter router, Func<MemberList> members, string datacenter, TimeSpan holdTimeout, TimeProvider time, ulong order, MetricsRegistry metrics)
    {
        _forwarder = new ApiForwarder(_pool);
        _router = router;
        _members = members;
        _datacenter = datacenter;
        _holdTimeout = holdTimeout;
        _time = time;
        _order = order;
        _calls = metrics.Counter("client.rpc", isHot: true);
        _failures = metrics.Counter("client.rpc.failed");
    }

    /// <summary>Servers that could be asked now.</summary>
    public int KnownServers => Servers().Count;

    public async ValueTask<ApiResponse> InvokeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        bool streamed = _router.Find(request.Path, out _) is { StreamsBody: true };
        bool isRead = string.Equals(request.Method, "GET", StringComparison.Ordinal);
        long started = _time.GetTimestamp();
        TimeSpan wait = _holdTimeout / HoldFraction;
        string failure = "No known Consul servers";
        _calls.Increment();
        while (true)
        {
            IReadOnlyList<string> servers = Servers();
            foreach (string server in servers)
            {
                try
                {
                    return await _forwarder.SendAsync(server, request, toLeader: false, streamed, cancellationToken).ConfigureAwait(false);
                }
                catch (GrpcException error) when (request.BodyStream is null && (isRead || WasNotSent(error)))
                {
                    _failures.Increment();
                    failure = $"rpc error making call: {error.Status.Detail}";
                    MoveToEnd(server);
                }
                catch (GrpcException error)
                {
                    // The server may have done it: a write is not made twice.
                    _failures.Increment();
                    MoveToEnd(server);
                    return ApiResponse.Text(500, $"rpc error making call: {error.Status.Detail}");
                }
            }

            if (servers.Count == 0 || _time.GetElapsedTime(started) + wait > _holdTimeout)
            {
                return ApiResponse.Text(500, failure);
            }

            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
            wait *= 2;
        }
    }

    public void Dispose() => _pool.Dispose();

    private static bool WasNotSent(GrpcException error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            if (e is DialException)
            {
                return true;
            }
        }

        return false;
    }

    private IReadOnlyList<string> Servers()
    {
        MemberList members = _members();
        lock (_gate)
        {
            if (ReferenceEquals(members, _seen))
            {
                return _servers;
            }

            var alive = new List<string>();
            foreach (Member member in members.All)
            {
                if (member.Status == MemberStatus.Alive
                    && ServerParts.TryParse(member, out ServerParts server)
                    && string.Equals(server.Datacenter, _datacenter, StringComparison.Ordinal))
                {
                    alive.Add(server.RpcAddress.ToString());
                }
            }

            // Servers that stay keep their places; new ones come at a place that differs between clients.
            List<string> kept = _servers.FindAll(alive.Contains);
            kept.AddRange(alive.Where(a => !kept.Contains(a)).OrderBy(a => Mix(a)));
            _servers = kept;
            _seen = members;
            return kept;
        }
    }

    private ulong Mix(string address)
    {
        ulong hash = _order;
        foreach (char c in address)
        {
            hash = (hash ^ c) * 0x100000001b3;
        }

        return hash;
    }

    private void MoveToEnd(string server)
    {
        lock (_gate)
        {
            if (_servers.Contains(server))
            {
                _servers = [.. _servers.Where(s => s != server), server];
            }
        }
    }
}
