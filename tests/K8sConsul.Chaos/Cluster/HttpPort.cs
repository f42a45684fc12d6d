using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace K8sConsul.Chaos.Cluster;

/// <summary>
/// One kept connection to a server's HTTP port, for one caller. It never sends a request twice, which <see cref="HttpClient"/> does when
/// a kept connection ends under a request without a body: a delete that is done twice is not the delete that was asked for.
/// </summary>
internal sealed class HttpPort(string address) : IDisposable
{
    private const int Port = 8500;

    private readonly byte[] _buffer = new byte[16 * 1024];
    private Socket? _socket;

    public async Task<HttpAnswer> SendAsync(string method, string path, string body, TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        bool wasSent = false;
        try
        {
            _socket ??= await ConnectAsync(late.Token);
            byte[] request = Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
            wasSent = true;
            for (int sent = 0; sent < request.Length;)
            {
                sent += await _socket.SendAsync(request.AsMemory(sent), late.Token);
            }

            return await ReceiveAsync(_socket, late.Token);
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException)
        {
            Dispose();
            return HttpAnswer.None(wasSent, failure.Message);
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, Port, cancellationToken);
            return socket;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<HttpAnswer> ReceiveAsync(Socket socket, CancellationToken cancellationToken)
    {
        var received = new MemoryStream();
        while (true)
        {
            int count = await socket.ReceiveAsync(_buffer, cancellationToken);
            if (count == 0)
            {
                throw new IOException("the connection ended within the answer");
            }

            received.Write(_buffer, 0, count);
            string text = Encoding.Latin1.GetString(received.GetBuffer(), 0, (int)received.Length);
            int headEnd = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (headEnd >= 0 && Body(text[..headEnd], text[(headEnd + 4)..]) is { } body)
            {
                string head = text[..headEnd];
                return new HttpAnswer(
                    int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture),
                    body,
                    ulong.TryParse(Header(head, "X-Consul-Index"), CultureInfo.InvariantCulture, out ulong index) ? index : 0,
                    WasSent: true);
            }
        }
    }

    /// <returns>Null while it is not whole.</returns>
    private static string? Body(string head, string rest)
    {
        if (int.TryParse(Header(head, "Content-Length"), CultureInfo.InvariantCulture, out int length))
        {
            return rest.Length >= length ? rest[..length] : null;
        }

        return Header(head, "Transfer-Encoding") is null ? string.Empty : Unchunked(rest);
    }

    private static string? Unchunked(string rest)
    {
        var body = new StringBuilder();
        for (int at = 0; ;)
        {
            int line = rest.IndexOf("\r\n", at, StringComparison.Ordinal);
            if (line < 0)
            {
                return null;
            }

            int size = int.Parse(rest.AsSpan(at, line - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (line + 2 + size + 2 > rest.Length)
            {
                return null;
            }

            if (size == 0)
            {
                return body.ToString();
            }

            body.Append(rest, line + 2, size);
            at = line + 2 + size + 2;
        }
    }

    private static string? Header(string head, string name)
    {
        int at = head.IndexOf("\r\n" + name + ": ", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        int from = at + name.Length + 4;
        int to = head.IndexOf("\r\n", from, StringComparison.Ordinal);
        return to < 0 ? head[from..] : head[from..to];
    }
}
