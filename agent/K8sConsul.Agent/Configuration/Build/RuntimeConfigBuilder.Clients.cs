using K8sConsul.Agent.Configuration.Schema;
using K8sConsul.Go;

namespace K8sConsul.Agent.Configuration;

/// <summary>What clients of the agent meet: DNS, HTTP, limits.</summary>
internal sealed partial class RuntimeConfigBuilder
{
    private DnsConfig Dns()
    {
        Settings dns = _settings.Section("dns_config");
        var serviceTtl = new SortedDictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach ((string name, string text) in dns.TextMap("service_ttl"))
        {
            serviceTtl[name] = _values.Duration($"dns_config.service_ttl[{GoText.Quote(name)}]", text);
        }

        Settings soa = dns.Section("soa");
        return new DnsConfig
        {
            Domain = WithFinalDot(Text("domain")),
            AltDomain = WithFinalDot(Text("alt_domain")),
            AllowStale = dns.Flag("allow_stale") ?? false,
            MaxStale = Duration("dns_config", "max_stale"),
            NodeTtl = Duration("dns_config", "node_ttl"),
            ServiceTtl = serviceTtl,
            OnlyPassing = dns.Flag("only_passing") ?? false,
            EnableTruncate = dns.Flag("enable_truncate") ?? false,
            UdpAnswerLimit = Integer(dns, "udp_answer_limit"),
            ARecordLimit = Integer(dns, "a_record_limit"),
            DisableCompression = dns.Flag("disable_compression") ?? false,
            Recursors = Recursors(),
            RecursorTimeout = _values.Duration("recursor_timeout", dns.Text("recursor_timeout")),
            RecursorStrategy = Strategy(dns.Text("recursor_strategy") ?? string.Empty),
            UseCache = dns.Flag("use_cache") ?? false,
            CacheMaxAge = Duration("dns_config", "cache_max_age"),
            NodeMetaTxt = dns.Flag("enable_additional_node_meta_txt") ?? true,
            Soa = new SoaConfig(Seconds(soa, "refresh"), Seconds(soa, "retry"), Seconds(soa, "expire"), Seconds(soa, "min_ttl")),
        };
    }

    private DnsRecursorStrategy Strategy(string name)
    {
        switch (name)
        {
            case "random":
                return DnsRecursorStrategy.Random;
            case "" or "sequential":
                return DnsRecursorStrategy.Sequential;
            default:
                Mistakes.Add($"dns_config.recursor_strategy: invalid strategy: {GoText.Quote(name)}");
                return DnsRecursorStrategy.Sequential;
        }
    }

    private HttpConfig Http()
    {
        Settings http = _settings.Section("http_config");
        Settings sockets = _settings.Section("unix_sockets");
        return new HttpConfig
        {
            BlockEndpoints = http.Texts("block_endpoints"),
            ResponseHeaders = http.TextMap("response_headers"),
            AllowWriteFrom = http.Has("allow_write_http_from")
                ? _values.Networks("allow_write_http_from", http.Texts("allow_write_http_from"))
                : null,
            UseCache = http.Flag("use_cache") ?? true,
            HeaderBytesMax = Integer(http, "max_header_bytes"),
            UnixSocketUser = sockets.Text("user") ?? string.Empty,
            UnixSocketGroup = sockets.Text("group") ?? string.Empty,
            UnixSocketMode = sockets.Text("mode") ?? string.Empty,
            DisableUnprintableCharFilter = Flag("disable_http_unprintable_char_filter"),
            EnableDebug = Flag("enable_debug"),
        };
    }

    private LimitsConfig Limits()
    {
        Settings limits = _settings.Section("limits");
        double rate = limits.Real("rpc_rate") ?? -1;
        return new LimitsConfig
        {
            HttpConnectionsPerClientMax = Integer(limits, "http_max_conns_per_client"),
            HttpsHandshakeTimeout = Duration("limits", "https_handshake_timeout"),
            RpcHandshakeTimeout = Duration("limits", "rpc_handshake_timeout"),
            RpcClientTimeout = Duration("limits", "rpc_client_timeout"),
            RpcRate = rate < 0 ? double.PositiveInfinity : rate,
            RpcBurstMax = Integer(limits, "rpc_max_burst"),
            RpcConnectionsPerClientMax = Integer(limits, "rpc_max_conns_per_client"),
            KvValueBytesMax = (ulong)(limits.Integer("kv_max_value_size") ?? 0),
            TxnRequestBytesMax = (ulong)(limits.Integer("txn_max_req_len") ?? 0),
        };
    }

    private static uint Seconds(Settings soa, string key)
    {
        return (uint)(soa.Integer(key) ?? 0);
    }

    private static string WithFinalDot(string domain)
    {
        return domain.Length == 0 || domain.EndsWith('.') ? domain : domain + ".";
    }
}
