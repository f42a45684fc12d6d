using System.Globalization;
using K8sConsul.Go;

namespace K8sConsul.Contracts.Client;

/// <summary>Where an agent's HTTP API listens.</summary>
internal sealed record ConsulAddress
{
    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    private ConsulAddress()
    {
    }

    public required bool IsTls { get; init; }

    /// <summary>As given, for URLs in error texts: <c>host:port</c>, or the path of a socket.</summary>
    public required string Authority { get; init; }

    /// <summary>Without brackets. Where the port is no number it is the whole authority, and no such host exists.</summary>
    public required string Host { get; init; }

    public required string PortText { get; init; }

    /// <summary>Starts with a slash and ends without one; empty for none.</summary>
    public required string PathPrefix { get; init; }

    /// <summary>Null for TCP.</summary>
    public string? SocketPath { get; init; }

    /// <summary>Such hosts are never asked through a proxy.</summary>
    public bool IsThisHost => SocketPath is not null
        || Host is "localhost" or "::1"
        || Host.StartsWith("127.", StringComparison.Ordinal);

    /// <summary>Null when it is no port's number.</summary>
    public int? Port => ushort.TryParse(PortText, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? port : null;

    /// <summary>What Go shows as the dialled address.</summary>
    public string DialText => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{PortText}" : $"{Host}:{PortText}";

    public string BaseUrl => $"{(IsTls ? "https" : "http")}://{GoUrlEscape.Host(Authority)}{PathPrefix}";

    public static ConsulAddress? TryParse(string address, bool useTls, out string error)
    {
        error = string.Empty;
        int at = address.IndexOf("://", StringComparison.Ordinal);
        string scheme = at < 0 ? string.Empty : address[..at];
        string rest = at < 0 ? address : address[(at + 3)..];
        switch (scheme)
        {
            case "":
            case "http":
                return ForTcp(rest, useTls);
            case "https":
                return ForTcp(rest, isTls: true);
            case "unix":
                return ForSocket(rest, useTls);
            default:
                error = $"Unknown protocol scheme: {scheme}";
                return null;
        }
    }

    private static ConsulAddress ForSocket(string path, bool isTls)
    {
        return new ConsulAddress
        {
            IsTls = isTls,
            Authority = path,
            Host = "localhost",
            PortText = "0",
            PathPrefix = string.Empty,
            SocketPath = path,
        };
    }

    private static ConsulAddress ForTcp(string rest, bool isTls)
    {
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string authority = slash < 0 ? rest : rest[..slash];
        string prefix = slash < 0 ? string.Empty : GoUrlEscape.Path(rest[slash..].TrimEnd('/'));
        string defaultPort = (isTls ? HttpsPort : HttpPort).ToString(CultureInfo.InvariantCulture);
        (string host, string port) = SplitPort(authority, defaultPort);
        return new ConsulAddress { IsTls = isTls, Authority = authority, Host = host, PortText = port, PathPrefix = prefix };
    }

    private static (string Host, string Port) SplitPort(string authority, string defaultPort)
    {
        int colon = authority.LastIndexOf(':');
        int bracket = authority.LastIndexOf(']');
        string port = colon > bracket ? authority[(colon + 1)..] : string.Empty;
        string host = colon > bracket ? authority[..colon] : authority;
        if (port.Length > 0 && port.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return (authority, defaultPort);
        }

        if (host.Length > 1 && host[0] == '[' && host[^1] == ']')
        {
            host = host[1..^1];
        }

        return (host, port.Length > 0 ? port : defaultPort);
    }
}
