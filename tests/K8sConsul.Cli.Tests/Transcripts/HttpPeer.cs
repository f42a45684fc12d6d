using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K8sConsul.Cli.Tests.Transcripts;

internal sealed record PeerRequest(string Method, string Target, byte[] Body);

internal sealed record PeerAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body);

/// <summary>A small HTTP/1.1 server: one request per connection, answered by a function.</summary>
internal sealed class HttpPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<PeerRequest, Task<PeerAnswer>> _answer;
    private readonly Task _serving;

    /// <summary>Grown by the loop that accepts, read when that has ended.</summary>
    private readonly List<Task> _connections = [];

    public HttpPeer(Func<PeerRequest, Task<PeerAnswer>> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _serving = ServeAsync();
    }

    public string Address { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient peer)
    {
        try
        {
            using TcpClient connection = peer;
            await using NetworkStream stream = peer.GetStream();
            PeerAnswer answer = await _answer(await ReadAsync(stream));
            await stream.WriteAsync(Format(answer), _stop.Token);
            peer.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // The test is over, or a command that has what it wants leaves in the middle of its next request.
        }
    }

    private static byte[] Format(PeerAnswer answer)
    {
        var head = new StringBuilder($"HTTP/1.1 {answer.Status} Status\r\n");
        foreach ((string name, string value) in answer.Headers)
        {
            head.Append($"{name}: {value}\r\n");
        }

        head.Append($"Content-Length: {answer.Body.Length}\r\nConnection: close\r\n\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. answer.Body];
    }

    private async Task<PeerRequest> ReadAsync(NetworkStream stream)
    {
        string[] head = (await ReadUntilAsync(stream, "\r\n\r\n")).Split("\r\n");
        string[] first = head[0].Split(' ');
        byte[] body = [];
        foreach (string line in head)
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                body = new byte[int.Parse(line["Content-Length:".Length..])];
                await stream.ReadExactlyAsync(body, _stop.Token);
            }
            else if (line.StartsWith("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
            {
                body = await ReadChunksAsync(stream);
            }
        }

        return new PeerRequest(first[0], first[1], body);
    }

    private async Task<byte[]> ReadChunksAsync(NetworkStream stream)
    {
        using var body = new MemoryStream();
        while (true)
        {
            int size = Convert.ToInt32((await ReadUntilAsync(stream, "\r\n")).Trim(), 16);
            byte[] chunk = new byte[size];
            await stream.ReadExactlyAsync(chunk, _stop.Token);
            await ReadUntilAsync(stream, "\r\n");
            if (size == 0)
            {
                return body.ToArray();
            }

            body.Write(chunk);
        }
    }

    private async Task<string> ReadUntilAsync(NetworkStream stream, string end)
    {
        var text = new StringBuilder();
        byte[] unit = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(unit, _stop.Token);
            text.Append((char)unit[0]);
        }

        return text.ToString(0, text.Length - end.Length);
    }
}
