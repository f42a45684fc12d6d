using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using K8sConsul.Gossip;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Agent.Membership;

/// <summary>
/// Streams: one request and at most one answer each. Reading, decrypting and decompressing happen in the stream's own task, so
/// that a large exchange does not keep the failure detector waiting.
/// </summary>
public sealed partial class GossipPool
{
    /// <summary>
    /// memberlist answers 127 exchanges of state at a time and closes what comes on top; pings are few and short.
    /// </summary>
    private const int IncomingStreamCountMax = 128;

    private const int ReadBytesFirst = 4 * 1024;

    // The answer for a peer that waits for it, or null to hang up.
    private readonly ConcurrentDictionary<StreamId, TaskCompletionSource<byte[]?>> _incoming = new();

    private readonly ConcurrentDictionary<StreamId, CancellationTokenSource> _outgoing = new();
    private long _incomingSequence;

    private async Task AcceptStreamsAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _sockets.Tcp.AcceptAsync(_stop.Token);
                _metrics.TcpAccepted.Increment();
                if (_incoming.Count >= IncomingStreamCountMax)
                {
                    LogTooManyStreams();
                    socket.Dispose();
                    continue;
                }

                var stream = new StreamId(Interlocked.Increment(ref _incomingSequence), Incoming: true);
                var answer = new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
                _incoming[stream] = answer;
                _streamTasks.Run(() => ServeStreamAsync(socket, stream, answer.Task));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException && _stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e)
            {
                if (_stop.IsCancellationRequested)
                {
                    return;
                }

                // For example no file descriptors left: memberlist backs off as well, so that the processor is not burnt.
                LogAcceptFailed(e.Message);
                await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(100), _time, _stop.Token));
            }
        }
    }

    private async Task ServeStreamAsync(Socket socket, StreamId stream, Task<byte[]?> answer)
    {
        MemberAddress from = default;
        try
        {
            using (socket)
            {
                socket.NoDelay = true;
                from = GossipSockets.Normalise(socket.RemoteEndPoint!);
                byte[]? reply = await ReadRequestAsync(socket, stream, from, answer);
                if (reply is not null)
                {
                    await WriteAsync(socket, reply, from);
                    socket.Shutdown(SocketShutdown.Both);
                }
            }
        }
        catch (StreamException e)
        {
            LogStreamFailed(e.Message, from);
        }
        catch (SocketException e)
        {
            LogStreamFailed(e.Message, from);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException && _stop.IsCancellationRequested)
        {
            // The pool is stopping.
        }
        finally
        {
            _incoming.TryRemove(stream, out _);
        }
    }

    /// <summary>Reads the peer's message, hands it to the core and waits for what it says.</summary>
    /// <returns>The bytes to answer with, or null to hang up.</returns>
    private async Task<byte[]?> ReadRequestAsync(Socket socket, StreamId stream, MemberAddress from, Task<byte[]?> answer)
    {
        byte[] message;
        try
        {
            byte[]? frame = await ReadFrameAsync(socket, from, _options.Gossip.StreamTimeout, _stop.Token);
            if (frame is null)
            {
                return null;
            }

            message = _streamCodec.Open(frame, first: true);
        }
        catch (GossipFormatException e)
        {
            LogStreamRefused(e.Message, from);
            return _streamCodec.SealError(e.Message);
        }

        await _inputs.Writer.WriteAsync(new StreamRequested(stream, from, message), _stop.Token);
        byte[]? reply = await answer.WaitAsync(_stop.Token);
        return reply is null ? null : _streamCodec.Seal(reply, first: false);
    }

    private void AnswerStream(StreamId stream, byte[] message)
    {
        if (_incoming.TryGetValue(stream, out TaskCompletionSource<byte[]?>? answer))
        {
            answer.TrySetResult(message);
        }
    }

    private void AbandonStream(StreamId stream)
    {
        if (stream.Incoming)
        {
            if (_incoming.TryGetValue(stream, out TaskCompletionSource<byte[]?>? answer))
            {
                answer.TrySetResult(null);
            }
        }
        else if (_outgoing.TryGetValue(stream, out CancellationTokenSource? abandon))
        {
            abandon.Cancel();
        }
    }

    private void BeginStream(OpenStream open)
    {
        var abandon = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _outgoing[open.Stream] = abandon;
        _streamTasks.Run(() => RunStreamAsync(open, abandon));
    }

    private async Task RunStreamAsync(OpenStream open, CancellationTokenSource abandon)
    {
        try
        {
            PoolInput result;
            try
            {
                long started = _time.GetTimestamp();
                byte[] reply = await ExchangeAsync(open, abandon.Token);
                if (open.IsPushPull)
                {
                    _metrics.PushPull.Since(started);
                }

                result = new StreamReplied(open.Stream, _streamCodec.Open(reply, first: false));
            }
            catch (Exception e) when (e is StreamException or GossipFormatException)
            {
                result = new StreamFailed(open.Stream, e.Message);
            }

            await _inputs.Writer.WriteAsync(result, abandon.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException && abandon.IsCancellationRequested)
        {
            // The core no longer wants it, or the pool is stopping.
        }
        finally
        {
            _outgoing.TryRemove(open.Stream, out _);
            abandon.Dispose();
        }
    }

    private async Task<byte[]> ExchangeAsync(OpenStream open, CancellationToken abandoned)
    {
        IPEndPoint to = GossipSockets.Normalise(open.To.ToEndPoint()).ToEndPoint();
        using var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using (var timeout = new Deadline(open.Timeout, _time, abandoned))
        {
            try
            {
                await socket.ConnectAsync(to, timeout.Token);
                _metrics.TcpConnected.Increment();
            }
            catch (SocketException e)
            {
                throw new StreamException(GoNetworkText.Dial(open.To, e), e);
            }
            catch (OperationCanceledException e) when (!abandoned.IsCancellationRequested)
            {
                throw new StreamException(GoNetworkText.DialTimeout(open.To), e);
            }
        }

        socket.NoDelay = true;
        await WriteAsync(socket, _streamCodec.Seal(open.Message, first: true), open.To, open.Timeout, abandoned);
        return await ReadFrameAsync(socket, open.To, open.Timeout, abandoned) ?? throw new StreamException("EOF");
    }

    private Task WriteAsync(Socket socket, byte[] bytes, MemberAddress remote) =>
        WriteAsync(socket, bytes, remote, _options.Gossip.StreamTimeout, _stop.Token);

    private async Task WriteAsync(Socket socket, byte[] bytes, MemberAddress remote, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new Deadline(limit, _time, cancellationToken);
        try
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, timeout.Token);
            }

            _metrics.TcpSent.Add(bytes.Length);
        }
        catch (SocketException e)
        {
            throw new StreamException(GoNetworkText.Transfer("write", socket.LocalEndPoint, remote, e), e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StreamException(GoNetworkText.TransferTimeout("write", socket.LocalEndPoint, remote), e);
        }
    }

    /// <summary>Reads one whole message, growing as the message itself says. Null if the peer closed before the first byte.</summary>
    private async Task<byte[]?> ReadFrameAsync(Socket socket, MemberAddress remote, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new Deadline(limit, _time, cancellationToken);
        var framer = new StreamFramer();
        var buffer = new byte[ReadBytesFirst];
        int received = 0;
        try
        {
            while (!framer.IsComplete(buffer.AsSpan(0, received)))
            {
                if (received == buffer.Length)
                {
                    // Doubling, not the announced length: memory is given for bytes that came, not for bytes that were promised.
                    Array.Resize(ref buffer, buffer.Length * 2);
                }

                int read = await socket.ReceiveAsync(buffer.AsMemory(received), SocketFlags.None, timeout.Token);
                if (read == 0)
                {
                    return received == 0 ? null : throw new StreamException("unexpected EOF");
                }

                received += read;
            }

            return buffer[..(int)framer.BytesNeeded];
        }
        catch (SocketException e)
        {
            throw new StreamException(GoNetworkText.Transfer("read", socket.LocalEndPoint, remote, e), e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StreamException(GoNetworkText.TransferTimeout("read", socket.LocalEndPoint, remote), e);
        }
    }

    /// <summary>A stream failed; the message is Go's text.</summary>
    private sealed class StreamException(string message, Exception? inner = null) : Exception(message, inner);
}
