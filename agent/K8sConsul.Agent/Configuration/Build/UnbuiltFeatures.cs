using K8sConsul.Agent.Configuration.Schema;
using K8sConsul.Hcl;

namespace K8sConsul.Agent.Configuration;

/// <summary>
/// The one table of keys whose feature this build has not got. Such a key is refused, never ignored; a value that asks for
/// nothing (false, empty, the default) passes. Take a row out when its feature arrives.
/// </summary>
internal static class UnbuiltFeatures
{
    private const string Tls = "TLS";
    private const string Connect = "Connect";
    private const string Ui = "the web UI";

    private static readonly Row[] _rows =
    [
        new("acl.enabled", "ACLs", Asks),
        new("acl_datacenter", "ACLs", Asks),
        new("advertise_reconnect_timeout", "reconnect timeouts that clients advertise", value => value is not ("" or "0s")),
        new("auto_config.authorization.enabled", "auto-config", Asks),
        new("auto_config.enabled", "auto-config", Asks),
        new("auto_encrypt.allow_tls", "auto-encrypt", Asks),
        new("auto_encrypt.tls", "auto-encrypt", Asks),
        new("auto_reload_config", "reloading when files change", Asks),
        new("ca_file", Tls, Asks),
        new("ca_path", Tls, Asks),
        new("cert_file", Tls, Asks),
        new("cloud", "HashiCorp's cloud service", Asks),
        new("config_entries.bootstrap", "config entries", Asks),
        new("connect.enabled", Connect, Asks),
        new("connect.enable_mesh_gateway_wan_federation", "mesh gateways", Asks),
        new("default_intention_policy", "intentions", Asks),
        new("disable_remote_exec", "remote execution", value => value is false),
        new("enable_agent_tls_for_checks", Tls, Asks),
        new("enable_central_service_config", "config entries", Asks),
        new("enable_syslog", "logging to syslog", Asks),
        new("experiments", "experiments", Asks),
        new("key_file", Tls, Asks),
        new("license_path", "Consul Enterprise", Asks),
        new("limits.request_limits.mode", "limits on request rates", value => value is not ("" or "disabled")),
        new("locality", "localities", Asks),
        new("log_sublevels", "log levels by part", Asks),
        new("partition", "admin partitions", value => value is not ("" or "default")),
        new("peering.enabled", "cluster peering", Asks),
        new("ports.grpc", "the gRPC port for proxies", value => value is > 0L),
        new("ports.grpc_tls", "the gRPC port for proxies", value => value is > 0L),
        new("ports.https", "HTTPS", value => value is > 0L),
        new("primary_gateways", "mesh gateways", Asks),
        new("raft_boltdb", "BoltDB, as it has a log store of its own", Asks),
        new("raft_logstore.backend", "another log store than its own", value => value is not ("" or "default" or "wal")),
        new("raft_logstore.boltdb", "BoltDB, as it has a log store of its own", Asks),
        new("raft_logstore.verification.enabled", "verification of the log store", Asks),
        new("raft_protocol", "this Raft protocol version (it speaks 3)", value => value is 1L or 2L),
        new("reporting", "reports on its use", Asks),
        new("retry_join", "cloud auto-join", AsksForProvider),
        new("retry_join_wan", "cloud auto-join", AsksForProvider),
        new("rpc.enable_streaming", "the streaming backend", Asks),
        new("server_rejoin_age_max", "an age limit for servers that come back", value => value is not ("" or "168h")),
        new("start_join", "cloud auto-join", AsksForProvider),
        new("start_join_wan", "cloud auto-join", AsksForProvider),
        new("telemetry.circonus_api_token", "telemetry to Circonus", Asks),
        new("telemetry.circonus_submission_url", "telemetry to Circonus", Asks),
        new("telemetry.enable_host_metrics", "metrics of the host", Asks),
        new("tls", Tls, Asks),
        new("tls_cipher_suites", Tls, Asks),
        new("tls_prefer_server_cipher_suites", Tls, Asks),
        new("ui", Ui, Asks),
        new("ui_config.dir", Ui, Asks),
        new("ui_config.enabled", Ui, Asks),
        new("ui_dir", Ui, Asks),
        new("use_streaming_backend", "the streaming backend", Asks),
        new("verify_incoming", Tls, Asks),
        new("verify_incoming_https", Tls, Asks),
        new("verify_incoming_rpc", Tls, Asks),
        new("verify_outgoing", Tls, Asks),
        new("verify_server_hostname", Tls, Asks),
        new("watches", "watches in the configuration", Asks),
    ];

    /// <summary>Keys of a service definition, refused in the same way.</summary>
    private static readonly Row[] _serviceRows =
    [
        new("connect.sidecar_service", "Connect sidecars", value => value is not null),
        new("locality", "localities", Asks),
        new("proxy.mode", "transparent proxies", Asks),
        new("proxy.transparent_proxy", "transparent proxies", Asks),
        new("proxy.local_service_socket_path", "proxies to unix sockets", Asks),
    ];

    /// <summary>Null when everything that is asked for exists.</summary>
    public static string? FirstIn(Settings settings)
    {
        string? refusal = FirstIn(settings, string.Empty, _rows);
        IReadOnlyList<Settings> services = settings.Sections("services");
        for (int i = 0; refusal is null && i < services.Count; i++)
        {
            refusal = FirstIn(services[i], $"services[{i}].", _serviceRows);
        }

        return refusal;
    }

    private static string? FirstIn(Settings settings, string prefix, Row[] rows)
    {
        foreach (Row row in rows)
        {
            if (ValueAt(settings, row.Path) is { } value && row.Asks(value))
            {
                return $"{prefix}{row.Path}: this build does not implement {row.Missing} yet; remove the key";
            }
        }

        return null;
    }

    private static object? ValueAt(Settings settings, string path)
    {
        string[] names = path.Split('.');
        foreach (string name in names.SkipLast(1))
        {
            settings = settings.Section(name);
        }

        return settings.Raw(names[^1]);
    }

    /// <summary>True, a text, or anything with something in it.</summary>
    private static bool Asks(object value)
    {
        return value switch
        {
            bool flag => flag,
            string text => text.Length > 0,
            long number => number != 0,
            double number => number != 0,
            List<string> list => list.Count > 0,
            List<object> list => list.Count > 0,
            SortedDictionary<string, object> map => map.Count > 0,
            ConfigObject tree => tree.Keys.Count > 0,
            Settings section => section.Keys.Any(key => Asks(section.Raw(key)!)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static bool AsksForProvider(object value)
    {
        return value is List<string> entries
            && entries.Exists(entry => entry.Contains("provider=", StringComparison.Ordinal));
    }

    private sealed record Row(string Path, string Missing, Predicate<object> Asks);
}
