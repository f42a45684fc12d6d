using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using K8sConsul.Grpc;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Agent.Tests.Checks;

/// <summary>Peers that behave in every way a check may meet, on free ports of this machine.</summary>
internal sealed class CheckTargets : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _listeners = [];
    private readonly ConcurrentBag<Socket> _kept = [];
    private readonly GrpcHost _grpc;
    private readonly GrpcHost _grpcWithoutHealth;

    private CheckTargets(GrpcHost grpc, GrpcHost grpcWithoutHealth)
    {
        _grpc = grpc;
        _grpcWithoutHealth = grpcWithoutHealth;
        Http = Listen(AnswerHttpAsync);
        Silent = Listen((socket, stop) => Task.Delay(Timeout.Infinite, stop));
        Closing = Listen(static (socket, _) => Task.CompletedTask);
        Garbage = Listen(static async (socket, stop) =>
        {
            await socket.SendAsync("hello garbage\r\n\r\n"u8.ToArray(), stop);
            await Task.Delay(Timeout.Infinite, stop);
        });
        using Socket unused = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Refusing = $"127.0.0.1:{((IPEndPoint)unused.LocalEndPoint!).Port}";
    }

    public string Http { get; }

    public string Silent { get; }

    public string Closing { get; }

    public string Garbage { get; }

    public string Refusing { get; }

    public string Grpc => _grpc.EndPoint.ToString();

    public string GrpcWithoutHealth => _grpcWithoutHealth.EndPoint.ToString();

    /// <summary>The head of each HTTP request, as it came.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<CheckTargets> StartAsync()
    {
        GrpcMethodTable methods = new GrpcMethodTable().AddHealth(static name => name switch
        {
            "" => GrpcServingStatus.Serving,
            "down" => GrpcServingStatus.NotServing,
            "unknown" => GrpcServingStatus.Unknown,
            "odd" => (GrpcServingStatus)9,
            _ => null,
        });
        return new CheckTargets(await HostAsync(methods), await HostAsync(new GrpcMethodTable()));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listeners.ForEach(static l => l.Dispose());
        foreach (Socket socket in _kept)
        {
            socket.Dispose();
        }

        await _grpc.DisposeAsync();
        await _grpcWithoutHealth.DisposeAsync();
    }

    private static Task<GrpcHost> HostAsync(GrpcMethodTable methods) =>
        GrpcHost.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), methods, new GrpcServerOptions(), NullLoggerFactory.Instance);

    private string Listen(Func<Socket, CancellationToken, Task> serve)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        _listeners.Add(listener);
        _ = AcceptAsync(listener, serve);
        return listener.LocalEndPoint!.ToString()!;
    }

    private async Task AcceptAsync(Socket listener, Func<Socket, CancellationToken, Task> serve)
    {
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptAsync(_stop.Token);
                _kept.Add(socket);
                _ = ServeAsync(socket, serve);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(Socket socket, Func<Socket, CancellationToken, Task> serve)
    {
        try
        {
            await serve(socket, _stop.Token);
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The client has gone first.
        }

        socket.Dispose();
    }

    private async Task AnswerHttpAsync(Socket socket, CancellationToken stop)
    {
        byte[] buffer = new byte[16384];
        int length = 0;
        int head;
        while ((head = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int count = await socket.ReceiveAsync(buffer.AsMemory(length), stop);
            if (count == 0)
            {
                return;
            }

            length += count;
        }

        string request = Encoding.ASCII.GetString(buffer, 0, head);
        Requests.Enqueue(request);
        string[] words = request.Split(' ');
        string body = await BodyAsync(socket, buffer, head + 4, length, request, stop);
        string path = words[1].Split('?')[0];
        async Task Send(string text) => await socket.SendAsync(Encoding.UTF8.GetBytes(text), stop);
        async Task Answer(string status, string content, string headers = "") =>
            await Send($"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(content)}\r\n{headers}\r\n{(words[0] == "HEAD" ? "" : content)}");
        switch (path)
        {
            case "/200":
                await Answer("200 OK", "fine");
                break;
            case "/204":
                await Send("HTTP/1.1 204 No Content\r\n\r\n");
                break;
            case "/429":
                await Answer("429 Too Many Requests", "slow down");
                break;
            case "/500":
                await Answer("500 Internal Server Error", "oh no");
                break;
            case "/big":
                await Answer("200 OK", new string('x', 5000) + "END");
                break;
            case "/redirect":
                await Answer("302 Found", "", "Location: /200\r\n");
                break;
            case "/loop":
                await Answer("302 Found", "", "Location: /loop\r\n");
                break;
            case "/nowhere":
                await Answer("301 Moved Permanently", "", $"Location: http://{Refusing}/x\r\n");
                break;
            case "/slow":
                await Task.Delay(Timeout.Infinite, stop);
                break;
            case "/slowbody":
                await Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
                await Task.Delay(Timeout.Infinite, stop);
                break;
            case "/short":
                await Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
                break;
            case "/chunked":
                await Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
                break;
            case "/close":
                await Send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
                break;
            case "/reason":
                await Answer("200 All Right", "");
                break;
            case "/noreason":
                await Answer("200", "");
                break;
            case "/gzip":
                using (MemoryStream zipped = new())
                {
                    await using (System.IO.Compression.GZipStream zip = new(zipped, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
                    {
                        zip.Write("zipped"u8);
                    }

                    await Send($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {zipped.Length}\r\n\r\n");
                    await socket.SendAsync(zipped.ToArray(), stop);
                }

                break;
            case "/binary":
                await socket.SendAsync((byte[])[.. "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"u8, 0xff, (byte)'<', 0, (byte)'\n'], stop);
                break;
            case "/echo":
                await Answer("200 OK", $"{words[0]} {body}");
                break;
            case "/reset":
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Close();
                break;
            default:
                await Answer("404 Not Found", "nope");
                break;
        }
    }

    private static async Task<string> BodyAsync(Socket socket, byte[] buffer, int start, int length, string head, CancellationToken stop)
    {
        string? header = head.Split("\r\n").FirstOrDefault(static h => h.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        int wanted = header is null ? 0 : int.Parse(header.AsSpan(header.IndexOf(':', StringComparison.Ordinal) + 1), System.Globalization.CultureInfo.InvariantCulture);
        while (length - start < wanted)
        {
            length += await socket.ReceiveAsync(buffer.AsMemory(length), stop);
        }

        return Encoding.UTF8.GetString(buffer, start, wanted);
    }
}
