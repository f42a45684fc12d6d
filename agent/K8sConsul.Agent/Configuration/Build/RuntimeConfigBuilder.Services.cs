using K8sConsul.Agent.Configuration.Schema;
using K8sConsul.Go;
using K8sConsul.Hcl;

namespace K8sConsul.Agent.Configuration;

/// <summary>Service and check definitions.</summary>
internal sealed partial class RuntimeConfigBuilder
{
    private const int DnsWeightMax = ushort.MaxValue;

    private CheckDefinition Check(Settings check)
    {
        string id = check.Text("id") ?? string.Empty;
        var headers = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach ((string name, object values) in check.Map("header"))
        {
            headers[name] = (List<string>)values;
        }

        string h2Ping = check.Text("h2ping") ?? string.Empty;
        int failuresBeforeCritical = Integer(check, "failures_before_critical");
        return new CheckDefinition
        {
            Id = id,
            Name = TextOf("name"),
            Notes = TextOf("notes"),
            ServiceId = TextOf("service_id"),
            Token = TextOf("token"),
            Status = TextOf("status"),
            ScriptArgs = check.Texts("args"),
            Http = TextOf("http"),
            Method = TextOf("method"),
            Header = headers,
            Body = TextOf("body"),
            DisableRedirects = check.Flag("disable_redirects") ?? false,
            Tcp = TextOf("tcp"),
            TcpUseTls = check.Flag("tcp_use_tls") ?? false,
            Udp = TextOf("udp"),
            Grpc = TextOf("grpc"),
            GrpcUseTls = check.Flag("grpc_use_tls") ?? false,
            H2Ping = h2Ping,
            H2PingUseTls = check.Flag("h2ping_use_tls") ?? h2Ping.Length > 0,
            OsService = TextOf("os_service"),
            DockerContainerId = TextOf("docker_container_id"),
            Shell = TextOf("shell"),
            AliasNode = TextOf("alias_node"),
            AliasService = TextOf("alias_service"),
            TlsServerName = TextOf("tls_server_name"),
            TlsSkipVerify = check.Flag("tls_skip_verify") ?? false,
            Interval = DurationOf("interval"),
            Timeout = DurationOf("timeout"),
            Ttl = DurationOf("ttl"),
            DeregisterCriticalServiceAfter = DurationOf("deregister_critical_service_after"),
            OutputMaxSize = Clamped(check.Integer("output_max_size") ?? CheckDefinition.DefaultOutputBytes),
            SuccessBeforePassing = Integer(check, "success_before_passing"),
            FailuresBeforeCritical = failuresBeforeCritical,
            FailuresBeforeWarning = Clamped(check.Integer("failures_before_warning") ?? failuresBeforeCritical),
        };

        string TextOf(string key)
        {
            return check.Text(key) ?? string.Empty;
        }

        TimeSpan DurationOf(string key)
        {
            return _values.Duration($"check[{id}].{key}", check.Text(key));
        }
    }

    private ServiceDefinition Service(Settings service)
    {
        var checks = new List<CheckDefinition>(service.Sections("checks").Select(Check));
        if (service.Has("check"))
        {
            checks.Add(Check(service.Section("check")));
        }

        string name = service.Text("name") ?? string.Empty;
        ServiceKind kind = KindOf(service.Text("kind"));
        SortedDictionary<string, string> meta = service.TextMap("meta");
        if (MetadataRule.MistakeIn(meta, kind == ServiceKind.MeshGateway) is { } metaMistake)
        {
            Mistakes.Add($"invalid meta for service {name}: {metaMistake}");
        }

        Settings weights = service.Section("weights");
        int passing = Clamped(weights.Integer("passing") ?? 1);
        int warning = Clamped(weights.Integer("warning") ?? 1);
        if (WeightMistake(passing, warning) is { } weightMistake)
        {
            Mistakes.Add($"Invalid weight definition for service {name}: {weightMistake}");
        }

        string socketPath = service.Text("socket_path") ?? string.Empty;
        if (service.Has("socket_path") && (service.Has("port") || service.Has("address")))
        {
            Mistakes.Add($"service {name} cannot have both socket path {socketPath} and address/port");
        }

        return new ServiceDefinition
        {
            Id = service.Text("id") ?? string.Empty,
            Name = name,
            Kind = kind,
            Tags = service.Texts("tags"),
            Address = service.Text("address") ?? string.Empty,
            Port = Integer(service, "port"),
            SocketPath = socketPath,
            TaggedAddresses = TaggedAddresses(service),
            Meta = meta,
            PassingWeight = passing,
            WarningWeight = warning,
            EnableTagOverride = service.Flag("enable_tag_override") ?? false,
            Token = service.Text("token") ?? string.Empty,
            Checks = checks,
            HasConnect = service.Has("connect"),
            ConnectNative = service.Section("connect").Flag("native") ?? false,
            Sidecar = Sidecar(service.Section("connect")),
            Proxy = service.Has("proxy") ? Proxy(service.Section("proxy")) : null,
        };
    }

