using K8sConsul.Addresses;
using K8sConsul.Agent.Configuration.Schema;
using K8sConsul.Go;

namespace K8sConsul.Agent.Configuration;

/// <summary>From merged settings to a runtime configuration. Parts: addresses, services, and the plain values here.</summary>
/// <remarks>
/// Two kinds of mistakes, as in Consul: some end the building at once (<see cref="ConfigRefusedException"/>), those in values
/// are collected and told when nothing else is wrong.
/// </remarks>
internal sealed partial class RuntimeConfigBuilder
{
    /// <summary>Of one raft multiplier; a server with the default of 5 waits five times as long.</summary>
    private static readonly TimeSpan _raftTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _raftLease = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _devRaftHeartbeat = TimeSpan.FromMilliseconds(35);
    private static readonly TimeSpan _devRaftElection = TimeSpan.FromMilliseconds(52);
    private static readonly TimeSpan _devRaftLease = TimeSpan.FromMilliseconds(20);

    private const int RaftMultiplierMax = 10;

    private readonly Settings _settings;
    private readonly ConfigHost _host;
    private readonly bool _devMode;
    private readonly ValueReader _values;
    private readonly List<string> _warnings;

    private string? _encryptMistake;
    private bool _dnsHasUnixSocket;
    private IReadOnlyList<ClientEndpoint> _httpsListeners = [];

    public RuntimeConfigBuilder(Settings settings, ConfigHost host, bool devMode, List<string> warnings)
    {
        _settings = settings;
        _host = host;
        _devMode = devMode;
        _warnings = warnings;
        _values = new ValueReader(new AddressTemplate(host.Interfaces));
    }

    private ErrorList Mistakes => _values.Mistakes;

    /// <summary>After <see cref="Build"/>: what only the validation wants to know.</summary>
    public ValidationFacts Facts => new(Mistakes, _encryptMistake, _dnsHasUnixSocket, _httpsListeners);

    public RuntimeConfig Build()
    {
        List<CheckDefinition> checks = [.. _settings.Sections("checks").Select(Check)];
        List<ServiceDefinition> services = [.. _settings.Sections("services").Select(Service)];
        PortConfig ports = Ports();
        AddressConfig addresses = Addresses(ports);
        DnsConfig dns = Dns();
        string datacenter = Text("datacenter").ToLowerInvariant();
        TelemetryConfig telemetry = Telemetry();
        RaftConfig raft = Raft();
        JudgeUnused();
        return new RuntimeConfig
        {
            DevMode = _devMode,
            Identity = Identity(datacenter),
            Server = Server(),
            Addresses = addresses,
            Ports = ports,
            Join = Join(),
            Leave = Leave(),
            Gossip = Gossip(),
            Raft = raft,
            Autopilot = Autopilot(),
            Dns = dns,
            Http = Http(),
            Limits = Limits(),
            Queries = Queries(),
            Checks = Checks(),
            Acl = Acl(),
            Log = Log(),
            Telemetry = telemetry,
            Cache = Cache(),
            Timing = Timing(),
            ServiceDefinitions = services,
            CheckDefinitions = checks,
        };
    }

    /// <summary>Values of features that are off: Consul judges them all the same.</summary>
    private void JudgeUnused()
    {
        _ = Duration("primary_gateways_interval");
        Settings autoConfig = _settings.Section("auto_config");
        WarnOfAddresses("AutoEncrypt.IPSAN", _settings.Section("auto_encrypt").Texts("ip_san"));
        WarnOfAddresses("auto_config.ip_sans", autoConfig.Texts("ip_sans"));
        Settings rules = autoConfig.Section("authorization").Section("static");
        foreach (string key in new[] { "expiration_leeway", "not_before_leeway", "clock_skew_leeway" })
        {
            _ = _values.Duration($"auto_config.authorization.static.{key}", rules.Text(key));
        }

        Settings connect = _settings.Section("connect");
        if ((connect.Flag("enable_mesh_gateway_wan_federation") ?? false) && !(connect.Flag("enabled") ?? false))
        {
            throw new ConfigRefusedException("'connect.enable_mesh_gateway_wan_federation=true' requires 'connect.enabled=true'");
        }

        void WarnOfAddresses(string name, IReadOnlyList<string> texts)
        {
            foreach (string text in texts.Where(text => !IpText.TryParse(text, out _)))
            {
                _warnings.Add($"Cannot parse ip {GoText.Quote(text)} from {name}");
            }
        }
    }

