using System.Net;
using K8sConsul.Addresses;
using K8sConsul.Go;

namespace K8sConsul.Agent.Configuration;

/// <summary>Reads durations, ports, networks and addresses, and collects the mistakes: Consul tells them together, after all others.</summary>
internal sealed class ValueReader(AddressTemplate templates)
{
    private const string UnixScheme = "unix://";

    public ErrorList Mistakes { get; } = new();

    /// <summary>Zero for an absent value.</summary>
    public TimeSpan Duration(string name, string? text)
    {
        if (text is null)
        {
            return TimeSpan.Zero;
        }

        if (!GoDuration.TryParse(text, out TimeSpan duration, out string error))
        {
            Mistakes.Add($"{name}: invalid duration: {GoText.Quote(text)}: {error}");
        }

        return duration;
    }

    /// <summary>-1 for an absent, zero or negative one.</summary>
    public int Port(string name, long? port)
    {
        switch (port)
        {
            case null or <= 0:
                return -1;
            case > ushort.MaxValue:
                Mistakes.Add($"{name}: invalid port: {port}");
                return -1;
            default:
                return (int)port;
        }
    }

    public List<IPNetwork> Networks(string name, IReadOnlyList<string> texts)
    {
        var networks = new List<IPNetwork>();
        foreach (string text in texts)
        {
            if (IpText.TryParseCidr(text.Trim(), out IPNetwork network))
            {
                networks.Add(network);
                continue;
            }

            Mistakes.Add($"{name}: invalid cidr: {text}");
        }

        return networks;
    }

    /// <summary>Addresses and unix sockets, mixed. Port numbers come later, so that here all are 0.</summary>
    public List<ClientEndpoint> Endpoints(string name, string? text)
    {
        var endpoints = new List<ClientEndpoint>();
        foreach (string word in Words(name, text))
        {
            if (word.StartsWith(UnixScheme, StringComparison.Ordinal))
            {
                endpoints.Add(ClientEndpoint.Unix(word[UnixScheme.Length..]));
                continue;
            }

            if (!IpText.TryParse(word is "[::]" ? "::" : word, out IPAddress address))
            {
                Mistakes.Add($"{name}: invalid ip address: {word}");
                return [];
            }

            endpoints.Add(ClientEndpoint.Of(address, port: 0));
        }

        return endpoints;
    }

    public List<IPAddress> Addresses(string name, string? text)
    {
        var addresses = new List<IPAddress>();
        foreach (ClientEndpoint endpoint in Endpoints(name, text))
        {
            if (endpoint.Address is null)
            {
                Mistakes.Add($"{name} cannot be a unix socket");
                return [];
            }

            addresses.Add(endpoint.Address.Address);
        }

        return addresses;
    }

    /// <summary>Null for none, and for several, which is a mistake.</summary>
    public IPAddress? Address(string name, string? text)
    {
        List<ClientEndpoint> endpoints = Endpoints(name, text);
        switch (endpoints.Count)
        {
            case 0:
                return null;
            case 1 when endpoints[0].Address is null:
                Mistakes.Add($"{name} cannot be a unix socket");
                return null;
            case 1:
                return endpoints[0].Address!.Address;
            default:
                string all = string.Join(
                    ' ', endpoints.Select(endpoint => endpoint.Address?.Address.ToString() ?? endpoint.SocketPath));
                Mistakes.Add($"{name}: multiple addresses found: {all}");
                return null;
        }
    }

    /// <summary>Host names and other texts stay as they are; what a template makes is split at blanks.</summary>
    public List<string> Hosts(string name, IReadOnlyList<string> texts)
    {
        var hosts = new List<string>();
        foreach (string text in texts.Where(text => text.Length > 0))
        {
            if (!templates.TryExpand(text, out string expanded, out string error))
            {
                Mistakes.Add($"{name}: error parsing {GoText.Quote(text)}: {error}");
                continue;
            }

            hosts.AddRange(string.Equals(expanded, text, StringComparison.Ordinal) ? [text] : Fields(expanded));
        }

        return hosts;
    }

    public bool TryExpand(string text, out string[] words, out string error)
    {
        bool expands = templates.TryExpand(text, out string expanded, out error);
        words = Fields(expanded);
        return expands;
    }

    private string[] Words(string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return [];
        }

        if (!TryExpand(text, out string[] words, out string error))
        {
            Mistakes.Add($"{name}: error parsing {GoText.Quote(text)}: {error}");
        }

        return words;
    }

    private static string[] Fields(string text)
    {
        return text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);
    }
}
