using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.TemplateRunner.Status;

/// <summary><c>/health</c> and <c>/metrics</c> over HTTP/1.1, one request a connection: all that probes and scrapers need.</summary>
internal sealed class StatusServer : IAsyncDisposable
{
    /// <summary>Scrapers send a few hundred bytes.</summary>
    private const int RequestBytesMax = 8 * 1024;

    /// <summary>Others wait until one is done.</summary>
    private const int ConnectionsMax = 32;

    /// <summary>A peer that neither sends nor reads is given up.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly TcpListener _listener;
    private readonly RunStatus _status;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _room = new(ConnectionsMax);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    private StatusServer(TcpListener listener, RunStatus status, TimeProvider time)
    {
        _listener = listener;
        _status = status;
        _time = time;
        _serving = ServeAsync();
    }

    /// <summary>Listens from now on.</summary>
    /// <param name="address"><c>host:port</c> with an IP address; without a host it is every address.</param>
    /// <param name="status">What is told.</param>
    /// <param name="time">For the patience with peers.</param>
    /// <param name="server">Null when refused.</param>
    /// <param name="error">Empty when it listens.</param>
    public static bool TryStart(string address, RunStatus status, TimeProvider time, out StatusServer? server, out string error)
    {
        server = null;
        string full = address.StartsWith(':') ? "0.0.0.0" + address : address;
        if (!IPEndPoint.TryParse(full, out IPEndPoint? endPoint) || endPoint.Port == 0)
        {
            error = $"http: {GoText.Quote(address)} is no address with a port, such as 127.0.0.1:9102";
            return false;
        }

        var listener = new TcpListener(endPoint);
        try
        {
            listener.Start();
        }
        catch (SocketException failure)
        {
            listener.Dispose();
            error = $"http: listen tcp {endPoint}: {GoErrors.OfSocket(failure)}";
            return false;
        }

        server = new StatusServer(listener, status, time);
        error = string.Empty;
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _serving.ConfigureAwait(false);
        _listener.Dispose();
        _room.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> answers = [];
        try
        {
            while (true)
            {
                await _room.WaitAsync(_stop.Token).ConfigureAwait(false);
                Socket peer = await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false);
                answers.RemoveAll(static answer => answer.IsCompleted);
                answers.Add(AnswerAsync(peer));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answers).ConfigureAwait(false);
        }
    }

    /// <summary>Never fails: what goes wrong with a peer is the peer's.</summary>
    private async Task AnswerAsync(Socket peer)
    {
        using var patience = new CancellationTokenSource(_patience, _time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stop.Token);
        try
        {
            using var stream = new NetworkStream(peer, ownsSocket: true);
            byte[] answer = Answer(await ReadLineAsync(stream, giveUp.Token).ConfigureAwait(false));
            await stream.WriteAsync(answer, giveUp.Token).ConfigureAwait(false);
            peer.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
        {
            // It went away, or was too slow; it sees a connection that ends without an answer.
        }
        finally
        {
            _room.Release();
        }
    }

    private byte[] Answer(string requestLine)
    {
        (string status, string type, string body) = requestLine.Split(' ') switch
        {
            ["GET" or "HEAD", "/health", ..] when _status.IsReady => ("200 OK", "text/plain", "ok\n"),
            ["GET" or "HEAD", "/health", ..] => ("503 Service Unavailable", "text/plain", "not every template was rendered yet\n"),
            ["GET" or "HEAD", "/metrics", ..] => ("200 OK", "text/plain; version=0.0.4", _status.Metrics()),
            ["GET" or "HEAD", _, ..] => ("404 Not Found", "text/plain", "there are /health and /metrics\n"),
            _ => ("400 Bad Request", "text/plain", "GET /health or GET /metrics\n"),
        };
        byte[] content = Encoding.UTF8.GetBytes(body);
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nContent-Type: {type}; charset=utf-8\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n");
        return requestLine.StartsWith("HEAD ", StringComparison.Ordinal) ? Encoding.ASCII.GetBytes(head) : [.. Encoding.ASCII.GetBytes(head), .. content];
    }

    /// <summary>The first line of a request that was read to the end of its head; empty for one that has none.</summary>
    private static async Task<string> ReadLineAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[RequestBytesMax];
        int length = 0;
        while (length < buffer.Length && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            int count = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                break;
            }

            length += count;
        }

        int end = buffer.AsSpan(0, length).IndexOf("\r\n"u8);
        return end < 0 ? string.Empty : Encoding.ASCII.GetString(buffer, 0, end);
    }
}
