using System.Buffers;
using System.Text.Json;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Contracts.Model;
using K8sConsul.Hcl;

namespace K8sConsul.Cli.Commands.Services;

/// <summary>From a configuration file's <c>service</c> and <c>services</c> to what the API registers.</summary>
/// <remarks>Other keys of a configuration file are the agent's, and not looked at.</remarks>
internal static class ServiceTree
{
    /// <param name="root">The whole file.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static List<ServiceRegistration> Read(ConfigObject root, TreeErrors errors)
    {
        var reader = new TreeReader(root, string.Empty, errors);
        List<ServiceRegistration> services = reader.Sections("services", ReadService) ?? [];
        if (reader.Section("service", ReadService) is { } single)
        {
            services.Add(single);
        }

        return services;
    }

    private static ServiceRegistration ReadService(TreeReader tree)
    {
        // The agent refuses namespaces, but the key is one of a definition's.
        tree.Text("namespace");

        // A single check goes behind those of the list, which gives it the last number of their default ids.
        List<CheckRegistration>? checks = tree.Sections("checks", ReadCheck);
        if (tree.Section("check", ReadCheck) is { } single)
        {
            (checks ??= []).Add(single);
        }

        return new ServiceRegistration
        {
            Kind = tree.Text("kind"),
            ID = tree.Text("id"),
            Name = tree.Text("name"),
            Tags = tree.Texts("tags"),
            Port = tree.Integer("port"),
            Address = tree.Text("address"),
            TaggedAddresses = tree.SectionMap("tagged_addresses", ReadAddress),
            EnableTagOverride = tree.Flag("enable_tag_override"),
            Meta = tree.TextMap("meta"),
            Weights = tree.Section("weights", ReadWeights) ?? new ServiceWeights(),
            Checks = checks,
            Token = tree.Text("token"),
            Proxy = tree.Section("proxy", ReadProxy),
            Connect = tree.Section("connect", ReadConnect),
        };
    }

    private static ServiceAddress ReadAddress(TreeReader tree)
    {
        return new ServiceAddress { Address = tree.Text("address") ?? string.Empty, Port = tree.Integer("port") };
    }

    private static ServiceWeights ReadWeights(TreeReader tree)
    {
        return new ServiceWeights { Passing = tree.Integer("passing", 1), Warning = tree.Integer("warning", 1) };
    }

    private static CheckRegistration ReadCheck(TreeReader tree)
    {
        tree.Text("service_id");
        tree.Text("token");
        tree.Text("namespace");
        string? id = tree.Text("id");
        return new CheckRegistration
        {
            CheckID = id,
            Name = tree.Text("name"),
            Notes = tree.Text("notes"),
            Status = tree.Text("status"),
            Args = tree.Texts("script_args") ?? tree.Texts("args"),
            HTTP = tree.Text("http"),
            Header = tree.TextsMap("header"),
            Method = tree.Text("method"),
            Body = tree.Text("body"),
            TCP = tree.Text("tcp"),
            Interval = tree.Duration("interval", $"check[{id}].interval"),
            Timeout = tree.Duration("timeout", $"check[{id}].timeout"),
            TTL = tree.Duration("ttl", $"check[{id}].ttl"),
            DockerContainerID = tree.Text("docker_container_id"),
            Shell = tree.Text("shell"),
            GRPC = tree.Text("grpc"),
            GRPCUseTLS = tree.Flag("grpc_use_tls"),
            TLSSkipVerify = tree.Flag("tls_skip_verify"),
            AliasNode = tree.Text("alias_node"),
            AliasService = tree.Text("alias_service"),
            SuccessBeforePassing = tree.Integer("success_before_passing"),
            FailuresBeforeCritical = tree.Integer("failures_before_critical"),
            OutputMaxSize = tree.Integer("output_max_size"),
            DeregisterCriticalServiceAfter = tree.Duration("deregister_critical_service_after", $"check[{id}].deregister_critical_service_after"),
        };
    }

    private static ServiceConnect ReadConnect(TreeReader tree)
    {
        return new ServiceConnect { Native = tree.Flag("native"), SidecarService = tree.Section("sidecar_service", ReadService) };
    }

    private static ServiceProxy ReadProxy(TreeReader tree)
    {
        return new ServiceProxy
        {
            DestinationServiceName = tree.Text("destination_service_name"),
            DestinationServiceID = tree.Text("destination_service_id"),
            LocalServiceAddress = tree.Text("local_service_address"),
            LocalServicePort = tree.Integer("local_service_port"),
            Config = ReadOpaque(tree.Object("config")),
            Upstreams = tree.Sections("upstreams", ReadUpstream),
            MeshGateway = tree.Section("mesh_gateway", ReadMeshGateway) ?? new MeshGatewayMode(),
            Expose = tree.Section("expose", ReadExpose) ?? new ServiceExpose(),
        };
    }

    private static ServiceUpstream ReadUpstream(TreeReader tree)
    {
        return new ServiceUpstream
        {
            DestinationType = tree.Text("destination_type") ?? "service",
            DestinationNamespace = tree.Text("destination_namespace"),
            DestinationName = tree.Text("destination_name") ?? string.Empty,
            Datacenter = tree.Text("datacenter"),
            LocalBindAddress = tree.Text("local_bind_address"),
            LocalBindPort = tree.Integer("local_bind_port"),
            Config = ReadOpaque(tree.Object("config")),
            MeshGateway = tree.Section("mesh_gateway", ReadMeshGateway) ?? new MeshGatewayMode(),
        };
    }

    private static MeshGatewayMode ReadMeshGateway(TreeReader tree)
    {
        return new MeshGatewayMode { Mode = tree.Text("mode") };
    }

    private static ServiceExpose ReadExpose(TreeReader tree)
    {
        return new ServiceExpose
        {
            Checks = tree.Flag("checks"),
            Paths = tree.Sections("paths", path => new ServiceExposePath
            {
                ListenerPort = path.Integer("listener_port"),
                Path = path.Text("path") ?? string.Empty,
                LocalPathPort = path.Integer("local_path_port"),
                Protocol = path.Text("protocol"),
            }),
        };
    }

    private static Dictionary<string, JsonElement>? ReadOpaque(ConfigObject? tree)
    {
        if (tree is null)
        {
            return null;
        }

        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (string key in tree.Keys)
        {
            var text = new ArrayBufferWriter<byte>();
            Write(new GoJsonWriter(text, pretty: false), tree[key]);
            using JsonDocument document = JsonDocument.Parse(text.WrittenMemory);
            values[key] = document.RootElement.Clone();
        }

        return values;
    }

    private static void Write(GoJsonWriter json, ConfigValue value)
    {
        switch (value)
        {
            case ConfigText text:
                json.String(text.Value);
                break;
            case ConfigFlag flag:
                json.Bool(flag.Value);
                break;
            case ConfigInteger number:
                json.Number(number.Value);
                break;
            case ConfigReal number:
                json.Number(number.Value);
                break;
            case ConfigNull:
                json.Null();
                break;
            case ConfigList { IsBlocks: true, Items: [ConfigObject block] }:
                // A single block in an opaque value is meant as an object.
                Write(json, block);
                break;
            case ConfigList list:
                json.BeginArray();
                foreach (ConfigValue item in list.Items)
                {
                    Write(json, item);
                }

                json.EndArray();
                break;
            case ConfigObject tree:
                json.BeginObject();
                foreach (string key in tree.Keys)
                {
                    json.Name(key);
                    Write(json, tree[key]);
                }

                json.EndObject();
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
