using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Agent.Local.Storage;
using K8sConsul.Tests;

namespace K8sConsul.Agent.Tests.Local;

public sealed class LocalRegistryTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly FakeRunner _runner = new();
    private readonly FakeGate _gate = new();
    private readonly RecordingLogger _logger = new();
    private readonly string _data = Directory.CreateTempSubdirectory("registry-").FullName;
    private LocalState _state;
    private LocalRegistry _registry;

    public LocalRegistryTests() => (_state, _registry) = Restart();

    [Fact]
    public void Checks_of_a_service_are_numbered_only_where_there_are_several()
    {
        Register(new ServiceDefinition { Name = "one", Checks = [Ttl()] });
        Register(new ServiceDefinition { Id = "two", Name = "2", Checks = [Ttl(), Ttl() with { Id = "own", Name = "mine" }, new(), Ttl()] });
        Assert.Equal(["own", "service:one", "service:two:1", "service:two:3"], _state.Current.Checks.Keys);
        Assert.Equal("Service '2' check", _state.Current.Checks["service:two:1"].Name);
        Assert.Equal("mine", _state.Current.Checks["own"].Name);
        Assert.Equal(_state.Current.Checks.Keys, _runner.Running.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Registering_again_keeps_status_and_output_and_takes_everything_else()
    {
        Register(new ServiceDefinition { Name = "web", Checks = [Ttl() with { Notes = "old", Status = "warning" }] });
        _state.UpdateCheck("service:web", CheckStatus.Passing, "out");
        Register(new ServiceDefinition { Name = "web", Port = 9, Checks = [new CheckDefinition { Tcp = "x:1", Interval = Second, Notes = "new", Status = "critical" }] });
        LocalCheck check = _state.Current.Checks["service:web"];
        Assert.Equal((CheckStatus.Passing, "out", "new", "tcp"), (check.Status, check.Output, check.Notes, check.Type));
        Assert.Equal(9, _state.Current.Services["web"].Definition.Port);
    }

    [Fact]
    public void A_check_begins_with_its_status_or_critical()
    {
        Assert.Null(_registry.RegisterCheck(Ttl() with { Name = "a" }, RegistrationSource.Api));
        Assert.Null(_registry.RegisterCheck(Ttl() with { Name = "b", Status = "passing" }, RegistrationSource.Api));
        Assert.Equal(CheckStatus.Critical, _state.Current.Checks["a"].Status);
        Assert.Equal(CheckStatus.Passing, _state.Current.Checks["b"].Status);
    }

    [Fact]
    public void A_check_that_is_registered_again_without_its_service_becomes_one_of_the_node()
    {
        Register(new ServiceDefinition { Name = "web", Checks = [Ttl() with { Id = "own" }] });
        Assert.Null(_registry.RegisterCheck(Ttl() with { Id = "own", Name = "renamed" }, RegistrationSource.Api));
        Assert.Equal(("", "renamed"), (_state.Current.Checks["own"].ServiceId, _state.Current.Checks["own"].Name));
        Assert.Empty(_state.Current.ChecksOf("web"));
    }

    [Fact]
    public void Old_checks_stay_unless_they_shall_be_replaced()
    {
        Register(new ServiceDefinition { Name = "web", Checks = [Ttl(), Ttl()] });
        Register(new ServiceDefinition { Name = "web", Checks = [Ttl() with { Id = "own" }] });
        Assert.Equal(["own", "service:web:1", "service:web:2"], _state.Current.Checks.Keys);
        Assert.Null(_registry.RegisterService(new ServiceDefinition { Name = "web", Checks = [Ttl() with { Id = "own" }] }, RegistrationSource.Api, replaceExistingChecks: true));
        Assert.Equal(["own"], _state.Current.Checks.Keys);
        Assert.Equal(["own"], _runner.Running);
        Assert.Equal(0, _gate.Depth);
    }

    [Theory]
    [InlineData("", "", RefusalKind.BadRequest, "Missing check name")]
    [InlineData("a", "bad", RefusalKind.BadRequest, "Bad check status")]
    [InlineData("a", "", RefusalKind.BadRequest, "Invalid check: TTL must be > 0 for TTL checks")]
    public void A_bad_check_is_refused_in_the_API_s_words(string name, string status, RefusalKind kind, string text)
    {
        Assert.Equal(new Refusal(kind, text), _registry.RegisterCheck(new CheckDefinition { Name = name, Status = status }, RegistrationSource.Api));
    }

    [Fact]
    public void What_this_build_does_not_do_is_refused_and_nothing_is_registered()
    {
        _registry.Reconfigure(new RegistryOptions { EnableScriptChecks = true });
        CheckDefinition docker = new() { Name = "d", DockerContainerId = "x", ScriptArgs = ["y"], Interval = Second };
        Assert.Equal(Refusal.BadRequest("docker checks are not supported by this build"), _registry.RegisterCheck(docker, RegistrationSource.Api));
        Assert.Equal(
            Refusal.BadRequest("docker checks are not supported by this build"),
            _registry.RegisterService(new ServiceDefinition { Name = "a", Checks = [Ttl(), docker] }, RegistrationSource.Api));
        Assert.Equal(
            Refusal.BadRequest("connect.sidecar_service is not supported by this build"),
            _registry.RegisterService(new ServiceDefinition { Name = "a", HasSidecarService = true }, RegistrationSource.Api));
        Assert.Equal(Refusal.Internal("ServiceID \"nope\" does not exist"), _registry.RegisterCheck(Ttl() with { Name = "a", ServiceId = "nope" }, RegistrationSource.Api));
        Assert.Empty(_state.Current.Services);
        Assert.Empty(_state.Current.Checks);
        Assert.Empty(_runner.Running);
        Assert.Empty(Directory.EnumerateFiles(_data, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(false, false, true, true)]
    [InlineData(false, true, false, true)]
    [InlineData(true, false, false, false)]
    public void Scripts_run_only_where_they_are_allowed(bool everywhere, bool fromFiles, bool fileRefused, bool apiRefused)
    {
        _registry.Reconfigure(new RegistryOptions { EnableScriptChecks = everywhere, EnableLocalScriptChecks = fromFiles });
        CheckDefinition script = new() { Name = "s", ScriptArgs = ["true"], Interval = Second };
        Assert.Equal(
            fileRefused ? "Scripts are disabled on this agent; to enable, configure 'enable_script_checks' or 'enable_local_script_checks' to true" : null,
            _registry.RegisterCheck(script, RegistrationSource.Config)?.Text);
        Assert.Equal(
            apiRefused ? "Scripts are disabled on this agent from remote calls; to enable, configure 'enable_script_checks' to true" : null,
            _registry.RegisterCheck(script, RegistrationSource.Api)?.Text);
    }

    [Fact]
    public void Short_intervals_are_raised_with_a_warning()
    {
        Register(new ServiceDefinition
        {
            Name = "low",
            Checks = [new CheckDefinition { Tcp = "x:1", Interval = TimeSpan.FromMilliseconds(100), DeregisterCriticalServiceAfter = Second }],
        });
        CheckDefinition running = _state.Current.Checks["service:low"].Definition!;
        Assert.Equal((Second, TimeSpan.FromMinutes(1)), (running.Interval, running.DeregisterCriticalServiceAfter));
        Assert.Contains("[Warning] check has interval below minimum: check=service:low minimum_interval=1s", _logger.Lines);
        Assert.Contains("[Warning] check has deregister interval below minimum: check=service:low minimum_interval=1m0s", _logger.Lines);
    }

    [Fact]
    public void A_service_that_is_critical_for_too_long_is_removed()
    {
        Register(new ServiceDefinition { Name = "web", Checks = [Ttl() with { DeregisterCriticalServiceAfter = TimeSpan.FromMinutes(2) }] });
        Assert.Null(_registry.RegisterCheck(Ttl() with { Name = "node", DeregisterCriticalServiceAfter = TimeSpan.FromMinutes(2) }, RegistrationSource.Api));
        _time.Advance(TimeSpan.FromMinutes(1));
        _state.UpdateCheck("service:web", CheckStatus.Passing, "");
        _state.UpdateCheck("service:web", CheckStatus.Critical, "");
        _time.Advance(TimeSpan.FromMinutes(2));
        _registry.ReapCritical();
        Assert.Contains("web", _state.Current.Services.Keys);
        _time.Advance(Second);
        _registry.ReapCritical();
        Assert.Empty(_state.Current.Services);
        Assert.Equal(["node"], _state.Current.Checks.Keys);
        Assert.Contains("[Information] Check for service has been critical for too long; deregistered service: service=web", _logger.Lines);
    }

    [Fact]
    public async Task The_reaper_looks_every_half_minute()
    {
        Register(new ServiceDefinition { Name = "web", Checks = [Ttl() with { DeregisterCriticalServiceAfter = TimeSpan.FromMinutes(1) }] });
        using CancellationTokenSource stop = new();
        Task reaper = _registry.ReapAsync(stop.Token);
        for (int i = 0; i < 3; i++)
        {
            Assert.Contains("web", _state.Current.Services.Keys);
            _time.Advance(TimeSpan.FromSeconds(30));
            await Task.WhenAny(Until(() => _state.Current.Services.IsEmpty), Task.Delay(20));
        }

        await Until(() => _state.Current.Services.IsEmpty);
        await stop.CancelAsync();
        await reaper.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Maintenance_is_a_critical_check_that_is_made_once()
    {
        Register(new ServiceDefinition { Name = "web" });
        Assert.Equal(new Refusal(RefusalKind.NotFound, "No service registered with ID \"nope\""), _registry.EnableServiceMaintenance("nope", "", ""));
        Assert.Null(_registry.EnableServiceMaintenance("web", "", ""));
        Assert.Null(_registry.EnableServiceMaintenance("web", "other", ""));
        _registry.EnableNodeMaintenance("because", "");
        LocalCheck service = _state.Current.Checks["_service_maintenance:web"];
        Assert.Equal(("Service Maintenance Mode", "maintenance", CheckStatus.Critical, "web"), (service.Name, service.Type, service.Status, service.ServiceId));
        Assert.Equal("Maintenance mode is enabled for this service, but no reason was provided. This is a default message.", service.Notes);
        Assert.Equal(("Node Maintenance Mode", "because"), (_state.Current.Checks["_node_maintenance"].Name, _state.Current.Checks["_node_maintenance"].Notes));
        Assert.Equal(AggregatedStatus.Maintenance, AggregatedHealth.OfServiceId(_state.Current, "web")!.Status);

        (_state, _registry) = Restart();
        _registry.Restore();
        Assert.Equal(["_node_maintenance", "_service_maintenance:web"], _state.Current.Checks.Keys);
        Assert.Equal("because", _state.Current.Checks["_node_maintenance"].Notes);
        Assert.Null(_registry.DisableServiceMaintenance("web"));
        Assert.Null(_registry.DisableServiceMaintenance("web"));
        _registry.DisableNodeMaintenance();
        Assert.Empty(_state.Current.Checks);
        (_state, _registry) = Restart();
        _registry.Restore();
        Assert.Empty(_state.Current.Checks);
    }

    [Theory]
    [InlineData("", AggregatedStatus.Passing, 200)]
    [InlineData("PP", AggregatedStatus.Passing, 200)]
    [InlineData("PW", AggregatedStatus.Warning, 429)]
    [InlineData("WCP", AggregatedStatus.Critical, 503)]
    public void The_worst_check_of_service_and_node_decides(string statuses, AggregatedStatus status, int http)
    {
        Register(new ServiceDefinition { Name = "web" });
        for (int i = 0; i < statuses.Length; i++)
        {
            string word = statuses[i] switch { 'P' => "passing", 'W' => "warning", _ => "critical" };
            Assert.Null(_registry.RegisterCheck(Ttl() with { Name = $"c{i}", ServiceId = i % 2 == 0 ? "web" : "", Status = word }, RegistrationSource.Api));
        }

        ServiceHealth health = AggregatedHealth.OfServiceId(_state.Current, "web")!;
        Assert.Equal((status, http, statuses.Length), (health.Status, health.Status.HttpStatus(), health.Checks.Count));
        Assert.Null(AggregatedHealth.OfServiceId(_state.Current, "nope"));
        Assert.Equal(status, AggregatedHealth.OfServiceName(_state.Current, "web").Worst);
        Assert.Empty(AggregatedHealth.OfServiceName(_state.Current, "nope").Instances);
    }

    [Fact]
    public void A_restart_restores_what_the_API_registered_as_it_was_defined()
    {
        ServiceDefinition web = new()
        {
            Id = "web1",
            Name = "web",
            Tags = ["a", "b"],
            Address = "10.1.2.3",
            Port = 80,
            Kind = "connect-proxy",
            Token = "t",
            EnableTagOverride = true,
            Weights = new ServiceWeights(3, 0),
            Meta = System.Collections.Immutable.ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("k", "v<>&é"),
            Proxy = new ProxyDefinition
            {
                DestinationServiceName = "x",
                DestinationServiceId = "x1",
                LocalServiceAddress = "127.0.0.1",
                LocalServicePort = 5,
                ConfigJson = "{\"a\":1}",
                MeshGatewayMode = "local",
                Upstreams = [new UpstreamDefinition { DestinationName = "db", LocalBindPort = 7, Datacenter = "dc2", ConfigJson = "{}", MeshGatewayMode = "remote", DestinationType = "service" }],
                ExposeChecks = true,
                ExposePaths = [new ExposePath(1, "/m", 2, "http", true)],
            },
        };
        CheckDefinition http = new()
        {
            Id = "h",
            Name = "http",
            Notes = "n",
            ServiceId = "web1",
            Token = "ct",
            Http = "http://x",
            Method = "POST",
            Body = "b",
            Header = System.Collections.Immutable.ImmutableSortedDictionary<string, System.Collections.Immutable.ImmutableArray<string>>.Empty.Add("A", ["1", "2"]),
            Interval = TimeSpan.FromSeconds(30),
            Timeout = TimeSpan.FromMilliseconds(1500),
            TlsServerName = "s",
            TlsSkipVerify = true,
            DisableRedirects = true,
            TcpUseTls = true,
            H2PingUseTls = false,
            OutputMaxSize = 10,
            SuccessBeforePassing = 2,
            FailuresBeforeCritical = 3,
            FailuresBeforeWarning = 1,
            DeregisterCriticalServiceAfter = TimeSpan.FromHours(1),
        };
        Register(web);
        Assert.Null(_registry.RegisterCheck(http, RegistrationSource.Api));
        Assert.Null(_registry.RegisterCheck(new CheckDefinition { Name = "file", Ttl = Second }, RegistrationSource.Config));
        LocalSnapshot before = _state.Current;
        _state.UpdateCheck("h", CheckStatus.Passing, "out");
        Assert.True(_state.Current.Checks["h"].Status == CheckStatus.Passing);

        (_state, _registry) = Restart();
        _registry.Restore();
        Assert.Equal(before.Services["web1"].Definition, _state.Current.Services["web1"].Definition);
        Assert.Equal(["h"], _state.Current.Checks.Keys);
        Assert.Equal(before.Checks["h"].Definition, _state.Current.Checks["h"].Definition);
        Assert.Equal((CheckStatus.Critical, ""), (_state.Current.Checks["h"].Status, _state.Current.Checks["h"].Output));
        Assert.Equal(["h"], _runner.Running);

        Assert.True(_registry.DeregisterService("web1"));
        Assert.False(_registry.DeregisterService("web1"));
        Assert.Empty(Directory.EnumerateFiles(_data, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_TTL_report_survives_a_restart_until_it_expires()
    {
        Assert.Null(_registry.RegisterCheck(new CheckDefinition { Name = "ttl", Ttl = TimeSpan.FromSeconds(30) }, RegistrationSource.Api));
        Assert.Equal(Refusal.Internal("CheckID \"nope\" does not have associated TTL"), _registry.UpdateTtl("nope", CheckStatus.Passing, ""));
        Assert.Null(_registry.UpdateTtl("ttl", CheckStatus.Passing, "well"));
        _time.Advance(TimeSpan.FromSeconds(20));
        (_state, _registry) = Restart();
        _registry.Restore();
        Assert.Equal((CheckStatus.Passing, "well"), (_state.Current.Checks["ttl"].Status, _state.Current.Checks["ttl"].Output));
        _time.Advance(TimeSpan.FromSeconds(11));
        (_state, _registry) = Restart();
        _registry.Restore();
        Assert.Equal((CheckStatus.Critical, ""), (_state.Current.Checks["ttl"].Status, _state.Current.Checks["ttl"].Output));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_data, "checks", "state")));
    }

    [Fact]
    public void Files_that_are_damaged_or_half_written_are_skipped_and_the_others_restored()
    {
        Register(new ServiceDefinition { Name = "good" });
        string services = Path.Combine(_data, "services");
        File.WriteAllText(Path.Combine(services, "aaa"), "{");
        File.WriteAllText(Path.Combine(services, "bbb"), "{\"Service\":{\"Port\":\"x\",\"Service\":\"n\"}}");
        File.WriteAllText(Path.Combine(services, "ccc"), "[]");
        File.WriteAllText(Path.Combine(services, "ddd"), "{\"Service\":{}}");
        File.WriteAllText(Path.Combine(services, "eee.tmp"), "{\"Service\":{\"Service\":\"half\"}}");
        File.WriteAllText(Path.Combine(services, "fff"), "{\"Service\":{\"Service\":\"n\",\"Meta\":{\"a\":\"1\",\"a\":\"2\"}}}");
        File.WriteAllText(Path.Combine(services, "ggg"), new string(' ', 2_000_000));
        (_state, _registry) = Restart();
        _registry.Restore();
        Assert.Equal(["good"], _state.Current.Services.Keys);
        Assert.Equal(6, _logger.Lines.Count(static l => l.StartsWith("[Error] Failed decoding service file", StringComparison.Ordinal)));
        Assert.Single(_logger.Lines, static l => l.StartsWith("[Warning] Ignoring temporary file", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_cut_of_a_saved_file_is_skipped_or_read_but_never_breaks_the_start()
    {
        Register(new ServiceDefinition { Name = "web", Tags = ["é"], Checks = [Ttl() with { Id = "c" }] });
        foreach (string file in Directory.GetFiles(_data, "*", SearchOption.AllDirectories))
        {
            byte[] whole = File.ReadAllBytes(file);
            for (int cut = 0; cut < whole.Length; cut++)
            {
                File.WriteAllBytes(file, whole[..cut]);
                (_state, _registry) = Restart();
                _registry.Restore();
                Assert.True(_state.Current.Services.Count + _state.Current.Checks.Count < 2, $"cut at {cut}");
            }

            File.WriteAllBytes(file, whole);
        }
    }

    [Fact]
    public void Files_are_readable_by_their_owner_only()
    {
        Register(new ServiceDefinition { Name = "web", Checks = [Ttl()] });
        string[] files = Directory.GetFiles(_data, "*", SearchOption.AllDirectories);
        Assert.Equal(2, files.Length);
        foreach (string file in files)
        {
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
    }

    [Fact]
    public void What_cannot_be_saved_is_not_registered()
    {
        File.WriteAllText(Path.Combine(_data, "services"), "in the way");
        RegistrationStoreException e = Assert.Throws<RegistrationStoreException>(() => _registry.RegisterService(new ServiceDefinition { Name = "web" }, RegistrationSource.Api));
        Assert.StartsWith($"failed to write {_data}", e.Message);
        Assert.Empty(_state.Current.Services);
        Assert.Equal(0, _gate.Depth);
    }

    [Fact]
    public void Files_of_the_configuration_win_over_what_was_saved()
    {
        Register(new ServiceDefinition { Name = "web", Port = 1 });
        Register(new ServiceDefinition { Name = "api", Port = 1 });
        (_state, _registry) = Restart();
        Assert.Empty(_registry.ReplaceConfigured([new ServiceDefinition { Name = "web", Port = 2 }], []));
        _registry.Restore();
        Assert.Equal(2, _state.Current.Services["web"].Definition.Port);
        Assert.Equal(1, _state.Current.Services["api"].Definition.Port);
        Assert.Single(Directory.GetFiles(Path.Combine(_data, "services")));
    }

    [Fact]
    public void A_reload_removes_what_files_no_longer_name_and_keeps_status_and_the_API_s()
    {
        Assert.Empty(_registry.ReplaceConfigured(
            [new ServiceDefinition { Name = "a", Checks = [Ttl(), Ttl()] }, new ServiceDefinition { Name = "b" }], [Ttl() with { Name = "disk" }, Ttl() with { Name = "cpu" }]));
        Register(new ServiceDefinition { Name = "api" });
        _state.UpdateCheck("service:a:1", CheckStatus.Passing, "x");
        _state.UpdateCheck("disk", CheckStatus.Passing, "y");
        IReadOnlyList<Refusal> refused = _registry.ReplaceConfigured(
            [new ServiceDefinition { Name = "a", Checks = [Ttl() with { Id = "service:a:1" }] }, new ServiceDefinition { Name = "" }],
            [Ttl() with { Name = "disk" }, Ttl() with { Name = "n", ServiceId = "zz" }]);
        Assert.Equal(["a", "api"], _state.Current.Services.Keys);
        Assert.Equal(["disk", "service:a:1"], _state.Current.Checks.Keys);
        Assert.All(_state.Current.Checks.Values, static c => Assert.Equal(CheckStatus.Passing, c.Status));
        Assert.Equal(
            ["Failed to register service \"\": Service name missing", "Failed to register check 'n': ServiceID \"zz\" does not exist"],
            refused.Select(static r => r.Text));
        Assert.Equal(0, _gate.Depth);
    }

    public void Dispose()
    {
        _state.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private static CheckDefinition Ttl() => new() { Ttl = TimeSpan.FromSeconds(10) };

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }

    private void Register(ServiceDefinition service) => Assert.Null(_registry.RegisterService(service, RegistrationSource.Api));

    private (LocalState State, LocalRegistry Registry) Restart()
    {
        _state?.Dispose();
        _runner.Running.Clear();
        LocalState state = new(new LocalStateOptions("n1", TimeSpan.FromMinutes(5)), _time, static max => max);
        return (state, new LocalRegistry(state, _runner, _gate, new RegistrationStore(_data, "n1", _logger), new RegistryOptions(), _time, _logger));
    }

    private sealed class FakeRunner : ICheckRunner
    {
        public HashSet<string> Running { get; } = [];

        public void Start(string checkId, CheckDefinition definition) => Running.Add(checkId);

        public void Stop(string checkId) => Running.Remove(checkId);

        public string? ReportTtl(string checkId, CheckStatus status, string output) => Running.Contains(checkId) ? output : null;
    }

    private sealed class FakeGate : ISyncGate
    {
        public int Depth { get; private set; }

        public void Pause() => Depth++;

        public void Resume() => Depth--;
    }
}
