using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using K8sConsul.Dns;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Dns;

/// <summary>Accepts TCP connections and answers their queries, each connection's in turn (RFC 7766 §6.2.1).</summary>
internal sealed partial class TcpListenerLoop : IDisposable
{
    private readonly Socket _socket;
    private readonly DnsResponder _responder;
    private readonly PendingReplyPool _pendings;
    private readonly DnsServerLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Open connections, and one for the accepting loop; whoever takes it to zero completes _drained.
    private int _running = 1;

    public TcpListenerLoop(
        Socket socket,
        DnsResponder responder,
        PendingReplyPool pendings,
        DnsServerLimits limits,
        TimeProvider time,
        ILogger logger)
    {
        _socket = socket;
        _responder = responder;
        _pendings = pendings;
        _limits = limits;
        _time = time;
        _logger = logger;
    }

    public void Start() => _ = AcceptAsync();

    /// <summary>Stops accepting, closes connections after the query they are at, and waits for them.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _drained.Task.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _stopping.Dispose();
    }

    // Owned through _running, as are the connections.
    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket? connection = await AcceptOneAsync().ConfigureAwait(false);
                if (connection is null)
                {
                    continue;
                }

                if (Interlocked.Increment(ref _running) - 1 > _limits.TcpConnectionsMax)
                {
                    // Clients that do come through matter more than those that pile up.
                    LogTooManyConnections(_logger, _limits.TcpConnectionsMax);
                    connection.Dispose();
                    Leave();
                    continue;
                }

                _ = ServeAsync(connection);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            Leave();
        }
    }

    private async ValueTask<Socket?> AcceptOneAsync()
    {
        try
        {
            return await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (SocketException failure)
        {
            // A client that is gone again, or no file handles left: either passes, but the latter not at once.
            LogAcceptFailed(_logger, failure.Message);
            await Task.Delay(TimeSpan.FromMilliseconds(100), _time, _stopping.Token).ConfigureAwait(false);
            return null;
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            using (connection)
            {
                connection.NoDelay = true;
                await ServeQueriesAsync(connection, (IPEndPoint)connection.RemoteEndPoint!).ConfigureAwait(false);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or EndOfStreamException or IOException)
        {
            // Idle too long, stopping, or the client is gone: all ways for a connection to end.
            LogConnectionEnded(_logger, end.Message);
        }
        catch (Exception failure)
        {
            LogConnectionFailed(_logger, failure);
        }
        finally
        {
            Leave();
        }
    }

    private async Task ServeQueriesAsync(Socket connection, IPEndPoint peer)
    {
        using var stream = new NetworkStream(connection);
        byte[] prefix = new byte[PendingReply.TcpPrefixLength];
        for (int queries = 0; queries < _limits.TcpQueriesMax; queries++)
        {
            using var reading = new Deadline(queries == 0 ? _limits.TcpFirstQueryTimeout : _limits.TcpIdleTimeout, _time, _stopping.Token);

            // Nothing is held while the client thinks; the first octets tell how much room its query needs.
            await stream.ReadExactlyAsync(prefix, reading.Token).ConfigureAwait(false);
            PendingReply pending = _pendings.TryRent() ?? throw new IOException("too many queries are being answered");
            try
            {
                Memory<byte> query = pending.RoomFor(BinaryPrimitives.ReadUInt16BigEndian(prefix));
                await stream.ReadExactlyAsync(query, reading.Token).ConfigureAwait(false);
                int length = await RespondAsync(pending, peer).ConfigureAwait(false);
                if (length == 0)
                {
                    return;
                }

                BinaryPrimitives.WriteUInt16BigEndian(pending.Framed, (ushort)length);
                using var writing = new Deadline(_limits.TcpIdleTimeout, _time, _stopping.Token);
                await stream.WriteAsync(pending.Framed.AsMemory(0, PendingReply.TcpPrefixLength + length), writing.Token).ConfigureAwait(false);
            }
            finally
            {
                _pendings.Return(pending);
            }
        }
    }

    private async ValueTask<int> RespondAsync(PendingReply pending, IPEndPoint peer)
    {
        switch (_responder.TryRespond(pending.Message.Span, DnsTransport.Tcp, pending.Scratch, pending.Reply.Span, out int length))
        {
            case RespondResult.Replied:
                return length;

            case RespondResult.Dropped:
                return 0;

            default:
                try
                {
                    return await _responder.CompleteAsync(
                        pending.Message,
                        DnsTransport.Tcp,
                        peer,
                        pending.Scratch,
                        pending.Reply,
                        _stopping.Token).ConfigureAwait(false);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    LogConnectionFailed(_logger, failure);
                    return _responder.RenderFailure(pending.Message.Span, DnsTransport.Tcp, pending.Scratch, pending.Reply.Span);
                }
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _drained.SetResult();
        }
    }
}
