using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace K8sConsul.Agent.Checks;

/// <summary>Addresses as Go's <c>net.Dial</c> reads them, with its errors.</summary>
internal static class HostPort
{
    // What Go itself knows without /etc/services, and checks are likely to name.
    private static readonly Dictionary<string, int> NamedPorts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["domain"] = 53, ["ftp"] = 21, ["ftps"] = 990, ["gopher"] = 70, ["http"] = 80, ["https"] = 443, ["imap2"] = 143, ["imap3"] = 220,
        ["imaps"] = 993, ["pop3"] = 110, ["pop3s"] = 995, ["smtp"] = 25, ["ssh"] = 22, ["telnet"] = 23,
    };

    /// <summary>
    /// Splits <c>host:port</c>; the host may be empty, and loses the brackets of an IPv6 address. The error is Go's, and begins
    /// with <c>dial tcp: </c>.
    /// </summary>
    public static bool TryParse(string network, string address, out string host, out int port, [NotNullWhen(false)] out string? error)
    {
        host = "";
        port = 0;
        int colon = address.LastIndexOf(':');
        if (colon < 0)
        {
            error = $"dial {network}: address {address}: missing port in address";
            return false;
        }

        if (address.StartsWith('['))
        {
            int close = address.IndexOf(']', StringComparison.Ordinal);
            if (close < 0)
            {
                error = $"dial {network}: address {address}: missing ']' in address";
                return false;
            }

            if (close + 1 != colon)
            {
                error = close + 1 == address.Length || address[close + 1] != ':'
                    ? $"dial {network}: address {address}: missing port in address"
                    : $"dial {network}: address {address}: too many colons in address";
                return false;
            }

            host = address[1..close];
        }
        else
        {
            host = address[..colon];
            if (host.Contains(':', StringComparison.Ordinal))
            {
                error = $"dial {network}: address {address}: too many colons in address";
                return false;
            }
        }

        return TryParsePort(network, address[(colon + 1)..], out port, out error);
    }

    private static bool TryParsePort(string network, string text, out int port, [NotNullWhen(false)] out string? error)
    {
        error = null;
        if (text.Length == 0 || NamedPorts.TryGetValue(text, out port))
        {
            // An empty port is port 0 to Go, which nobody listens on.
            port = text.Length == 0 ? 0 : NamedPorts[text];
            return true;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out port))
        {
            error = text.All(char.IsAsciiDigit)
                ? $"dial {network}: address {text}: invalid port"
                : $"dial {network}: address {network}/{text}: unknown port";
            return false;
        }

        if (port is < 0 or > 65535)
        {
            error = $"dial {network}: address {text}: invalid port";
            return false;
        }

        return true;
    }
}