    private IdentityConfig Identity(string datacenter)
    {
        string primary = (_settings.Text("primary_datacenter") ?? Text("acl_datacenter")).ToLowerInvariant();
        string name = Text("node_name");
        return new IdentityConfig
        {
            NodeName = (name.Length == 0 ? _host.HostName : name).Trim(),
            NodeId = Text("node_id"),
            DisableHostNodeId = Flag("disable_host_node_id"),
            NodeMeta = _settings.TextMap("node_meta"),
            Datacenter = datacenter,
            PrimaryDatacenter = primary.Length == 0 ? datacenter : primary,
            DataDirectory = Text("data_dir"),
            PidFile = Text("pid_file"),
        };
    }

    private ServerConfig Server()
    {
        bool bootstrap = Flag("bootstrap");
        int expect = Integer(_settings, "bootstrap_expect");
        if (expect == 1)
        {
            _warnings.Add("BootstrapExpect is set to 1; this is the same as Bootstrap mode.");
            bootstrap = true;
            expect = 0;
        }

        return new ServerConfig
        {
            Enabled = Flag("server"),
            Bootstrap = bootstrap,
            BootstrapExpect = expect,
            RejoinAfterLeave = Flag("rejoin_after_leave"),
            RpcHoldTimeout = Duration("performance", "rpc_hold_timeout"),
        };
    }

    private LeaveConfig Leave()
    {
        bool server = Flag("server");
        return new LeaveConfig
        {
            OnTerminate = _settings.Flag("leave_on_terminate") ?? !server,
            SkipOnInterrupt = _settings.Flag("skip_leave_on_interrupt") ?? server,
            DrainTime = Duration("performance", "leave_drain_time"),
        };
    }

    private JoinConfig Join()
    {
        return new JoinConfig
        {
            StartLan = _values.Hosts("start_join", _settings.Texts("start_join")),
            StartWan = _values.Hosts("start_join_wan", _settings.Texts("start_join_wan")),
            RetryLan = _values.Hosts("retry_join", _settings.Texts("retry_join")),
            RetryWan = _values.Hosts("retry_join_wan", _settings.Texts("retry_join_wan")),
            RetryIntervalLan = Duration("retry_interval"),
            RetryIntervalWan = Duration("retry_interval_wan"),
            RetryMaxLan = Integer(_settings, "retry_max"),
            RetryMaxWan = Integer(_settings, "retry_max_wan"),
        };
    }

    private GossipConfig Gossip()
    {
        string key = Text("encrypt");
        if (!Base64Text.TryDecode(key, out byte[] bytes, out int wrongByte))
        {
            // Told by the validation, in its place; here there is only no key.
            _encryptMistake = $"encrypt has invalid key: illegal base64 data at input byte {wrongByte}";
        }

        return new GossipConfig
        {
            Lan = GossipTimingOf("gossip_lan"),
            Wan = GossipTimingOf("gossip_wan"),
            EncryptKey = bytes,
            VerifyIncoming = Flag("encrypt_verify_incoming"),
            VerifyOutgoing = Flag("encrypt_verify_outgoing"),
            DisableKeyringFile = Flag("disable_keyring_file"),
            ReconnectTimeoutLan = Duration("reconnect_timeout"),
            ReconnectTimeoutWan = Duration("reconnect_timeout_wan"),
            DisableCoordinates = Flag("disable_coordinates"),
        };
    }

    private GossipTiming GossipTimingOf(string section)
    {
        Settings settings = _settings.Section(section);
        return new GossipTiming
        {
            // Consul's texts have two dots here.
            GossipInterval = _values.Duration($"{section}..gossip_interval", settings.Text("gossip_interval")),
            GossipNodes = Integer(settings, "gossip_nodes"),
            ProbeInterval = _values.Duration($"{section}..probe_interval", settings.Text("probe_interval")),
            ProbeTimeout = _values.Duration($"{section}..probe_timeout", settings.Text("probe_timeout")),
            SuspicionMultiplier = Integer(settings, "suspicion_mult"),
            RetransmitMultiplier = Integer(settings, "retransmit_mult"),
        };
    }

