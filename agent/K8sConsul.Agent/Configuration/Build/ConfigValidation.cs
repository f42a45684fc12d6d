using System.Net;
using K8sConsul.Agent.Configuration.Schema;
using K8sConsul.Go;

namespace K8sConsul.Agent.Configuration;

/// <summary>
/// The rules between values. The order is Consul's, so that of several mistakes the same one is told; each throws
/// <see cref="ConfigRefusedException"/> with Consul's text.
/// </summary>
internal sealed class ConfigValidation(RuntimeConfig config, Settings settings, ConfigHost host, List<string> warnings)
{
    private const int DnsLabelLengthMax = 63;

    /// <summary>Files an agent has open besides the connections of its clients.</summary>
    private const int OpenFilesReserved = 20;

    private readonly Dictionary<string, string> _inUse = new(StringComparer.Ordinal);

    public void Check(ValidationFacts facts)
    {
        CheckIdentity();
        CheckSegments();
        if (facts.DnsHasUnixSocket)
        {
            Refuse("DNS address cannot be a unix socket");
        }

        if (config.Dns.Recursors.Any(IpText.IsAny))
        {
            Refuse("DNS recursor address cannot be 0.0.0.0, :: or [::]");
        }

        CheckAltDomain();
        CheckServer();
        CheckBounds();
        if (MetadataRule.MistakeIn(config.Identity.NodeMeta, isMeshGateway: false) is { } mistake)
        {
            Refuse($"node_meta invalid: {mistake}");
        }

        if (facts.EncryptMistake is not null)
        {
            Refuse(facts.EncryptMistake);
        }

        CheckPrimaryGateways();
        CheckAddresses(facts.HttpsListeners);
        if (facts.Mistakes.Any)
        {
            Refuse(facts.Mistakes.ToString());
        }

        CheckClusterPorts();
        foreach (ServiceDefinition service in config.ServiceDefinitions)
        {
            if (ServiceRule.MistakesIn(service) is { } mistakes)
            {
                Refuse($"service {GoText.Quote(service.Name)}: {mistakes}");
            }
        }

        CheckConnect();
        WarnOfServers();
        CheckOpenFiles();
        WarnOfScripts();
    }

    private void CheckIdentity()
    {
        IdentityConfig identity = config.Identity;
        if (identity.Datacenter.Length == 0)
        {
            Refuse("datacenter cannot be empty");
        }

        if (!IsDatacenterName(identity.Datacenter))
        {
            Refuse($"datacenter cannot be {GoText.Quote(identity.Datacenter)}. Please use only [a-z0-9-_]");
        }

        if (identity.DataDirectory.Length == 0 && !config.DevMode)
        {
            Refuse("data_dir cannot be empty");
        }

        CheckUiPath();
        if (!config.DevMode)
        {
            CheckDataDirectory(identity.DataDirectory);
        }

        if (identity.NodeName.Length == 0)
        {
            Refuse("node_name cannot be empty");
        }

        if (!identity.NodeName.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            warnings.Add(
                $"Node name {GoText.Quote(identity.NodeName)} will not be discoverable via DNS due to invalid characters. "
                + "Valid characters include all alpha-numerics and dashes.");
        }
        else if (identity.NodeName.Length > DnsLabelLengthMax)
        {
            warnings.Add(
                $"Node name {GoText.Quote(identity.NodeName)} will not be discoverable via DNS due to it being too long. "
                + $"Valid lengths are between 1 and {DnsLabelLengthMax} bytes.");
        }
    }

    private void CheckUiPath()
    {
        string path = settings.Section("ui_config").Text("content_path") ?? settings.Text("ui_content_path") ?? string.Empty;
        if (!path.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/'))
        {
            Refuse($"ui-content-path can only contain alphanumeric, -, _, or /. received: /{path.Trim('/')}/");
        }
    }

    private void CheckDataDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            RefuseDirectoryThatCannotBeEntered(path);
            return;
        }

        if (File.Exists(path))
        {
            Refuse($"data_dir {GoText.Quote(path)} is not a directory");
        }

