using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using K8sConsul.Contracts.Model;
using K8sConsul.Go;

namespace K8sConsul.Cli.Commands.Services;

/// <summary><c>host:port</c> as Go's net.SplitHostPort takes it apart.</summary>
internal static class GoAddress
{
    public static bool TryParse(string text, [NotNullWhen(true)] out ServiceAddress? address, out string error)
    {
        address = null;
        int colon = text.LastIndexOf(':');
        int bracket = text.LastIndexOf(']');
        error = colon < 0 || bracket > colon ? "missing port in address"
            : text.StartsWith('[') && bracket < 0 ? "missing ']' in address"
            : bracket < 0 && text.IndexOf(':', StringComparison.Ordinal) < colon ? "too many colons in address"
            : string.Empty;
        if (error.Length > 0)
        {
            error = $"address {text}: {error}";
            return false;
        }

        string host = bracket >= 0 ? text[1..bracket] : text[..colon];
        string port = text[(colon + 1)..];
        if (!int.TryParse(port, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            error = $"strconv.Atoi: parsing {GoText.Quote(port)}: invalid syntax";
            return false;
        }

        address = new ServiceAddress { Address = host, Port = number };
        return true;
    }
}
