using System.Net;
using K8sConsul.Addresses;
using K8sConsul.Agent.Configuration.Schema;
using K8sConsul.Go;

namespace K8sConsul.Agent.Configuration;

/// <summary>Ports, and which address everything listens on and is reached at.</summary>
internal sealed partial class RuntimeConfigBuilder
{
    private PortConfig Ports()
    {
        Settings ports = _settings.Section("ports");
        var config = new PortConfig
        {
            Dns = Port("dns"),
            Http = Port("http"),
            Https = Port("https"),
            Server = Port("server"),
            Grpc = Port("grpc"),
            SerfLan = Port("serf_lan"),
            SerfWan = Port("serf_wan"),
            SidecarMin = Port("sidecar_min_port"),
            SidecarMax = Port("sidecar_max_port"),
            ExposeMin = Port("expose_min_port"),
            ExposeMax = Port("expose_max_port"),
        };

        // Proxies that the agent ran itself are long gone; their range is still judged.
        _ = Port("proxy_min_port");
        _ = Port("proxy_max_port");
        RefuseReversed("proxy");
        RefuseReversed("sidecar");
        RefuseReversed("expose");
        return config;

        int Port(string name)
        {
            return _values.Port($"ports.{name}", ports.Integer(name));
        }

        void RefuseReversed(string range)
        {
            // Compared as given, since a number beyond all ports is told as a mistake of its own only if the range is well formed.
            if (Bound(ports, $"{range}_max_port") < Bound(ports, $"{range}_min_port"))
            {
                throw new ConfigRefusedException(
                    $"{range}_min_port must be less than {range}_max_port. To disable, set both to zero.");
            }
        }

        static long Bound(Settings ports, string name)
        {
            long port = ports.Integer(name) ?? 0;
            return port <= 0 ? -1 : port;
        }
    }

    private AddressConfig Addresses(PortConfig ports)
    {
        IPAddress bind = BindAddress();
        if (IpText.IsAny(Text("advertise_addr")))
        {
            throw new ConfigRefusedException("Advertise address cannot be 0.0.0.0, :: or [::]");
        }

        if (IpText.IsAny(Text("advertise_addr_wan")))
        {
            throw new ConfigRefusedException("Advertise WAN address cannot be 0.0.0.0, :: or [::]");
        }

        IPAddress advertise = ReadAddress("advertise_addr") ?? bind;
        if (IpText.IsAny(advertise))
        {
            advertise = DetectAdvertise(IpText.IsFour(advertise));
        }

        ClusterEndpoint rpcBind = new(bind, ports.Server);
        ClusterEndpoint serfLanBind = new(ReadAddress("serf_lan") ?? bind, ports.SerfLan);
        ClusterEndpoint? serfWanBind = ports.SerfWan < 0 ? null : new(ReadAddress("serf_wan") ?? bind, ports.SerfWan);

        // Read once more, as Consul does: a mistake in it is told twice.
        IPAddress advertiseLan = ReadAddress("advertise_addr") ?? advertise;
        SortedDictionary<string, string> tagged = _settings.TextMap("tagged_addresses");
        Tag(tagged, "lan", "advertise_addr", advertise, advertiseLan);
        IPAddress advertiseWan = ReadAddress("advertise_addr_wan") ?? advertiseLan;
        Tag(tagged, "wan", "advertise_addr_wan", advertiseWan, advertiseWan);

        List<IPAddress> client = _values.Addresses("client_addr", Text("client_addr"));
        List<ClientEndpoint> dns = Listeners("dns", client, ports.Dns);
        List<ClientEndpoint> http = Listeners("http", client, ports.Http);
        _httpsListeners = Listeners("https", client, ports.Https);
        _ = Listeners("grpc", client, ports.Grpc);
        _dnsHasUnixSocket = dns.Exists(endpoint => endpoint.IsUnixSocket);
        return new AddressConfig
        {
            Bind = bind,
            AdvertiseLan = advertiseLan,
            AdvertiseWan = advertiseWan,
            RpcBind = rpcBind,
            RpcAdvertise = new ClusterEndpoint(advertiseLan, ports.Server),
            SerfLanBind = serfLanBind,
            SerfLanAdvertise = new ClusterEndpoint(advertiseLan, ports.SerfLan),
            SerfWanBind = serfWanBind,
            SerfWanAdvertise = ports.SerfWan < 0 ? null : new ClusterEndpoint(advertiseWan, ports.SerfWan),
            Client = client,
            Dns = [.. dns.Where(endpoint => !endpoint.IsUnixSocket).Select(endpoint => endpoint.Address!)],
            Http = http,
            Tagged = tagged,
            TranslateWan = Flag("translate_wan_addrs"),
            SerfLanAllowed = AllowedNetworks("serf_lan_allowed_cidrs"),
            SerfWanAllowed = AllowedNetworks("serf_wan_allowed_cidrs"),
        };
    }

