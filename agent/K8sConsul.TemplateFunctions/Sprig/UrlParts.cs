using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>A URL in the parts that Sprig names, and put together again.</summary>
internal static class UrlParts
{
    public static Dictionary<string, object?> Parse(string url)
    {
        string rest = url;
        if (url.Any(char.IsControl))
        {
            throw Refused(url, "net/url: invalid control character in URL");
        }

        string fragment = TakeAfter(ref rest, '#');
        string scheme = TakeScheme(url, ref rest);
        string query = TakeAfter(ref rest, '?');
        string host = "";
        string user = "";
        string opaque = "";
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            int slash = rest.IndexOf('/', 2);
            host = slash < 0 ? rest[2..] : rest[2..slash];
            rest = slash < 0 ? "" : rest[slash..];
            int at = host.LastIndexOf('@');
            user = at < 0 ? "" : host[..at];
            host = host[(at + 1)..];
        }
        else if (scheme.Length > 0 && !rest.StartsWith('/'))
        {
            opaque = rest;
            rest = "";
        }
        else if (scheme.Length == 0 && rest.Split('/')[0].Contains(':', StringComparison.Ordinal))
        {
            throw Refused(url, "first path segment in URL cannot contain colon");
        }

        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["scheme"] = scheme,
            ["host"] = host,
            ["hostname"] = HostName(host),
            ["path"] = Uri.UnescapeDataString(rest),
            ["query"] = query,
            ["opaque"] = opaque,
            ["fragment"] = Uri.UnescapeDataString(fragment),
            ["userinfo"] = user,
        };
    }

    public static string Join(Dictionary<string, object?> parts)
    {
        string Part(string name) => parts.TryGetValue(name, out object? value)
            ? value as string ?? throw new TemplateFunctionException(
                $"unable to parse {name} key, must be of type string, but {CallExtensions.TypeName(value)} found")
            : "";

        var url = new StringBuilder();
        string scheme = Part("scheme");
        string user = Part("userinfo");
        string host = Part("host");
        string path = GoUrlEscape.Path(Part("path"));
        string query = Part("query");
        string fragment = Part("fragment");
        string opaque = Part("opaque");
        url.Append(scheme).Append(scheme.Length > 0 ? ":" : "");
        if (opaque.Length > 0)
        {
            url.Append(opaque);
        }
        else
        {
            if (scheme.Length > 0 || host.Length > 0 || user.Length > 0)
            {
                url.Append(host.Length > 0 || path.Length > 0 || user.Length > 0 ? "//" : "");
                url.Append(user).Append(user.Length > 0 ? "@" : "").Append(host);
                url.Append(path.Length > 0 && path[0] != '/' && host.Length > 0 ? "/" : "");
            }

            url.Append(path);
        }

        return url.Append(query.Length > 0 ? "?" : "").Append(query)
            .Append(fragment.Length > 0 ? "#" : "").Append(GoUrlEscape.Fragment(fragment)).ToString();
    }

    private static string TakeAfter(ref string text, char mark)
    {
        int at = text.IndexOf(mark, StringComparison.Ordinal);
        string after = at < 0 ? "" : text[(at + 1)..];
        text = at < 0 ? text : text[..at];
        return after;
    }

    private static string TakeScheme(string url, ref string rest)
    {
        int colon = rest.IndexOf(':', StringComparison.Ordinal);
        if (colon == 0)
        {
            throw Refused(url, "missing protocol scheme");
        }

        if (colon < 0 || !char.IsAsciiLetter(rest[0]) || !rest[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.'))
        {
            return "";
        }

        string scheme = rest[..colon].ToLowerInvariant();
        rest = rest[(colon + 1)..];
        return scheme;
    }

    private static string HostName(string host)
    {
        if (host.StartsWith('['))
        {
            int end = host.IndexOf(']', StringComparison.Ordinal);
            return end < 0 ? host : host[1..end];
        }

        int colon = host.LastIndexOf(':');
        return colon < 0 ? host : host[..colon];
    }

    private static TemplateFunctionException Refused(string url, string reason)
    {
        return new TemplateFunctionException($"unable to parse url: parse {GoText.Quote(url)}: {reason}");
    }
}