    private ServiceDefinition? Sidecar(Settings connect)
    {
        if (connect.Raw("sidecar_service") is not Settings sidecar)
        {
            return null;
        }

        ServiceDefinition service = Service(sidecar);
        if (service.Id.Length > 0)
        {
            Mistakes.Add("sidecar_service can't specify an ID");
        }

        // Below a sidecar the schema keeps another one as a bare tree.
        if (sidecar.Section("connect").Raw("sidecar_service") is ConfigObject)
        {
            Mistakes.Add("sidecar_service can't have a nested sidecar_service");
        }

        return service with { Id = string.Empty };
    }

    private ProxyDefinition Proxy(Settings proxy)
    {
        Settings expose = proxy.Section("expose");
        return new ProxyDefinition
        {
            DestinationServiceName = proxy.Text("destination_service_name") ?? string.Empty,
            DestinationServiceId = proxy.Text("destination_service_id") ?? string.Empty,
            LocalServiceAddress = proxy.Text("local_service_address") ?? string.Empty,
            LocalServicePort = Integer(proxy, "local_service_port"),
            Config = proxy.Tree("config"),
            Upstreams = [.. proxy.Sections("upstreams").Select(Upstream)],
            MeshGatewayMode = GatewayMode(proxy),
            ExposeChecks = expose.Flag("checks") ?? false,
            ExposePaths =
            [
                .. expose.Sections("paths").Select(path => new ExposedPathDefinition(
                    path.Text("path") ?? string.Empty, Integer(path, "local_path_port"), Integer(path, "listener_port"),
                    path.Text("protocol") ?? string.Empty)),
            ],
        };
    }

    private UpstreamDefinition Upstream(Settings upstream)
    {
        string type = upstream.Text("destination_type") ?? string.Empty;
        return new UpstreamDefinition
        {
            DestinationType = type.Length == 0 ? "service" : type,
            DestinationNamespace = upstream.Text("destination_namespace") ?? string.Empty,
            DestinationName = upstream.Text("destination_name") ?? string.Empty,
            Datacenter = upstream.Text("datacenter") ?? string.Empty,
            LocalBindAddress = upstream.Text("local_bind_address") ?? string.Empty,
            LocalBindPort = Integer(upstream, "local_bind_port"),
            Config = upstream.Tree("config"),
            MeshGatewayMode = GatewayMode(upstream),
        };
    }

    private string GatewayMode(Settings owner)
    {
        string mode = owner.Section("mesh_gateway").Text("mode") ?? string.Empty;
        if (mode is "" or "none" or "local" or "remote")
        {
            return mode;
        }

        Mistakes.Add($"Invalid Mesh Gateway Mode: {GoText.Quote(mode)}");
        return string.Empty;
    }

    private static SortedDictionary<string, ServiceAddressDefinition> TaggedAddresses(Settings service)
    {
        var addresses = new SortedDictionary<string, ServiceAddressDefinition>(StringComparer.Ordinal);
        foreach ((string tag, object value) in service.Map("tagged_addresses"))
        {
            var address = (Settings)value;
            addresses[tag] = new ServiceAddressDefinition(address.Text("address") ?? string.Empty, Integer(address, "port"));
        }

        return addresses;
    }

    /// <summary>Any other word is a typical service.</summary>
    private static ServiceKind KindOf(string? kind)
    {
        return kind switch
        {
            "connect-proxy" => ServiceKind.ConnectProxy,
            "mesh-gateway" => ServiceKind.MeshGateway,
            "terminating-gateway" => ServiceKind.TerminatingGateway,
            "ingress-gateway" => ServiceKind.IngressGateway,
            _ => ServiceKind.Typical,
        };
    }

    private static string? WeightMistake(int passing, int warning)
    {
        return passing < 1 ? "Passing must be greater than 0"
            : warning < 0 ? "Warning must be greater or equal than 0"
            : passing > DnsWeightMax || warning > DnsWeightMax ? $"DNS Weight must be between 0 and {DnsWeightMax}"
            : null;
    }
}
