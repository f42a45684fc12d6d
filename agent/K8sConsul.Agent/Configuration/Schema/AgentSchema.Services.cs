namespace K8sConsul.Agent.Configuration.Schema;

/// <summary>Service and check definitions.</summary>
internal static partial class AgentSchema
{
    private static ObjectSchema Check()
    {
        // The HTTP API spells these in one word, and files may do so too.
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["deregistercriticalserviceafter"] = "deregister_critical_service_after",
            ["dockercontainerid"] = "docker_container_id",
            ["scriptargs"] = "args",
            ["serviceid"] = "service_id",
            ["tlsskipverify"] = "tls_skip_verify",
        };
        return Object(
            aliases,
            [
                .. All(
                    _text,
                    "id name notes service_id token status http method body tcp udp interval docker_container_id shell grpc "
                    + "tls_server_name alias_node alias_service timeout ttl deregister_critical_service_after h2ping os_service"),
                .. All(_flag, "grpc_use_tls h2ping_use_tls tcp_use_tls tls_skip_verify disable_redirects"),
                .. All(
                    _integer, "output_max_size success_before_passing failures_before_critical failures_before_warning"),
                Key("args", _texts),
                Key("header", new MapSchema(_texts)),
            ]);
    }

    /// <summary>A sidecar is a service that may name a sidecar once more, which the validation refuses.</summary>
    private static ObjectSchema Service(bool withSidecar)
    {
        ObjectSchema check = Check();
        ObjectSchema connect = withSidecar
            ? Object(Key("native", _flag), Key("sidecar_service", Service(withSidecar: false)))
            : Object(Key("native", _flag), Key("sidecar_service", _opaque));
        return Object(
            [
                .. All(_text, "id name kind address token socket_path"),
                Key("tags", _texts),
                Key("port", _integer),
                Key("meta", _textMap),
                Key("enable_tag_override", _flag),
                Key("tagged_addresses", new MapSchema(Object(Key("address", _text), Key("port", _integer)))),
                Key("weights", Object(Key("passing", _integer), Key("warning", _integer))),
                Key("check", check),
                Key("checks", new ListSchema(check)),
                Key("connect", connect),
                Key("proxy", Proxy()),
                Key("locality", Texts("region zone")),
            ]);
    }

    private static ObjectSchema Proxy()
    {
        ObjectSchema gateway = Texts("mode");
        ObjectSchema upstream = Object(
            [
                .. All(
                    _text,
                    "destination_type destination_name destination_namespace destination_partition destination_peer datacenter "
                    + "local_bind_address local_bind_socket_path local_bind_socket_mode"),
                Key("local_bind_port", _integer),
                Key("config", _opaque),
                Key("mesh_gateway", gateway),
            ]);
        ObjectSchema path = Object(
            [.. All(_text, "path protocol"), .. All(_integer, "local_path_port listener_port")]);
        return Object(
            [
                .. All(
                    _text,
                    "destination_service_name destination_service_id local_service_address local_service_socket_path mode"),
                Key("local_service_port", _integer),
                Key("config", _opaque),
                Key("upstreams", new ListSchema(upstream)),
                Key("mesh_gateway", gateway),
                Key("expose", Object(Key("checks", _flag), Key("paths", new ListSchema(path)))),
                Key("transparent_proxy", Object(Key("outbound_listener_port", _integer), Key("dialed_directly", _flag))),
            ]);
    }
}