    private RaftConfig Raft()
    {
        long multiplier = _settings.Section("performance").Integer("raft_multiplier") ?? 0;
        if (multiplier is < 1 or > RaftMultiplierMax)
        {
            throw new ConfigRefusedException(
                $"performance.raft_multiplier cannot be {multiplier}. Must be between 1 and {RaftMultiplierMax}");
        }

        return new RaftConfig
        {
            ProtocolVersion = Integer(_settings, "raft_protocol"),
            ConsulProtocolVersion = Integer(_settings, "protocol"),
            Multiplier = (int)multiplier,
            HeartbeatTimeout = (_devMode ? _devRaftHeartbeat : _raftTimeout) * multiplier,
            ElectionTimeout = (_devMode ? _devRaftElection : _raftTimeout) * multiplier,
            LeaderLeaseTimeout = (_devMode ? _devRaftLease : _raftLease) * multiplier,
            SnapshotThreshold = Integer(_settings, "raft_snapshot_threshold"),
            SnapshotInterval = Duration("raft_snapshot_interval"),
            TrailingLogs = Integer(_settings, "raft_trailing_logs"),
        };
    }

    private AutopilotConfig Autopilot()
    {
        Settings autopilot = _settings.Section("autopilot");
        return new AutopilotConfig
        {
            CleanupDeadServers = autopilot.Flag("cleanup_dead_servers") ?? false,
            LastContactThreshold = Duration("autopilot", "last_contact_threshold"),
            TrailingLogsMax = Integer(autopilot, "max_trailing_logs"),
            QuorumMin = (uint)Math.Min(autopilot.Integer("min_quorum") ?? 0, uint.MaxValue),
            ServerStabilizationTime = Duration("autopilot", "server_stabilization_time"),
        };
    }

    private AclConfig Acl()
    {
        Settings acl = _settings.Section("acl");
        Settings tokens = acl.Section("tokens");
        _ = _values.Duration("acl.policy_ttl", acl.Text("policy_ttl"));
        _ = _values.Duration("acl.role_ttl", acl.Text("role_ttl"));

        // The old name is told only where it was the one in use.
        _ = acl.Text("token_ttl") is { } ttl
            ? _values.Duration("acl.token_ttl", ttl)
            : _values.Duration("acl_ttl", _settings.Text("acl_ttl"));
        return new AclConfig
        {
            // Old configurations switch ACLs on by naming the datacenter that holds them.
            Enabled = (acl.Flag("enabled") ?? false) || Text("acl_datacenter").Length > 0,
            DefaultPolicy = _settings.Text("acl_default_policy") ?? acl.Text("default_policy") ?? string.Empty,
            DownPolicy = _settings.Text("acl_down_policy") ?? acl.Text("down_policy") ?? string.Empty,
            DefaultToken = tokens.Text("default") ?? Text("acl_token"),
            AgentToken = tokens.Text("agent") ?? Text("acl_agent_token"),
        };
    }

    private QueryConfig Queries()
    {
        return new QueryConfig
        {
            DefaultQueryTime = Duration("default_query_time"),
            MaxQueryTime = Duration("max_query_time"),
            DiscoveryMaxStale = Duration("discovery_max_stale"),
            SessionTtlMin = Duration("session_ttl_min"),
        };
    }

    private CheckConfig Checks()
    {
        bool remote = Flag("enable_script_checks");
        return new CheckConfig
        {
            EnableRemoteScripts = remote,
            EnableLocalScripts = _settings.Flag("enable_local_script_checks") ?? remote,
            UpdateInterval = Duration("check_update_interval"),
            OutputBytesMax = Integer(_settings, "check_output_max_size"),
            DiscardOutput = Flag("discard_check_output"),
        };
    }

