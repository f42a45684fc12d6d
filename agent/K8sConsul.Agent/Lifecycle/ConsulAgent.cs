using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using K8sConsul.Agent.Api;
using K8sConsul.Agent.Checks;
using K8sConsul.Agent.Checks.Probes;
using K8sConsul.Agent.Configuration;
using K8sConsul.Agent.Dns;
using K8sConsul.Agent.Http;
using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Storage;
using K8sConsul.Agent.Logging;
using K8sConsul.Agent.Membership;
using K8sConsul.Agent.Telemetry;
using K8sConsul.Logging;
using K8sConsul.Server;
using K8sConsul.Server.Api;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Lifecycle;

/// <summary>
/// An agent as a running whole: gossip, local state with its checks, the servers' part where it is one, HTTP and DNS. Made
/// of a configuration, started once, stopped once.
/// </summary>
public sealed partial class ConsulAgent : IAgentProcess, IAsyncDisposable
{
    private readonly LogHub _logs;
    private readonly string _nodeId;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly AgentTelemetry _telemetry;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<AgentEnd> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<CancellationToken, Task<string?>> _reload;
    private readonly List<Task> _background = [];

    // Apart from the rest: it ends only with the server, which is stopped last.
    private Task _serverWatch = Task.CompletedTask;
    private RuntimeConfig _config;
    private LocalState _state = null!;
    private CheckScheduler _scheduler = null!;
    private AntiEntropy _antiEntropy = null!;
    private LocalRegistry _registry = null!;
    private GossipPool _lan = null!;
    private GossipPool? _wan;
    private ConsulServer? _server;
    private RpcClusterApi? _client;
    private HttpApiServer? _http;
    private DnsResponder? _dnsResponder;
    private DnsServer? _dns;

    /// <exception cref="AgentFailedException">The node has no ID and cannot get one.</exception>
    public ConsulAgent(AgentSetup setup)
    {
        _config = setup.Config;
        _logs = setup.Log;
        _logger = setup.Log.CreateLogger(LogNames.Agent);
        _time = setup.Time;
        _reload = setup.RequestReload;
        _telemetry = new AgentTelemetry(_config.Telemetry, _time, _logs.CreateLogger("agent.telemetry"));
        _nodeId = NodeIdentity.LoadOrCreate(_config.Identity);
    }

    public string NodeId => _nodeId;

    public Task<AgentEnd> Completed => _completed.Task;

    private IClusterApi Cluster => (IClusterApi?)_server?.Api ?? _client!;

    private ApiSource Source => new(_config.Identity.NodeName, _config.Identity.Datacenter, string.Empty);

    private TimeSpan Stagger(TimeSpan longest) => longest * Random.Shared.NextDouble();

    /// <summary>Binds every port and begins to work. What cannot be had ends the start with a text for the operator.</summary>
    /// <exception cref="AgentFailedException">With Consul's text.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _telemetry.Start();
        MakeLocalState();
        RefuseOtherProtocols();
        if (_config.Server.Enabled)
        {
            await StartServerAsync(cancellationToken).ConfigureAwait(false);
        }

        await StartGossipAsync(cancellationToken).ConfigureAwait(false);
        if (_server is not null)
        {
            await _server.StartAsync(cancellationToken).ConfigureAwait(false);
            _serverWatch = WatchServerAsync(_server);
        }
        else
        {
            _client = new RpcClusterApi(
                new ApiRouter(ClientRoutes()), () => _lan.Members, _config.Identity.Datacenter, _config.Server.RpcHoldTimeout, _time, (ulong)Random.Shared.NextInt64(), _telemetry.Registry);
        }

        StartLocalState();
        StartDns();
        await StartHttpAsync(cancellationToken).ConfigureAwait(false);
        _background.Add(FollowGossipAsync(_lan, _stopping.Token));
        if (_wan is not null)
        {
            _background.Add(DrainAsync(_wan, _stopping.Token));
        }

