using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace K8sConsul.Agent.Dns;

/// <summary>Consul's way of writing a recursor: <c>1.2.3.4</c>, <c>1.2.3.4:53</c>, <c>::1</c>, <c>[::1]:53</c>, <c>name:53</c>.</summary>
internal static class RecursorAddress
{
    private const int DefaultPort = 53;

    public static bool TryParse(string text, [NotNullWhen(true)] out EndPoint? recursor)
    {
        recursor = null;
        string host = text;
        int port = DefaultPort;
        int colon = text.LastIndexOf(':');
        bool isBracketed = text.StartsWith('[');
        bool isBareIpv6 = !isBracketed && colon > text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && !isBareIpv6 && !text.EndsWith(']'))
        {
            host = text[..colon];
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
                || port is 0 or > IPEndPoint.MaxPort)
            {
                return false;
            }
        }

        if (isBracketed)
        {
            if (!host.EndsWith(']'))
            {
                return false;
            }

            host = host[1..^1];
        }

        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            recursor = new IPEndPoint(address, port);
            return true;
        }

        if (isBracketed || isBareIpv6 || Uri.CheckHostName(host) != UriHostNameType.Dns)
        {
            return false;
        }

        recursor = new DnsEndPoint(host, port);
        return true;
    }
}
