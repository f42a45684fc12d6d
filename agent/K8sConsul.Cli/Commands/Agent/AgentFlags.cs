using K8sConsul.Agent.Configuration;
using K8sConsul.Cli.GoFlags;

namespace K8sConsul.Cli.Commands.Agent;

/// <summary>The flags of <c>consul agent</c>. All but a few are configuration keys with another spelling.</summary>
internal sealed class AgentFlags
{
    private static readonly Row[] _texts =
    [
        new("advertise", "advertise_addr", "Sets the advertise address to use."),
        new("advertise-wan", "advertise_addr_wan", "Sets address to advertise on WAN instead of -advertise address."),
        new("alt-domain", "alt_domain", "Alternate domain to use for DNS interface."),
        new("bind", "bind_addr", "Sets the bind address for cluster communication."),
        new("client", "client_addr",
            "Sets the address to bind for client access. This includes RPC, DNS, HTTP, HTTPS and gRPC (if configured)."),
        new("data-dir", "data_dir", "Path to a data directory to store agent state."),
        new("datacenter", "datacenter", "Datacenter of the agent."),
        new("default-query-time", "default_query_time",
            "the amount of time a blocking query will wait before Consul will force a response. This value can be "
            + "overridden by the 'wait' query parameter."),
        new("domain", "domain", "Domain to use for DNS interface."),
        new("encrypt", "encrypt", "Provides the gossip encryption key."),
        new("log-file", "log_file", "Path to the file the logs get written to"),
        new("log-level", "log_level", "Log level of the agent."),
        new("log-rotate-duration", "log_rotate_duration", "Time after which log rotation needs to be performed"),
        new("max-query-time", "max_query_time",
            "the maximum amount of time a blocking query can wait before Consul will force a response. Consul applies "
            + "jitter to the wait time. The jittered time will be capped to MaxQueryTime."),
        new("node", "node_name", "Name of this node. Must be unique in the cluster."),
        new("node-id", "node_id",
            "A unique ID for this node across space and time. Defaults to a randomly-generated ID that persists in the "
            + "data-dir."),
        new("pid-file", "pid_file", "Path to file to store agent PID."),
        new("retry-interval", "retry_interval", "Time to wait between join attempts."),
        new("retry-interval-wan", "retry_interval_wan", "Time to wait between join -wan attempts."),
        new("segment", "segment", "(Enterprise-only) Sets the network segment to join."),
        new("serf-lan-bind", "serf_lan", "Address to bind Serf LAN listeners to."),
        new("serf-wan-bind", "serf_wan", "Address to bind Serf WAN listeners to."),
        new("ui-content-path", "ui_content_path", "Sets the external UI path to a string. Defaults to: /ui/ "),
        new("ui-dir", "ui_dir", "Path to directory containing the web UI resources."),
    ];

    private static readonly Row[] _switches =
    [
        new("bootstrap", "bootstrap", "Sets server to bootstrap mode."),
        new("disable-host-node-id", "disable_host_node_id",
            "Setting this to true will prevent Consul from using information from the host to generate a node ID, and "
            + "will cause Consul to generate a random node ID instead."),
        new("disable-keyring-file", "disable_keyring_file", "Disables the backing up of the keyring to a file."),
        new("enable-local-script-checks", "enable_local_script_checks", "Enables health check scripts from configuration file."),
        new("enable-script-checks", "enable_script_checks", "Enables health check scripts."),
        new("log-json", "log_json", "Output logs in JSON format."),
        new("non-voting-server", "non_voting_server",
            "(Enterprise-only) This flag is used to make the server not participate in the Raft quorum, and have it only "
            + "receive the data replication stream. This can be used to add read scalability to a cluster in cases where a "
            + "high volume of reads to servers are needed."),
        new("rejoin", "rejoin_after_leave", "Ignores a previous leave and attempts to rejoin the cluster."),
        new("server", "server", "Switches agent to server mode."),
        new("syslog", "enable_syslog", "Enables logging to syslog."),
        new("ui", "ui", "Enables the built-in static web UI server."),
    ];

    private static readonly Row[] _numbers =
    [
        new("bootstrap-expect", "bootstrap_expect", "Sets server to expect bootstrap mode."),
        new("check_output_max_size", "check_output_max_size", "Sets the maximum output size for checks on this agent"),
        new("dns-port", "ports.dns", "DNS port to use."),
        new("grpc-port", "ports.grpc", "Sets the gRPC API port to listen on (currently needed for Envoy xDS only)."),
        new("http-port", "ports.http", "Sets the HTTP API port to listen on."),
        new("https-port", "ports.https", "Sets the HTTPS API port to listen on."),
        new("log-rotate-bytes", "log_rotate_bytes", "Maximum number of bytes that should be written to a log file"),
        new("log-rotate-max-files", "log_rotate_max_files", "Maximum number of log file archives to keep"),
        new("protocol", "protocol", "Sets the protocol version. Defaults to latest."),
        new("raft-protocol", "raft_protocol", "Sets the Raft protocol version. Defaults to latest."),
        new("retry-max", "retry_max", "Maximum number of join attempts. Defaults to 0, which will retry indefinitely."),
        new("retry-max-wan", "retry_max_wan",
            "Maximum number of join -wan attempts. Defaults to 0, which will retry indefinitely."),
        new("serf-lan-port", "ports.serf_lan", "Sets the Serf LAN port to listen on."),
        new("serf-wan-port", "ports.serf_wan", "Sets the Serf WAN port to listen on."),
        new("server-port", "ports.server", "Sets the server port to listen on."),
    ];