        _background.Add(SendCoordinatesAsync(_stopping.Token));
        StartJoins();
    }

    public Task ReloadAsync(ReloadPlan plan, CancellationToken stop)
    {
        return Apply(plan.Config) is { } refusal ? Task.FromException(new AgentFailedException("Failed reloading services: " + refusal)) : Task.CompletedTask;
    }

    /// <summary>What is refused keeps the form that it had; all else is as the files have it now.</summary>
    /// <returns>The first refusal.</returns>
    private string? Apply(RuntimeConfig config)
    {
        string? refused = null;
        _antiEntropy.Pause();
        try
        {
            _config = config with { Identity = _config.Identity with { NodeMeta = config.Identity.NodeMeta }, Addresses = _config.Addresses, Ports = _config.Ports };
            _telemetry.Reconfigure(config.Telemetry);
            _state.Reconfigure(LocalOptions());
            _registry.Reconfigure(RegistryOptions());
            _scheduler.Reconfigure(SchedulerOptions());
            _state.SetNode(NodeInformation());
            foreach (Refusal refusal in _registry.ReplaceConfigured(
                [.. config.ServiceDefinitions.Select(ConfiguredDefinitions.Service)], [.. config.CheckDefinitions.Select(ConfiguredDefinitions.Check)]))
            {
                LogRefused(refusal.Text);
                refused ??= refusal.Text;
            }

            if (_http is not null)
            {
                _http.Options = HttpOptions();
            }

            if (_dnsResponder is not null && DnsConfiguration.TryCreate(DnsOptions(), out DnsConfiguration? dns, out _))
            {
                _dnsResponder.Reload(dns);
                _dnsResponder.ForgetAnswers();
            }
        }
        finally
        {
            _antiEntropy.Resume();
        }

        return refused;
    }

    public async Task LeaveAsync()
    {
        CancellationToken cancellationToken = _stopping.Token;
        bool hasPeers = _server?.Raft.View.Configuration.Servers.Count > 1;
        if (_server is { } server)
        {
            LogServerLeaving();
            if (server.Raft.View is { IsLeader: true } view && view.Configuration.VoterCount > 1
                && await server.Raft.TransferLeadershipAsync(default, cancellationToken).ConfigureAwait(false) is { } failure)
            {
                LogTransferFailed(failure);
            }

            if (_wan is not null)
            {
                await _wan.LeaveAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        await _lan.LeaveAsync(cancellationToken).ConfigureAwait(false);
        if (hasPeers)
        {
            await WaitForRemovalAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync() => await ShutdownAsync().ConfigureAwait(false);

    public string DescribeMetrics() => MetricsDump.Describe(_telemetry.Registry);

    /// <summary>A server whose Raft peer had to stop itself must not go on answering.</summary>
    private async Task WatchServerAsync(ConsulServer server)
    {
        try
        {
            await server.Completed.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The Raft host has logged the reason.
            _completed.TrySetResult(AgentEnd.Failed);
        }
    }

    public async Task ShutdownAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (_http is not null)
        {
            await _http.DisposeAsync().ConfigureAwait(false);
        }

        if (_dns is not null)
        {
            await _dns.DisposeAsync().ConfigureAwait(false);
        }

        if (_antiEntropy is not null)
        {
            await _antiEntropy.DisposeAsync().ConfigureAwait(false);
            await _scheduler.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(_background).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
            await _serverWatch.ConfigureAwait(false);
        }

        if (_wan is not null)
        {
            await _wan.DisposeAsync().ConfigureAwait(false);
        }

        if (_lan is not null)
        {
            await _lan.DisposeAsync().ConfigureAwait(false);
        }

        _client?.Dispose();
        await _telemetry.DisposeAsync().ConfigureAwait(false);
        _state?.Dispose();
        _stopping.Dispose();
    }

    private void MakeLocalState()
    {
        string node = _config.Identity.NodeName;
        _state = new LocalState(LocalOptions(), _time, Stagger);
        _scheduler = new CheckScheduler(
            node,
            SchedulerOptions(),
            CheckScheduler.StandardProbes(ProbeTls.System, _time),
            (id, status, output) => _state.UpdateCheck(id, status, output),
            new RemoteAliasRunner(new RemoteNodeHealthReader(() => Cluster, () => Source), _time),
            Stagger,
            _time,
            _logger);
        _antiEntropy = new AntiEntropy(_state, new CatalogSync(new LateCluster(() => Cluster), () => Source), new ConfiguredTokens(() => _config.Acl), Stagger, _time, _logs.CreateLogger("agent"));
        RegistrationStore? store = _config.Identity.DataDirectory.Length == 0
            ? null
            : new RegistrationStore(_config.Identity.DataDirectory, node, _logger);
        _registry = new LocalRegistry(_state, _scheduler, _antiEntropy, store, RegistryOptions(), _time, _logger);
    }

    private void StartLocalState()
    {
        _state.SetNode(NodeInformation());
        _scheduler.Start();
        foreach (Refusal refusal in _registry.ReplaceConfigured(
            [.. _config.ServiceDefinitions.Select(ConfiguredDefinitions.Service)], [.. _config.CheckDefinitions.Select(ConfiguredDefinitions.Check)]))
        {
            throw new AgentFailedException(refusal.Text);
        }

        // What a file defines wins over what the API had registered under the same name.
        _registry.Restore();
        _background.Add(_registry.ReapAsync(_stopping.Token));
        _antiEntropy.Start();
        LogSyncerStarted();
    }

    private async Task StartHttpAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<EndPoint> endPoints =
        [
            .. _config.Addresses.Http.Select(h => h.IsUnixSocket ? (EndPoint)new UnixDomainSocketEndPoint(h.SocketPath) : h.Address!),
        ];
        if (endPoints.Count == 0)
        {
            return;
        }

        var control = new AgentControl(this);
        ApiRouter router = new(
        [
            .. new AgentEndpoints(control, _logs).Routes(),
            .. new MetricsEndpoint(_telemetry.Registry, new ProcessFigures()).Routes(),
            .. new LocalServiceEndpoints(
                _registry,
                _config.Identity.NodeName,
                () => _config.Queries.DefaultQueryTime,
                () => _config.Checks.OutputBytesMax,
                _time).Routes(),
            .. _server?.Router.Routes ?? ClientRoutes(),
        ]);
        var metrics = new HttpMetrics(_telemetry.Registry, router, _config.Identity.NodeName);
        _http = new HttpApiServer(HttpOptions(), router, Cluster, () => Source, _logs, metrics, _time);
        try
        {
            await _http.StartAsync(endPoints, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            throw new AgentFailedException(failure.Message, failure);
        }

        foreach (EndPoint endPoint in endPoints)
        {
            LogHttpStarted(endPoint.ToString()!, endPoint is UnixDomainSocketEndPoint ? "unix" : "tcp");
        }
    }

    private void StartDns()
    {
        if (_config.Addresses.Dns.Count == 0)
        {
            return;
        }

        if (!DnsConfiguration.TryCreate(DnsOptions(), out DnsConfiguration? configuration, out string? error))
        {
            throw new AgentFailedException(error);
        }

        ILogger logger = _logs.CreateLogger("agent.dns");
        IDnsCatalog catalog = _server is { } server
            ? new StoreDnsCatalog(server.Store, () => server.Raft.Freshness.LastContact, _config.Identity.Datacenter)
            : new RpcDnsCatalog(Cluster, () => Source, _config.Identity.Datacenter);
        _dnsResponder = new DnsResponder(catalog, new Recursor(_time, logger), new DnsMetrics(_telemetry.Registry, _config.Identity.NodeName), configuration, _time, (ulong)Random.Shared.NextInt64(), logger);
        try
        {
            _dns = DnsServer.Start(_config.Addresses.Dns, _dnsResponder, new DnsServerLimits(), _time, (ulong)Random.Shared.NextInt64(), logger);
        }
        catch (DnsListenException failure)
        {
            var errors = new ErrorList();
            foreach (string reason in failure.Reasons)
            {
                errors.Add(reason);
            }

            throw new AgentFailedException(errors.ToString(), failure);
        }

        foreach (IPEndPoint address in _config.Addresses.Dns)
        {
            LogDnsStarted(address.ToString(), "udp");
            LogDnsStarted(address.ToString(), "tcp");
        }
    }

    private IEnumerable<ApiRoute> ClientRoutes() =>
        ClusterRoutes.ForClients((long)_config.Limits.KvValueBytesMax, (long)_config.Limits.TxnRequestBytesMax);

    private LocalStateOptions LocalOptions() =>
        new(_config.Identity.NodeName, _config.Checks.UpdateInterval, _config.Checks.DiscardOutput);

    private RegistryOptions RegistryOptions() => new()
    {
        EnableScriptChecks = _config.Checks.EnableRemoteScripts,
        EnableLocalScriptChecks = _config.Checks.EnableLocalScripts,
        DeregisterIntervalMin = _config.Timing.CheckDeregisterIntervalMin,
    };

    private CheckSchedulerOptions SchedulerOptions() => new() { OutputMaxSize = _config.Checks.OutputBytesMax };

    private NodeInfo NodeInformation() => new()
    {
        Id = _nodeId,
        Name = _config.Identity.NodeName,
        Address = _config.Addresses.AdvertiseLan.ToString(),
        TaggedAddresses = _config.Addresses.Tagged.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Meta = _config.Identity.NodeMeta
            .ToImmutableSortedDictionary(StringComparer.Ordinal)
            .SetItem("consul-network-segment", string.Empty),
    };

    private HttpApiOptions HttpOptions() => new()
    {
        AlwaysPretty = _config.DevMode,
        BlockEndpoints = _config.Http.BlockEndpoints,
        ResponseHeaders = [.. _config.Http.ResponseHeaders],
        AllowWriteFrom = _config.Http.AllowWriteFrom ?? [],
        AllowUnprintable = _config.Http.DisableUnprintableCharFilter,
        ConnectionsPerClientMax = _config.Limits.HttpConnectionsPerClientMax,
        DefaultToken = _config.Acl.DefaultToken,
    };

    private DnsOptions DnsOptions()
    {
        DnsConfig dns = _config.Dns;
        return new DnsOptions
        {
            Datacenter = _config.Identity.Datacenter,
            Domain = dns.Domain,
            AltDomain = dns.AltDomain,
            AllowStale = dns.AllowStale,
            MaxStale = dns.MaxStale,
            NodeTtl = dns.NodeTtl,
            ServiceTtl = dns.ServiceTtl,
            OnlyPassing = dns.OnlyPassing,
            EnableTruncate = dns.EnableTruncate,
            UdpAnswerLimit = dns.UdpAnswerLimit,
            ARecordLimit = dns.ARecordLimit,
            DisableCompression = dns.DisableCompression,
            EnableAdditionalNodeMetaTxt = dns.NodeMetaTxt,
            Soa = new SoaOptions
            {
                Refresh = dns.Soa.RefreshSeconds,
                Retry = dns.Soa.RetrySeconds,
                Expire = dns.Soa.ExpireSeconds,
                MinTtl = dns.Soa.MinTtlSeconds,
            },
            UseCache = dns.UseCache,
            CacheMaxAge = dns.CacheMaxAge,
            Recursors = dns.Recursors,
            RecursorTimeout = dns.RecursorTimeout,
            RecursorStrategy = dns.RecursorStrategy == DnsRecursorStrategy.Random ? RecursorStrategy.Random : RecursorStrategy.Sequential,
            TranslateWanAddresses = _config.Addresses.TranslateWan,
        };
    }
}
