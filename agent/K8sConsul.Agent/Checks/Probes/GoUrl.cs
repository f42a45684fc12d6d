using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Agent.Checks.Probes;

/// <summary>URLs that Go's client would refuse, with its words; the rest is <see cref="Uri"/>'s.</summary>
internal static class GoUrl
{
    /// <summary>The method is for the errors that Go reports at sending: <c>Get "ftp://x/": unsupported protocol scheme "ftp"</c>.</summary>
    public static bool TryParse(string text, string method, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? error)
    {
        url = null;
        int colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon <= 0 || !text[..colon].All(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.'))
        {
            int first = text.IndexOf(':', StringComparison.Ordinal);
            int slash = text.IndexOf('/', StringComparison.Ordinal);
            error = first == 0 ? $"parse \"{text}\": missing protocol scheme"
                : first > 0 && (slash < 0 || first < slash) && !char.IsAsciiLetter(text[0]) ? $"parse \"{text}\": first path segment in URL cannot contain colon"
                : $"{Operation(method)} \"{text}\": unsupported protocol scheme \"{(first > 0 && (slash < 0 || first < slash) ? text[..first].ToLowerInvariant() : "")}\"";
            return false;
        }

        string scheme = text[..colon].ToLowerInvariant();
        string rest = text[(colon + 3)..];
        int end = rest.AsSpan().IndexOfAny('/', '?', '#');
        string authority = end < 0 ? rest : rest[..end];
        string host = authority[(authority.LastIndexOf('@') + 1)..];
        if (host.StartsWith('[') && !host.Contains(']', StringComparison.Ordinal))
        {
            error = $"parse \"{text}\": missing ']' in host";
            return false;
        }

        int portColon = host.LastIndexOf(':');
        if (portColon > host.LastIndexOf(']') && !host[(portColon + 1)..].All(char.IsAsciiDigit))
        {
            error = $"parse \"{text}\": invalid port \"{host[portColon..]}\" after host";
            return false;
        }

        if (scheme is not ("http" or "https"))
        {
            error = $"{Operation(method)} \"{text}\": unsupported protocol scheme \"{scheme}\"";
            return false;
        }

        if (host.Length == 0 || host.StartsWith(':'))
        {
            error = $"{Operation(method)} \"{text}\": http: no Host in request URL";
            return false;
        }

        if (!Uri.TryCreate(text, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = false }, out url))
        {
            error = $"parse \"{text}\": invalid URL";
            return false;
        }

        error = null;
        return true;
    }

    /// <summary>Go names the operation of a failed request by its method: <c>Get</c>, <c>Post</c>.</summary>
    public static string Operation(string method) =>
        method.Length == 0 ? "Get" : char.ToUpperInvariant(method[0]) + method[1..].ToLowerInvariant();
}
