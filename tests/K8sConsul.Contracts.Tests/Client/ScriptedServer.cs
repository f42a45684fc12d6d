using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K8sConsul.Contracts.Tests.Client;

/// <summary>A peer that speaks bytes: it reads a request's head and body, and answers what it is told, piece by piece.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private readonly Func<string, IEnumerable<string>> _answer;
    private readonly List<string> _requests = [];

    /// <param name="answer">From the request's text to the pieces of the answer, each sent by itself; then the connection is closed.</param>
    /// <param name="socketPath">Null for TCP on a free port.</param>
    public ScriptedServer(Func<string, IEnumerable<string>> answer, string? socketPath = null)
    {
        _answer = answer;
        EndPoint endPoint = socketPath is null ? new IPEndPoint(IPAddress.Loopback, 0) : new UnixDomainSocketEndPoint(socketPath);
        _listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(endPoint);
        _listener.Listen();
        Address = socketPath is null ? $"127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}" : $"unix://{socketPath}";
        _serving = ServeAsync();
    }

    public string Address { get; }

    /// <summary>Heads and bodies as they came.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public static ScriptedServer Of(params string[] pieces)
    {
        return new ScriptedServer(_ => pieces);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using Socket client = await _listener.AcceptAsync(_stop.Token);
                if (client.AddressFamily == AddressFamily.InterNetwork)
                {
                    client.NoDelay = true;
                }

                await AnswerAsync(client);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(Socket client)
    {
        string request = await ReadRequestAsync(client);
        lock (_requests)
        {
            _requests.Add(request);
        }

        foreach (string piece in _answer(request))
        {
            await client.SendAsync(Encoding.Latin1.GetBytes(piece), _stop.Token);
        }

        client.Shutdown(SocketShutdown.Send);

        // Closing with unread input would reset the connection and take the answer with it.
        byte[] rest = new byte[1024];
        while (await client.ReceiveAsync(rest, _stop.Token) > 0)
        {
        }
    }

    private async Task<string> ReadRequestAsync(Socket client)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        while (!IsWhole(text.ToString()))
        {
            int count = await client.ReceiveAsync(buffer, _stop.Token);
            if (count == 0)
            {
                break;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    private static bool IsWhole(string text)
    {
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        string head = text[..end];
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            return text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
        }

        int length = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        return length < 0 || text.Length - end - 4 >= int.Parse(head[(length + 16)..].Split('\r')[0]);
    }
}
