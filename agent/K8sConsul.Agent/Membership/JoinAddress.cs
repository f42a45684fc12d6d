using System.Globalization;
using System.Net;
using System.Net.Sockets;
using K8sConsul.Gossip;

namespace K8sConsul.Agent.Membership;

/// <summary>What an operator may write as the address of a peer: <c>[name/]host[:port]</c>.</summary>
internal readonly record struct JoinAddress(string Host, ushort Port)
{
    /// <summary>Takes the text apart.</summary>
    /// <param name="text">As written.</param>
    /// <param name="defaultPort">Used where the text has none.</param>
    /// <param name="address">Host name or IP without brackets, and port.</param>
    /// <param name="error">Why the text is no address.</param>
    public static bool TryParse(string text, ushort defaultPort, out JoinAddress address, out string error)
    {
        (address, error) = (default, string.Empty);

        // The name in front only tells peers whom we mean; we ask whoever listens there.
        string place = text[(text.IndexOf('/', StringComparison.Ordinal) + 1)..];
        (string host, string? port) = Split(place);
        ushort number = defaultPort;
        if (port is not null && !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            error = $"lookup tcp/{port}: unknown port";
            return false;
        }

        address = new JoinAddress(host, number);
        return true;
    }

    /// <summary>All addresses of the host.</summary>
    /// <exception cref="GossipException">It has none. Go's text.</exception>
    public async Task<IReadOnlyList<MemberAddress>> ResolveAsync(CancellationToken cancellationToken)
    {
        ushort port = Port;
        if (IPAddress.TryParse(Host, out IPAddress? ip))
        {
            return [new MemberAddress(ip, port)];
        }

        if (Host.Length == 0)
        {
            throw new GossipException("lookup : no such host");
        }

        try
        {
            IPAddress[] found = await System.Net.Dns.GetHostAddressesAsync(Host, cancellationToken);
            return found.Length > 0
                ? [.. found.Select(address => new MemberAddress(address, port))]
                : throw new GossipException($"lookup {Host}: no such host");
        }
        catch (SocketException e)
        {
            throw new GossipException(GoNetworkText.Lookup(Host, e), e);
        }
    }

    private static (string Host, string? Port) Split(string place)
    {
        if (place.StartsWith('['))
        {
            int end = place.IndexOf(']', StringComparison.Ordinal);
            if (end > 0)
            {
                string rest = place[(end + 1)..];
                return (place[1..end], rest.StartsWith(':') ? rest[1..] : null);
            }
        }

        // More than one colon without brackets is a bare IPv6 address.
        int colon = place.LastIndexOf(':');
        return colon < 0 || place.IndexOf(':', StringComparison.Ordinal) != colon
            ? (place, null)
            : (place[..colon], place[(colon + 1)..]);
    }
}