    private static readonly Row[] _lists =
    [
        new("allow-write-http-from", "http_config.allow_write_http_from",
            "Only allow write endpoint calls from given network. CIDR format, can be specified multiple times."),
        new("join", "start_join", "Address of an agent to join at start time. Can be specified multiple times."),
        new("join-wan", "start_join_wan", "Address of an agent to join -wan at start time. Can be specified multiple times."),
        new("primary-gateway", "primary_gateways",
            "Address of a mesh gateway in the primary datacenter to use to bootstrap WAN federation at start time with "
            + "retries enabled. Can be specified multiple times."),
        new("recursor", "recursors", "Address of an upstream DNS server. Can be specified multiple times."),
        new("retry-join", "retry_join",
            "Address of an agent to join at start time with retries enabled. Can be specified multiple times."),
        new("retry-join-wan", "retry_join_wan",
            "Address of an agent to join -wan at start time with retries enabled. Can be specified multiple times."),
        new("serf-lan-allowed-cidrs", "serf_lan_allowed_cidrs",
            "Networks (eg: 192.168.1.0/24) allowed for Serf LAN. Can be specified multiple times."),
        new("serf-wan-allowed-cidrs", "serf_wan_allowed_cidrs",
            "Networks (eg: 192.168.1.0/24) allowed for Serf WAN (other datacenters). Can be specified multiple times."),
    ];

    private readonly List<string> _paths = [];
    private readonly List<(string Path, Flag<string?> Flag)> _textFlags = [];
    private readonly List<(string Path, Flag<bool?> Flag)> _switchFlags = [];
    private readonly List<(string Path, Flag<long?> Flag)> _numberFlags = [];
    private readonly List<(string Path, ListFlag<string> Flag)> _listFlags = [];
    private readonly ListFlag<KeyValuePair<string, string>> _nodeMeta;
    private readonly ListFlag<string> _fragments;
    private readonly Flag<bool?> _devMode;
    private readonly Flag<string> _format;

    public AgentFlags(FlagSet flags)
    {
        foreach (Row row in _texts)
        {
            // The one flag that the help counts among those of the HTTP API, as other commands have it there.
            FlagGroup group = row.Name is "datacenter" ? FlagGroup.HttpApi : FlagGroup.Command;
            _textFlags.Add((row.Path, flags.Optional(row.Name, row.Usage, FlagKinds.ConsulString, group)));
        }

        foreach (Row row in _switches)
        {
            _switchFlags.Add((row.Path, flags.Optional(row.Name, row.Usage, FlagKinds.ConsulBool)));
        }

        foreach (Row row in _numbers)
        {
            _numberFlags.Add((row.Path, flags.Optional(row.Name, row.Usage, FlagKinds.ConsulInt)));
        }

        foreach (Row row in _lists)
        {
            _listFlags.Add((row.Path, flags.Strings(row.Name, row.Usage)));
        }

        _nodeMeta = flags.List<KeyValuePair<string, string>>(
            "node-meta",
            "An arbitrary metadata key/value pair for this node, of the format `key:value`. Can be specified multiple times.",
            ParseNodeMeta);
        flags.List<string>(
            "config-dir",
            "Path to a directory to read configuration files from. This will read every file ending in '.json' as configuration in "
            + "this directory in alphabetical order. Can be specified multiple times.",
            TakePath);
        flags.List<string>(
            "config-file",
            "Path to a file in JSON or HCL format with a matching file extension. Can be specified multiple times.",
            TakePath);
        _format = flags.String(
            "config-format", "Config files are in this format irrespective of their extension. Must be 'hcl' or 'json'");
        _devMode = flags.Optional("dev", "Starts the agent in development mode.", FlagKinds.ConsulBool);
        _fragments = flags.Strings("hcl", "hcl config fragment. Can be specified multiple times.");
    }

    /// <summary>After parsing: where the configuration comes from.</summary>
    public ConfigInputs ToInputs()
    {
        var values = new ConfigFlagValues();
        foreach ((string path, Flag<string?> flag) in _textFlags)
        {
            if (flag.Value is { } text)
            {
                values.Set(path, text);
            }
        }

        foreach ((string path, Flag<bool?> flag) in _switchFlags)
        {
            if (flag.Value is { } value)
            {
                values.Set(path, value);
            }
        }

        foreach ((string path, Flag<long?> flag) in _numberFlags)
        {
            if (flag.Value is { } number)
            {
                values.Set(path, number);
            }
        }

        foreach ((string path, ListFlag<string> flag) in _listFlags)
        {
            foreach (string item in flag.Values)
            {
                values.Add(path, item);
            }
        }

        foreach ((string name, string value) in _nodeMeta.Values)
        {
            values.AddPair("node_meta", name, value);
        }

        return new ConfigInputs
        {
            DevMode = _devMode.Value ?? false,
            Paths = [.. _paths],
            Format = _format.Value,
            Flags = values,
            HclFragments = _fragments.Values,
        };
    }

    /// <summary>Files and directories share one list, so that their order on the command line holds.</summary>
    private bool TakePath(string text, out string value, out string error)
    {
        _paths.Add(text);
        return FlagKinds.ParseString(text, out value, out error);
    }

    /// <summary>Without a colon the value is empty.</summary>
    private static bool ParseNodeMeta(string text, out KeyValuePair<string, string> value, out string error)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        value = colon < 0 ? new(text, string.Empty) : new(text[..colon], text[(colon + 1)..]);
        error = string.Empty;
        return true;
    }

    private sealed record Row(string Name, string Path, string Usage);
}
