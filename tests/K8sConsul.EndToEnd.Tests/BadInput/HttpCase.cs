using System.Globalization;
using System.Text;

namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>
/// One request that no well-behaved client sends. Both programs must answer it alike: status, text, type, allowed methods and
/// place of redirection.
/// </summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Pieces">The bytes, each piece a packet of its own.</param>
internal sealed record HttpCase(string Name, params IReadOnlyList<byte[]> Pieces)
{
    /// <summary>Why the answers may differ, where they do; then only ours is looked at.</summary>
    public string? Differs { get; init; }

    /// <summary>With <see cref="Differs"/>: the status that ours must have.</summary>
    public int Ours { get; init; }

    /// <summary>With <see cref="Differs"/>: the status of the real one, so that the list of differences does not rot.</summary>
    public int Theirs { get; init; }

    /// <summary>With a body that the head announces.</summary>
    public static HttpCase Of(string name, string method, string target, string body = "", params string[] headers) =>
        Of(name, method, target, Encoding.UTF8.GetBytes(body), headers);

    public static HttpCase Of(string name, string method, string target, byte[] body, params string[] headers)
    {
        string length = method is "PUT" or "POST" || body.Length > 0
            ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n")
            : string.Empty;
        return new HttpCase(name, [.. Head(method, target, [length, .. headers]), .. body]);
    }

    /// <summary>With a body in chunks, whose length nobody knows beforehand.</summary>
    public static HttpCase Chunked(string name, string method, string target, params ReadOnlySpan<byte[]> chunks)
    {
        var bytes = new List<byte>(Head(method, target, ["Transfer-Encoding: chunked\r\n"]));
        foreach (byte[] chunk in chunks)
        {
            bytes.AddRange(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{chunk.Length:x}\r\n")));
            bytes.AddRange(chunk);
            bytes.AddRange("\r\n"u8);
        }

        bytes.AddRange("0\r\n\r\n"u8);
        return new HttpCase(name, bytes.ToArray());
    }

    /// <summary>As the bytes are, Latin-1.</summary>
    public static HttpCase Raw(string name, params string[] pieces) => new(name, [.. pieces.Select(Encoding.Latin1.GetBytes)]);

    private static byte[] Head(string method, string target, ReadOnlySpan<string> headers)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        foreach (string header in headers)
        {
            head.Append(header);
            if (header.Length > 0 && !header.EndsWith("\r\n", StringComparison.Ordinal))
            {
                head.Append("\r\n");
            }
        }

        return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
    }
}
