using K8sConsul.Grpc.Net;

namespace K8sConsul.Agent.Checks.Probes;

/// <summary>Why a request got no response, in the words of Go's <c>net/http</c>.</summary>
internal static class HttpFailureText
{
    private const string Broken = "net/http: HTTP/1.x transport connection broken: ";

    public static string Of(HttpRequestException error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case DialException or TlsHandshakeException or BrokenConnectionException:
                    return e.Message;
            }
        }

        return error.HttpRequestError switch
        {
            HttpRequestError.ResponseEnded => "EOF",
            HttpRequestError.InvalidResponse => Broken + Malformed(error),
            HttpRequestError.ConfigurationLimitExceeded => "net/http: server response headers exceeded 1048576 bytes; aborted",
            _ => error.Message,
        };
    }

    /// <summary>Which part of the status line is wrong, by Go's order of looking; the line itself stands in the exception's text.</summary>
    private static string Malformed(HttpRequestException error)
    {
        string message = (error.InnerException ?? error).Message;
        int open = message.IndexOf('\'', StringComparison.Ordinal);
        int close = message.LastIndexOf('\'');
        return open >= 0 && close > open ? StatusLine(message[(open + 1)..close]) : message;
    }

    internal static string StatusLine(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
        {
            return $"malformed HTTP response \"{line}\"";
        }

        string code = line[(space + 1)..].TrimStart(' ');
        int end = code.IndexOf(' ', StringComparison.Ordinal);
        code = end < 0 ? code : code[..end];
        return code.Length != 3 || !code.All(char.IsAsciiDigit)
            ? $"malformed HTTP status code \"{code}\""
            : $"malformed HTTP version \"{line[..space]}\"";
    }
}
