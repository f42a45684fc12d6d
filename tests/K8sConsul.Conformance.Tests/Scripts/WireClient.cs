using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;

namespace K8sConsul.Conformance.Tests.Scripts;

/// <summary>An answer as it came over the wire, with its body decoded.</summary>
internal sealed record WireAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    /// <summary>The status of a connection that was closed without an answer.</summary>
    public const int None = 0;

    public string? Header(string name) =>
        Headers.FirstOrDefault(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
}

/// <summary>
/// Sends a request line exactly as given. <see cref="HttpClient"/> would clean paths, refuse odd ones, and add headers, and
/// those are what some cases are about.
/// </summary>
internal static class WireClient
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    public static async Task<WireAnswer> SendAsync(
        int port, string method, string target, IEnumerable<KeyValuePair<string, string>> headers, byte[]? body, bool chunked, bool headersOnly)
    {
        using var timeout = new CancellationTokenSource(AnswerTimeout);
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", port, timeout.Token);
        await using NetworkStream stream = connection.GetStream();
        await WriteAsync(stream, method, target, headers, body, chunked, timeout.Token);
        try
        {
            return await ReadAsync(new ByteReader(stream, timeout.Token), method, headersOnly);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"{method} {target}: no answer within {AnswerTimeout.TotalSeconds} s", late);
        }
    }

    private static async Task WriteAsync(
        Stream stream, string method, string target, IEnumerable<KeyValuePair<string, string>> headers, byte[]? body, bool chunked, CancellationToken stop)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"{method} {target} HTTP/1.1\r\nHost: consul.test\r\n");
        foreach ((string name, string value) in headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (chunked)
        {
            head.Append("Transfer-Encoding: chunked\r\n");
        }
        else if (body is not null || method is "PUT" or "POST")
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body?.Length ?? 0}\r\n");
        }

        head.Append("\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head.ToString()), stop);
        if (body is null)
        {
            return;
        }

        try
        {
            if (chunked)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{body.Length:x}\r\n")), stop);
            }

            await stream.WriteAsync(body, stop);
            if (chunked)
            {
                await stream.WriteAsync("\r\n0\r\n\r\n"u8.ToArray(), stop);
            }
        }
        catch (IOException)
        {
            // A server that refuses by the announced length closes before it has read everything; its answer is there to be read.
        }
    }

    private static async Task<WireAnswer> ReadAsync(ByteReader input, string method, bool headersOnly)
    {
        string statusLine;
        try
        {
            statusLine = await input.LineAsync();
        }
        catch (EndOfStreamException)
        {
            // The real program's handler crashed.
            return new WireAnswer(WireAnswer.None, [], []);
        }

        int status = int.Parse(statusLine.Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = new List<KeyValuePair<string, string>>();
        for (string line = await input.LineAsync(); line.Length > 0; line = await input.LineAsync())
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add(new(line[..colon], line[(colon + 1)..].Trim()));
        }

        var answer = new WireAnswer(status, headers, []);
        if (headersOnly || method == "HEAD")
        {
            return answer;
        }

        byte[] body;
        if (answer.Header("Transfer-Encoding") == "chunked")
        {
            body = await input.ChunksAsync();
        }
        else if (answer.Header("Content-Length") is { } length)
        {
            body = await input.ExactlyAsync(int.Parse(length, CultureInfo.InvariantCulture));
        }
        else
        {
            body = await input.RestAsync();
        }

        return answer with { Body = answer.Header("Content-Encoding") == "gzip" ? Unpack(body) : body };
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private sealed class ByteReader(Stream stream, CancellationToken stop)
    {
        private readonly byte[] _buffer = new byte[64 * 1024];
        private int _at;
        private int _end;

        public async Task<string> LineAsync()
        {
            var line = new List<byte>();
            while (true)
            {
                int b = await NextAsync();
                if (b < 0)
                {
                    throw new EndOfStreamException($"the connection ended after {line.Count} bytes of a line");
                }

                if (b == '\n')
                {
                    return Encoding.UTF8.GetString(line.ToArray()).TrimEnd('\r');
                }

                line.Add((byte)b);
            }
        }

        public async Task<byte[]> ExactlyAsync(int count)
        {
            byte[] bytes = new byte[count];
            for (int i = 0; i < count; i++)
            {
                int b = await NextAsync();
                bytes[i] = b >= 0 ? (byte)b : throw new EndOfStreamException($"the connection ended after {i} of {count} bytes");
            }

            return bytes;
        }

        public async Task<byte[]> ChunksAsync()
        {
            var all = new List<byte>();
            while (true)
            {
                int size = int.Parse(await LineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                all.AddRange(await ExactlyAsync(size));
                await LineAsync();
                if (size == 0)
                {
                    return [.. all];
                }
            }
        }

        public async Task<byte[]> RestAsync()
        {
            var all = new List<byte>();
            for (int b = await NextAsync(); b >= 0; b = await NextAsync())
            {
                all.Add((byte)b);
            }

            return [.. all];
        }

        private async ValueTask<int> NextAsync()
        {
            if (_at == _end)
            {
                _at = 0;
                _end = await stream.ReadAsync(_buffer, stop);
                if (_end == 0)
                {
                    return -1;
                }
            }

            return _buffer[_at++];
        }
    }
}
