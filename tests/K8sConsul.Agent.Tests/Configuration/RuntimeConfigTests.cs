using System.Net;
using K8sConsul.Addresses;
using K8sConsul.Agent.Configuration;

namespace K8sConsul.Agent.Tests.Configuration;

public sealed class RuntimeConfigTests
{
    [Fact]
    public void Defaults_are_those_of_a_client()
    {
        RuntimeConfig config = Accepted("");
        Assert.Equal("host1", config.Identity.NodeName);
        Assert.Equal("dc1", config.Identity.Datacenter);
        Assert.Equal("dc1", config.Identity.PrimaryDatacenter);
        Assert.False(config.Server.Enabled);
        Assert.True(config.Leave.OnTerminate);
        Assert.False(config.Leave.SkipOnInterrupt);
        Assert.Equal(TimeSpan.FromSeconds(5), config.Leave.DrainTime);
        Assert.Equal(TimeSpan.FromSeconds(5), config.Raft.HeartbeatTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), config.Raft.ElectionTimeout);
        Assert.Equal(TimeSpan.FromSeconds(2.5), config.Raft.LeaderLeaseTimeout);
        Assert.Equal(16384, config.Raft.SnapshotThreshold);
        Assert.Equal(TimeSpan.FromMilliseconds(200), config.Gossip.Lan.GossipInterval);
        Assert.Equal(6, config.Gossip.Wan.SuspicionMultiplier);
        Assert.Equal(TimeSpan.FromHours(72), config.Gossip.ReconnectTimeoutLan);
        Assert.True(config.Gossip.EncryptKey.IsEmpty);
        Assert.Equal("consul.", config.Dns.Domain);
        Assert.Equal(new SoaConfig(3600, 600, 86400, 0), config.Dns.Soa);
        Assert.Equal(TimeSpan.FromHours(87600), config.Dns.MaxStale);
        Assert.Equal(["127.0.0.1:8600"], config.Addresses.Dns.Select(address => address.ToString()));
        Assert.Equal(["127.0.0.1:8500"], config.Addresses.Http.Select(address => address.ToString()));
        Assert.Equal(524288UL, config.Limits.KvValueBytesMax);
        Assert.Equal(double.PositiveInfinity, config.Limits.RpcRate);
        Assert.Equal(TimeSpan.FromMinutes(5), config.Queries.DefaultQueryTime);
        Assert.Null(config.Http.AllowWriteFrom);
        Assert.Null(config.Addresses.SerfLanAllowed);
        Assert.Equal(TimeSpan.FromMinutes(1), config.Timing.AntiEntropyInterval);
        Assert.Equal("INFO", config.Log.Level);
    }

    [Fact]
    public void Servers_stay_where_clients_leave()
    {
        RuntimeConfig config = Accepted("server = true");
        Assert.False(config.Leave.OnTerminate);
        Assert.True(config.Leave.SkipOnInterrupt);
    }

    [Fact]
    public void Development_mode_needs_nothing_and_is_quick()
    {
        ConfigOutcome outcome = new ConfigLoader(FakeMachine.Usual().AsHost()).Load(new ConfigInputs { DevMode = true });
        RuntimeConfig config = outcome.Config!;
        Assert.Empty(outcome.Warnings);
        Assert.True(config.DevMode && config.Server.Enabled);
        Assert.False(config.Server.Bootstrap);
        Assert.Equal(IPAddress.Loopback, config.Addresses.AdvertiseLan);
        Assert.Equal(TimeSpan.FromMilliseconds(35), config.Raft.HeartbeatTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(52), config.Raft.ElectionTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(100), config.Gossip.Lan.GossipInterval);
        Assert.Equal(3, config.Gossip.Wan.SuspicionMultiplier);
        Assert.Equal("DEBUG", config.Log.Level);
        Assert.True(config.Gossip.DisableKeyringFile && config.Http.EnableDebug);
        Assert.Equal(-1, config.Ports.Grpc);
        Assert.Equal(TimeSpan.FromMilliseconds(10), config.Timing.ServerHealthInterval);
    }

    [Theory]
    [InlineData("bootstrap_expect = 3", "'bootstrap_expect > 0' not allowed in dev mode")]
    [InlineData("connect { enabled = true }", "connect.enabled: this build does not implement Connect yet; remove the key")]
    [InlineData("ui = true", "ui: this build does not implement the web UI yet; remove the key")]
    [InlineData("ports { grpc = 8502 }", "ports.grpc: this build does not implement the gRPC port for proxies yet; remove the key")]
    public void Development_mode_refuses_what_is_asked_for_and_not_there(string source, string error)
    {
        ConfigOutcome outcome = new ConfigLoader(FakeMachine.Usual().AsHost()).Load(
            new ConfigInputs { DevMode = true, HclFragments = [source] });
        Assert.Equal(error, outcome.Error);
    }

    [Theory]
    [InlineData("acl { enabled = false } connect { enabled = false } ui = false verify_incoming = false ca_file = \"\"")]
    [InlineData("watches = [] primary_gateways = [] disable_remote_exec = true auto_encrypt { tls = false } peering { enabled = false }")]
    [InlineData("ports { https = -1 grpc = 0 grpc_tls = -1 } raft_protocol = 3 protocol = 0 limits { request_limits { mode = \"disabled\" } }")]
    [InlineData("raft_logstore { backend = \"wal\" verification { enabled = false } } partition = \"default\" retry_join = [\"a:1\"]")]
    public void A_value_that_asks_for_nothing_passes(string source)
    {
        Accepted(source);
    }

    [Theory]
    [InlineData("acl { enabled = true }", "acl.enabled")]
    [InlineData("acl_datacenter = \"dc1\"", "acl_datacenter")]
    [InlineData("ca_file = \"x\"", "ca_file")]
    [InlineData("tls { defaults { verify_incoming = true } }", "tls")]
    [InlineData("watches { type = \"key\" }", "watches")]
    [InlineData("telemetry { circonus_api_token = \"x\" }", "telemetry.circonus_api_token")]
    [InlineData("retry_join = [\"a\", \"provider=k8s x=y\"]", "retry_join")]
    [InlineData("enable_syslog = true", "enable_syslog")]
    [InlineData("raft_protocol = 2", "raft_protocol")]
    [InlineData("config_entries { bootstrap { kind = \"proxy-defaults\" } }", "config_entries.bootstrap")]
    [InlineData("services { name = \"a\" } services { name = \"b\" connect { sidecar_service {} } }", "services[1].connect.sidecar_service")]
    [InlineData("disable_remote_exec = false", "disable_remote_exec")]
    [InlineData("license_path = \"x\"", "license_path")]
    public void A_feature_that_is_not_built_is_refused_by_name(string source, string key)
    {
        ConfigOutcome outcome = Load(source);
        Assert.Null(outcome.Config);
        Assert.StartsWith($"{key}: this build does not implement ", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith(" yet; remove the key", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Advertised_addresses_follow_each_other()
    {
        RuntimeConfig config = Accepted(
            "bind_addr = \"10.0.0.1\" advertise_addr = \"10.0.0.2\" advertise_addr_wan = \"fd00::1\" tagged_addresses { x = \"y\" } "
            + "serf_lan = \"10.0.0.3\" advertise_addr_ipv6 = \"fd00::9\"");
        Assert.Equal("10.0.0.1:8300", config.Addresses.RpcBind.ToString());
        Assert.Equal("10.0.0.2:8300", config.Addresses.RpcAdvertise.ToString());
        Assert.Equal("10.0.0.3:8301", config.Addresses.SerfLanBind.ToString());
        Assert.Equal("10.0.0.2:8301", config.Addresses.SerfLanAdvertise.ToString());
        Assert.Equal("[fd00::1]:8302", config.Addresses.SerfWanAdvertise.ToString());
        Assert.Equal(
            "lan=10.0.0.2 lan_ipv4=10.0.0.2 lan_ipv6=fd00::9 wan=fd00::1 wan_ipv6=fd00::9 x=y",
            string.Join(' ', config.Addresses.Tagged.Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Theory]
    [InlineData("0.0.0.0", "10.0.0.5/8", "", "10.0.0.5")]
    [InlineData("0.0.0.0", "8.8.8.8/8", "10.0.0.5/8", "10.0.0.5")]
    [InlineData("0.0.0.0", "8.8.8.8/8", "", "No private IPv4 address found")]
    [InlineData("0.0.0.0", "10.0.0.5/8", "10.0.0.6/8", "Multiple private IPv4 addresses found. Please configure one with 'bind' and/or 'advertise'.")]
    [InlineData("::", "2600::1/64", "fd00::1/64", "2600::1")]
    [InlineData("[::]", "fd00::1/64", "", "No public IPv6 address found")]
    public void Bound_to_all_the_agent_finds_its_own_address(string bind, string first, string second, string expected)
    {
        var machine = new FakeMachine().With(
            "lo", "127.0.0.1/8", AddressTemplatesLoopback);
        machine = first.Length > 0 ? machine.With("eth0", first) : machine;
        machine = second.Length > 0 ? machine.With("eth1", second) : machine;
        ConfigOutcome outcome = new ConfigLoader(machine.AsHost()).Load(
            new ConfigInputs { HclFragments = [$"data_dir = \"d\" bind_addr = \"{bind}\""] });
        Assert.Equal(expected, outcome.Config?.Addresses.AdvertiseLan.ToString() ?? outcome.Error);
    }

    private const InterfaceFlags AddressTemplatesLoopback =
        InterfaceFlags.Up | InterfaceFlags.Loopback;

    [Fact]
    public void Old_names_of_keys_are_understood_and_new_ones_win()
    {
        RuntimeConfig config = Accepted(
            "acl_token = \"old\" acl_agent_token = \"agent\" acl { tokens { default = \"new\" } } acl_default_policy = \"deny\"");
        Assert.Equal("new", config.Acl.DefaultToken);
        Assert.Equal("agent", config.Acl.AgentToken);
        Assert.Equal("deny", config.Acl.DefaultPolicy);
    }

    [Fact]
    public void A_service_and_its_checks_are_read_in_full()
    {
        RuntimeConfig config = Accepted("""
            service {
              id = "web1" name = "web" tags = ["a", "b"] address = "10.0.0.1" port = 80 token = "t" enable_tag_override = true
              meta { k = "v" } weights { passing = 3 warning = 2 } tagged_addresses { wan { address = "1.2.3.4" port = 90 } }
              connect { native = true }
              proxy { config { a = 1 } upstreams = [{ destination_name = "db" local_bind_port = 1234 mesh_gateway { mode = "local" } }] }
              check {
                http = "http://x" method = "POST" body = "b" header { X = ["1", "2"] } interval = "10s" timeout = "1s"
                tls_skip_verify = true success_before_passing = 2 failures_before_critical = 3 output_max_size = 100
                DeregisterCriticalServiceAfter = "1h"
              }
              checks = [{ h2ping = "h:1" interval = "1s" }, { args = ["/bin/x", "-y"] }]
            }
            """);
        ServiceDefinition service = Assert.Single(config.ServiceDefinitions);
        Assert.Equal("web1 web a,b 10.0.0.1 80 t True", $"{service.Id} {service.Name} {string.Join(',', service.Tags)} {service.Address} {service.Port} {service.Token} {service.EnableTagOverride}");
        Assert.Equal((3, 2), (service.PassingWeight, service.WarningWeight));
        Assert.Equal(new ServiceAddressDefinition("1.2.3.4", 90), service.TaggedAddresses["wan"]);
        Assert.True(service.ConnectNative && service.HasConnect);
        UpstreamDefinition upstream = Assert.Single(service.Proxy!.Upstreams);
        Assert.Equal(("service", "db", 1234, "local"), (upstream.DestinationType, upstream.DestinationName, upstream.LocalBindPort, upstream.MeshGatewayMode));
        Assert.Equal(3, service.Checks.Count);
        Assert.True(service.Checks[0].H2PingUseTls);
        Assert.Equal(["/bin/x", "-y"], service.Checks[1].ScriptArgs);
        CheckDefinition http = service.Checks[2];
        Assert.Equal(("http://x", "POST", "b"), (http.Http, http.Method, http.Body));
        Assert.Equal(["1", "2"], http.Header["X"]);
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1)), (http.Interval, http.Timeout));
        Assert.Equal(TimeSpan.FromHours(1), http.DeregisterCriticalServiceAfter);
        Assert.Equal((2, 3, 3, 100), (http.SuccessBeforePassing, http.FailuresBeforeCritical, http.FailuresBeforeWarning, http.OutputMaxSize));
    }

    [Fact]
    public void Unix_sockets_and_addresses_mix()
    {
        RuntimeConfig config = Accepted("addresses { http = \"unix:///run/c.sock 127.0.0.2\" } ports { http = 1234 } unix_sockets { mode = \"0700\" }");
        Assert.Equal(["/run/c.sock", "127.0.0.2:1234"], config.Addresses.Http.Select(endpoint => endpoint.ToString()));
        Assert.True(config.Addresses.Http[0].IsUnixSocket);
        Assert.Equal("0700", config.Http.UnixSocketMode);
    }

    [Fact]
    public void A_reload_takes_over_what_may_change_and_nothing_else()
    {
        RuntimeConfig running = Accepted("log_level = \"INFO\" domain = \"a\" node_name = \"n\"");
        RuntimeConfig wanted = Accepted(
            "log_level = \"DEBUG\" domain = \"b\" node_name = \"m\" service { name = \"s\" } node_meta { a = \"b\" } "
            + "limits { rpc_rate = 5 kv_max_value_size = 7 } dns_config { only_passing = true } discard_check_output = true");
        ReloadPlan plan = ReloadPlan.Between(running, wanted);
        Assert.Equal(
            ReloadScope.LogLevel | ReloadScope.Services | ReloadScope.NodeMeta | ReloadScope.RpcLimits | ReloadScope.Dns | ReloadScope.CheckOutput,
            plan.Scope);
        Assert.Equal(("DEBUG", "a.", "n"), (plan.Config.Log.Level, plan.Config.Dns.Domain, plan.Config.Identity.NodeName));
        Assert.Equal((5.0, 524288UL), (plan.Config.Limits.RpcRate, plan.Config.Limits.KvValueBytesMax));
        Assert.True(plan.Config.Dns.OnlyPassing);
        Assert.Equal(ReloadScope.None, ReloadPlan.Between(running, Accepted("log_level = \"info\" domain = \"a\" node_name = \"n\"")).Scope);
    }

    [Theory]
    [InlineData("a", false, 0)]
    [InlineData("YWJj", true, 3)]
    [InlineData("YWI=", true, 2)]
    [InlineData("YQ==", true, 1)]
    [InlineData("YW\nJj", true, 3)]
    [InlineData("", true, 0)]
    public void Base64_is_read_as_Go_reads_it(string text, bool valid, int length)
    {
        Assert.Equal(valid, Base64Text.TryDecode(text, out byte[] bytes, out _));
        Assert.Equal(length, bytes.Length);
    }

    [Fact]
    public void Base64_agrees_with_the_framework()
    {
        var random = new Random(31);
        for (int round = 0; round < 2_000; round++)
        {
            byte[] bytes = new byte[random.Next(0, 40)];
            random.NextBytes(bytes);
            Assert.True(Base64Text.TryDecode(Convert.ToBase64String(bytes), out byte[] decoded, out _));
            Assert.Equal(bytes, decoded);
        }
    }

    private static RuntimeConfig Accepted(string source)
    {
        ConfigOutcome outcome = Load(source);
        Assert.True(outcome.Config is not null, outcome.Error);
        return outcome.Config;
    }

    private static ConfigOutcome Load(string source)
    {
        return new ConfigLoader(FakeMachine.Usual().AsHost()).Load(
            new ConfigInputs { HclFragments = ["data_dir = \"d\" bind_addr = \"127.0.0.1\"", source] });
    }
}