    private LogConfig Log()
    {
        return new LogConfig
        {
            Level = Text("log_level"),
            Json = Flag("log_json"),
            File = Text("log_file"),
            RotateDuration = Duration("log_rotate_duration"),
            RotateBytes = _settings.Integer("log_rotate_bytes") ?? 0,
            RotateMaxFiles = Integer(_settings, "log_rotate_max_files"),
        };
    }

    private TimingConfig Timing()
    {
        return new TimingConfig
        {
            AntiEntropyInterval = TimeSpan.FromMinutes(1),
            CheckDeregisterIntervalMin = TimeSpan.FromMinutes(1),
            CheckReapInterval = TimeSpan.FromSeconds(30),
            CoordinateIntervalMin = TimeSpan.FromSeconds(15),
            CoordinateRateTarget = 64,
            CoordinateUpdateBatchSize = 128,
            CoordinateUpdateBatchesMax = 5,
            CoordinateUpdatePeriod = _devMode ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(5),
            ServerHealthInterval = _devMode ? TimeSpan.FromMilliseconds(10) : TimeSpan.FromSeconds(2),
        };
    }

    private TelemetryConfig Telemetry()
    {
        Settings telemetry = _settings.Section("telemetry");
        var allowed = new List<string>();
        var blocked = new List<string>();
        foreach (string rule in telemetry.Texts("prefix_filter"))
        {
            switch (rule)
            {
                case "":
                    _warnings.Add("Cannot have empty filter rule in prefix_filter");
                    break;
                case ['+', ..]:
                    allowed.Add(rule[1..]);
                    break;
                case ['-', ..]:
                    blocked.Add(rule[1..]);
                    break;
                default:
                    _warnings.Add($"Filter rule must begin with either '+' or '-': {GoText.Quote(rule)}");
                    break;
            }
        }

        return new TelemetryConfig
        {
            MetricsPrefix = telemetry.Text("metrics_prefix") ?? string.Empty,
            DisableHostname = telemetry.Flag("disable_hostname") ?? false,
            FilterDefault = telemetry.Flag("filter_default") ?? false,
            AllowedPrefixes = allowed,
            BlockedPrefixes = blocked,
            PrometheusRetentionTime = _values.Duration("prometheus_retention_time", telemetry.Text("prometheus_retention_time")),
            StatsdAddress = telemetry.Text("statsd_address") ?? string.Empty,
            StatsiteAddress = telemetry.Text("statsite_address") ?? string.Empty,
            DogstatsdAddress = telemetry.Text("dogstatsd_addr") ?? string.Empty,
            DogstatsdTags = [.. telemetry.Texts("dogstatsd_tags")],
        };
    }

    private CacheConfig Cache()
    {
        Settings cache = _settings.Section("cache");
        double rate = cache.Real("entry_fetch_rate") ?? double.PositiveInfinity;
        long burst = cache.Integer("entry_fetch_max_burst") ?? 2;
        if (rate <= 0)
        {
            throw new ConfigRefusedException($"cache.entry_fetch_rate must be strictly positive, was: {GoReal.Format(rate)}");
        }

        if (burst <= 0)
        {
            throw new ConfigRefusedException($"cache.entry_fetch_max_burst must be strictly positive, was: {burst}");
        }

        return new CacheConfig { EntryFetchRate = rate, EntryFetchBurstMax = Clamped(burst) };
    }

    private string Text(string key)
    {
        return _settings.Text(key) ?? string.Empty;
    }

    private bool Flag(string key)
    {
        return _settings.Flag(key) ?? false;
    }

    private TimeSpan Duration(string key)
    {
        return _values.Duration(key, _settings.Text(key));
    }

    private TimeSpan Duration(string section, string key)
    {
        return _values.Duration($"{section}.{key}", _settings.Section(section).Text(key));
    }

    private static int Integer(Settings settings, string key)
    {
        return Clamped(settings.Integer(key) ?? 0);
    }

    /// <summary>Go's int has 64 bits; nothing configured needs more than 31 of them, and the largest means "very many".</summary>
    private static int Clamped(long value)
    {
        return (int)Math.Clamp(value, int.MinValue, int.MaxValue);
    }
}