    private IPAddress BindAddress()
    {
        List<ClientEndpoint> bind = _values.Endpoints("bind_addr", Text("bind_addr"));
        return bind.Count switch
        {
            0 => throw new ConfigRefusedException("bind_addr cannot be empty"),
            > 1 => throw new ConfigRefusedException(
                "bind_addr cannot contain multiple addresses. Use 'addresses.{dns,http,https}' instead."),
            _ => bind[0].Address?.Address ?? throw new ConfigRefusedException("bind_addr cannot be a unix socket"),
        };
    }

    /// <summary>The only private IPv4 address of this machine, or its only public IPv6 address.</summary>
    private IPAddress DetectAdvertise(bool four)
    {
        string kind = four ? "private IPv4" : "public IPv6";
        List<InterfaceAddress> up =
            [.. _host.Interfaces.Addresses().Where(address => address.Flags.HasFlag(InterfaceFlags.Up))];

        // Loopback only counts where there is nothing else.
        List<InterfaceAddress> outer = up.FindAll(address => !IPAddress.IsLoopback(address.Address));
        List<IPAddress> found = [.. (outer.Count > 0 ? outer : up)
            .Where(address => IpText.IsFour(address.Address) == four && AdvertiseNetworks.IsPrivate(address.Address) == four)
            .Select(address => address.Address)];
        return found.Count switch
        {
            0 => throw new ConfigRefusedException($"No {kind} address found"),
            1 => found[0],
            _ => throw new ConfigRefusedException(
                $"Multiple {kind} addresses found. Please configure one with 'bind' and/or 'advertise'."),
        };
    }

    /// <summary>Fills in <c>lan</c> with <c>lan_ipv4</c> or <c>lan_ipv6</c>, or the same of the WAN.</summary>
    private void Tag(SortedDictionary<string, string> tagged, string tag, string key, IPAddress address, IPAddress shown)
    {
        IPAddress? four = ReadAddress($"{key}_ipv4") ?? (IpText.IsFour(address) ? address : null);
        if (four is not null && !IpText.IsFour(four))
        {
            throw new ConfigRefusedException($"{key}_ipv4 must be an ipv4 address");
        }

        // Consul 1.8 has no key of its own for the WAN and takes the LAN's.
        string sixText = Text($"{key}_ipv6");
        IPAddress? six = _values.Address($"{key}_ipv6", sixText.Length > 0 ? sixText : Text("advertise_addr_ipv6"))
            ?? (IpText.IsFour(address) ? null : address);
        if (six is not null && IpText.IsFour(six))
        {
            throw new ConfigRefusedException($"{key}_ipv6 must be an ipv6 address");
        }

        tagged[tag] = shown.ToString();
        if (four is not null)
        {
            tagged[$"{tag}_ipv4"] = four.ToString();
        }

        if (six is not null)
        {
            tagged[$"{tag}_ipv6"] = six.ToString();
        }
    }

    private IPAddress? ReadAddress(string key)
    {
        return _values.Address(key, Text(key));
    }

    /// <summary>The service's own addresses, or the client addresses; none where the port is off, but for unix sockets.</summary>
    private List<ClientEndpoint> Listeners(string service, List<IPAddress> client, int port)
    {
        List<ClientEndpoint> own = _values.Endpoints($"addresses.{service}", _settings.Section("addresses").Text(service));
        IEnumerable<ClientEndpoint> chosen = own.Count > 0 ? own : client.Select(address => ClientEndpoint.Of(address, port: 0));
        return
        [
            .. chosen
                .Where(endpoint => endpoint.IsUnixSocket || port > 0)
                .Select(endpoint => endpoint.Address is null ? endpoint : ClientEndpoint.Of(endpoint.Address.Address, port)),
        ];
    }

    private List<IPNetwork>? AllowedNetworks(string key)
    {
        if (!_settings.Has(key))
        {
            return null;
        }

        var networks = new List<IPNetwork>();
        var mistakes = new ErrorList();
        foreach (string text in _settings.Texts(key))
        {
            if (IpText.TryParseCidr(text.Trim(), out IPNetwork network))
            {
                networks.Add(network);
                continue;
            }

            mistakes.Add($"invalid cidr: {text}");
        }

        return mistakes.Any ? throw new ConfigRefusedException($"{key}: {mistakes}") : networks;
    }

    private List<string> Recursors()
    {
        var recursors = new List<string>();
        foreach (string text in _settings.Texts("recursors"))
        {
            if (!_values.TryExpand(text, out string[] words, out string error))
            {
                throw new ConfigRefusedException($"Invalid DNS recursor template {GoText.Quote(text)}: {error}");
            }

            foreach (string word in words)
            {
                if (word.StartsWith("unix://", StringComparison.Ordinal))
                {
                    throw new ConfigRefusedException($"DNS Recursors cannot be unix sockets: {word}");
                }

                if (!recursors.Contains(word, StringComparer.Ordinal))
                {
                    recursors.Add(word);
                }
            }
        }

        return recursors;
    }
}