        // A part of the path is a file: the directory can never be made.
        for (string? parent = Path.GetDirectoryName(path); !string.IsNullOrEmpty(parent); parent = Path.GetDirectoryName(parent))
        {
            if (File.Exists(parent))
            {
                Refuse($"Error getting info on data_dir: stat {path}: not a directory");
            }
        }
    }

    /// <summary>Consul looks for the data of its oldest versions there, and tells by the way that it may not look.</summary>
    private void RefuseDirectoryThatCannotBeEntered(string path)
    {
        string probe = Path.Combine(path, "mdb");
        try
        {
            File.GetAttributes(probe);
        }
        catch (UnauthorizedAccessException)
        {
            if (settings.Flag("server") == true)
            {
                Refuse($"CRITICAL: Permission denied for data folder at {GoText.Quote(probe)}!\nConsul will refuse to boot without access to this directory.\nPlease correct permissions and try starting again.");
            }
        }
        catch (IOException)
        {
            // Not there: as it should be.
        }
    }

    private void CheckSegments()
    {
        foreach (Settings segment in settings.Sections("segments"))
        {
            if (segment.Integer("port") is null or <= 0)
            {
                Refuse($"Port for segment {GoText.Quote(segment.Text("name") ?? string.Empty)} cannot be <= 0");
            }
        }

        if (settings.Sections("segments").Count > 0 || !string.IsNullOrEmpty(settings.Text("segment")))
        {
            Refuse("Network segments are not supported in this version of Consul");
        }
    }

    private void CheckAltDomain()
    {
        string first = config.Dns.AltDomain.Split('.')[0];
        string datacenter = config.Identity.Datacenter;
        if (first is "service" or "connect" or "node" or "query" or "addr"
            || (first.Length > 0 && string.Equals(first, datacenter, StringComparison.Ordinal)))
        {
            Refuse($"alt_domain cannot start with {{service,connect,node,query,addr,{datacenter}}}");
        }
    }

    private void CheckServer()
    {
        ServerConfig server = config.Server;
        if (server.Bootstrap && !server.Enabled)
        {
            Refuse("'bootstrap = true' requires 'server = true'");
        }

        if (server.BootstrapExpect < 0)
        {
            Refuse($"bootstrap_expect cannot be {server.BootstrapExpect}. Must be greater than or equal to zero");
        }

        if (server.BootstrapExpect > 0 && !server.Enabled)
        {
            Refuse("'bootstrap_expect > 0' requires 'server = true'");
        }

        if (server.BootstrapExpect > 0 && config.DevMode)
        {
            Refuse("'bootstrap_expect > 0' not allowed in dev mode");
        }

        if (server.BootstrapExpect > 0 && server.Bootstrap)
        {
            Refuse("'bootstrap_expect > 0' and 'bootstrap = true' are mutually exclusive");
        }
    }

    private void CheckBounds()
    {
        if (config.Checks.OutputBytesMax < 1)
        {
            Refuse("check_output_max_size must be positive, to discard check output use the discard_check_output flag");
        }

        RefuseNegative("autopilot.max_trailing_logs", config.Autopilot.TrailingLogsMax);
        string primary = config.Identity.PrimaryDatacenter;
        if (!IsDatacenterName(primary))
        {
            // The text names the key that this one replaced.
            Refuse($"acl_datacenter cannot be {GoText.Quote(primary)}. Please use only [a-z0-9-_]");
        }

        bool ui = settings.Section("ui_config").Flag("enabled") ?? settings.Flag("ui") ?? false;
        string directory = settings.Section("ui_config").Text("dir") ?? settings.Text("ui_dir") ?? string.Empty;
        if (!config.DevMode && ui && directory.Length > 0)
        {
            Refuse(
                "Both the ui and ui-dir flags were specified, please provide only one.\n"
                + "If trying to use your own web UI resources, use the ui-dir flag.\n"
                + "The web UI is included in the binary so use ui to enable it");
        }

        RefuseNegative("dns_config.udp_answer_limit", config.Dns.UdpAnswerLimit);
        RefuseNegative("dns_config.a_record_limit", config.Dns.ARecordLimit);
    }

    private static void RefuseNegative(string key, int value)
    {
        if (value < 0)
        {
            Refuse($"{key} cannot be {value}. Must be greater than or equal to zero");
        }
    }

    private void CheckPrimaryGateways()
    {
        if (settings.Texts("primary_gateways").Count == 0)
        {
            return;
        }

        if (!config.Server.Enabled)
        {
            Refuse("'primary_gateways' requires 'server = true'");
        }

        if (string.Equals(config.Identity.PrimaryDatacenter, config.Identity.Datacenter, StringComparison.Ordinal))
        {
            Refuse("'primary_gateways' should only be configured in a secondary datacenter");
        }
    }

    /// <summary>No address twice. Clients with the same name as a server's address are two different sockets only by their ports.</summary>
    private void CheckAddresses(IReadOnlyList<ClientEndpoint> https)
    {
        foreach (IPEndPoint dns in config.Addresses.Dns)
        {
            Claim("tcp", "DNS", dns.ToString());
        }

        foreach (ClientEndpoint http in config.Addresses.Http)
        {
            Claim(http.IsUnixSocket ? "unix" : "tcp", "HTTP", http.ToString());
        }

        foreach (ClientEndpoint endpoint in https)
        {
            Claim(endpoint.IsUnixSocket ? "unix" : "tcp", "HTTPS", endpoint.ToString());
        }

        Claim("tcp", "RPC Advertise", config.Addresses.RpcAdvertise.ToString());
        Claim("tcp", "Serf Advertise LAN", config.Addresses.SerfLanAdvertise.ToString());
        if (config.Addresses.SerfWanAdvertise is { } wan)
        {
            Claim("tcp", "Serf Advertise WAN", wan.ToString());
        }
    }

    /// <summary>Consul 1.8 fails later and less clearly; these are the texts of its successors.</summary>
    private void CheckClusterPorts()
    {
        if (config.Ports.Server <= 0 && config.Server.Enabled)
        {
            Refuse("server-port must be greater than zero");
        }

        if (config.Ports.SerfLan <= 0)
        {
            Refuse("serf-lan-port must be greater than zero");
        }
    }

    private void Claim(string network, string name, string address)
    {
        string key = $"{network}:{address}";
        if (_inUse.TryGetValue(key, out string? other))
        {
            Refuse($"{name} address {address} already configured for {other}");
        }

        _inUse[key] = name;
    }

    private void CheckConnect()
    {
        Settings connect = settings.Section("connect");
        string provider = connect.Text("ca_provider") ?? string.Empty;
        if (provider is not ("" or "consul" or "vault" or "aws-pca"))
        {
            Refuse($"{provider} is not a valid CA provider");
        }

        if (config.Server.Enabled && (settings.Section("auto_encrypt").Flag("tls") ?? false))
        {
            Refuse("auto_encrypt.tls can only be used on a client.");
        }

        if (!config.Server.Enabled && (settings.Section("auto_encrypt").Flag("allow_tls") ?? false))
        {
            Refuse("auto_encrypt.allow_tls can only be used on a server.");
        }
    }

    private void WarnOfServers()
    {
        const string Table = "See https://www.consul.io/docs/internals/consensus.html#deployment-table";
        ServerConfig server = config.Server;
        if (!server.Enabled)
        {
            return;
        }

        if (server.BootstrapExpect == 2)
        {
            warnings.Add($"bootstrap_expect = 2: A cluster with 2 servers will provide no failure tolerance. {Table}");
        }

        if (server.BootstrapExpect > 2 && server.BootstrapExpect % 2 == 0)
        {
            warnings.Add(
                "bootstrap_expect is even number: A cluster with an even number of servers does not achieve optimum fault "
                + $"tolerance. {Table}");
        }

        if (server.Bootstrap)
        {
            warnings.Add("bootstrap = true: do not enable unless necessary");
        }

        if (server.BootstrapExpect > 1)
        {
            warnings.Add($"bootstrap_expect > 0: expecting {server.BootstrapExpect} servers");
        }
    }

    private void CheckOpenFiles()
    {
        long needed = (long)config.Limits.HttpConnectionsPerClientMax + OpenFilesReserved;
        if (host.OpenFilesMax is { } limit && needed > limit)
        {
            Refuse(
                $"system allows a max of {limit} file descriptors, but limits.http_max_conns_per_client: "
                + $"{config.Limits.HttpConnectionsPerClientMax} needs at least {needed}");
        }
    }

    private void WarnOfScripts()
    {
        if (config.Checks.EnableRemoteScripts && !config.Acl.Enabled && config.Http.AllowWriteFrom is not { Count: > 0 })
        {
            warnings.Add(
                "using enable-script-checks without ACLs and without allow_write_http_from is DANGEROUS, use "
                + "enable-local-script-checks instead, see "
                + "https://www.hashicorp.com/blog/protecting-consul-from-rce-risk-in-specific-configurations/");
        }
    }

    private static bool IsDatacenterName(string name)
    {
        return name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void Refuse(string message)
    {
        throw new ConfigRefusedException(message);
    }
}

/// <summary>What the building learnt and the configuration does not hold.</summary>
internal sealed record ValidationFacts(
    ErrorList Mistakes, string? EncryptMistake, bool DnsHasUnixSocket, IReadOnlyList<ClientEndpoint> HttpsListeners);
