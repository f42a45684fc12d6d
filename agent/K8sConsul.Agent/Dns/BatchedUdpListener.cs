using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using K8sConsul.Dns;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Dns;

/// <summary>
/// Receives and sends up to <see cref="BatchMax"/> datagrams per system call. Under load that is where most of the time goes, and a
/// batch fills by itself while the last one is answered.
/// </summary>
internal sealed unsafe class BatchedUdpListener : UdpListener
{
    public const int BatchMax = 32;

    /// <summary>Longest query that is read whole; a longer datagram is cut and then refused as malformed. Real ones stay below 600.</summary>
    public const int QueryLengthMax = 4096;

    // One answer may be as long as this; the rest of the room takes the usual short ones of a whole batch.
    private const int ReplyRoom = DnsLimits.MessageLengthMax + (BatchMax * 1024);

    private readonly int _socket;
    private readonly byte* _memory;
    private readonly LinuxDatagrams.Message* _received;
    private readonly LinuxDatagrams.Message* _replies;
    private readonly LinuxDatagrams.IoVector* _vectors;
    private readonly byte* _queries;
    private readonly byte* _addresses;
    private readonly byte* _controls;
    private readonly byte* _replyRoom;
    private int _replyCount;
    private int _replyUsed;

    public BatchedUdpListener(Socket socket, DnsResponder responder, PendingReplyPool pendings, ulong seed, ILogger logger)
        : base(socket, responder, pendings, seed, logger)
    {
        _socket = (int)socket.Handle;
        int headers = BatchMax * sizeof(LinuxDatagrams.Message);
        int vectors = BatchMax * sizeof(LinuxDatagrams.IoVector);
        int total = (2 * headers) + (2 * vectors) + (BatchMax * (QueryLengthMax + LinuxDatagrams.AddressLength + LinuxDatagrams.ControlLength)) + ReplyRoom;

        // The kernel gets pointers into this, so it must not move. Aligned parts come first.
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)total);
        _received = (LinuxDatagrams.Message*)_memory;
        _replies = _received + BatchMax;
        _vectors = (LinuxDatagrams.IoVector*)(_replies + BatchMax);
        _controls = (byte*)(_vectors + (2 * BatchMax));
        _addresses = _controls + (BatchMax * LinuxDatagrams.ControlLength);
        _queries = _addresses + (BatchMax * LinuxDatagrams.AddressLength);
        _replyRoom = _queries + (BatchMax * QueryLengthMax);
        for (int i = 0; i < BatchMax; i++)
        {
            _vectors[i] = new LinuxDatagrams.IoVector { Base = _queries + (i * QueryLengthMax), Length = QueryLengthMax };
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        NativeMemory.Free(_memory);
    }

    protected override void Serve()
    {
        while (!IsStopping)
        {
            for (int i = 0; i < BatchMax; i++)
            {
                _received[i] = new LinuxDatagrams.Message
                {
                    Name = _addresses + (i * LinuxDatagrams.AddressLength),
                    NameLength = LinuxDatagrams.AddressLength,
                    Vectors = _vectors + i,
                    VectorCount = 1,
                    Control = _controls + (i * LinuxDatagrams.ControlLength),
                    ControlLength = LinuxDatagrams.ControlLength,
                };
            }

            int count = LinuxDatagrams.Receive(_socket, _received, BatchMax, LinuxDatagrams.WaitForOne, null);
            if (count < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (IsStopping || error is LinuxDatagrams.Interrupted or LinuxDatagrams.TryAgain)
                {
                    continue;
                }

                // A bound socket that cannot receive is broken for good: the port is deaf and an operator has to know.
                LogReceiveFailed(Logger, new SocketException(error).Message);
                return;
            }

            for (int i = 0; i < count && !IsStopping; i++)
            {
                try
                {
                    Answer(i);
                }
                catch (Exception failure)
                {
                    // One client's query must not take DNS away from the others.
                    LogQueryFailed(Logger, failure);
                }
            }

            Flush();
        }
    }

    // A datagram socket that is not connected refuses to be shut down, and wakes its readers all the same.
    protected override void Wake() => _ = LinuxDatagrams.Shutdown(_socket, how: 2);

    private void Answer(int index)
    {
        if (ReplyRoom - _replyUsed < DnsLimits.MessageLengthMax)
        {
            Flush();
        }

        ref LinuxDatagrams.Message message = ref _received[index];
        var query = new ReadOnlySpan<byte>(_queries + (index * QueryLengthMax), (int)message.Length);
        var room = new Span<byte>(_replyRoom + _replyUsed, ReplyRoom - _replyUsed);
        switch (Responder.TryRespond(query, DnsTransport.Udp, Scratch, room, out int length))
        {
            case RespondResult.Replied:
                Queue(index, length);
                break;

            case RespondResult.Pending:
                if (Begin(query, PeerOf(index), index, out length) is { } done)
                {
                    done.Reply.Span[..length].CopyTo(room);
                    Pendings.Return(done);
                    Queue(index, length);
                }

                break;

            default:
                break;
        }
    }

    /// <summary>Puts the reply that has just been written behind the others.</summary>
    private void Queue(int index, int length)
    {
        ref LinuxDatagrams.Message message = ref _received[index];
        LinuxDatagrams.AnswerFromSameAddress(new Span<byte>(message.Control, (int)message.ControlLength));
        LinuxDatagrams.IoVector* vector = _vectors + BatchMax + _replyCount;
        *vector = new LinuxDatagrams.IoVector { Base = _replyRoom + _replyUsed, Length = (nuint)length };
        _replies[_replyCount++] = new LinuxDatagrams.Message
        {
            Name = message.Name,
            NameLength = message.NameLength,
            Vectors = vector,
            VectorCount = 1,
            Control = message.Control,
            ControlLength = message.ControlLength,
        };
        _replyUsed += length;
    }

    private void Flush()
    {
        int sent = 0;
        while (sent < _replyCount)
        {
            int count = LinuxDatagrams.Send(_socket, _replies + sent, (uint)(_replyCount - sent), 0);
            if (count > 0)
            {
                sent += count;
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == LinuxDatagrams.Interrupted)
            {
                continue;
            }

            // The first of the rest cannot be sent (no route, too long): it is lost, as any datagram may be.
            LogReplyFailed(Logger, new SocketException(error).Message);
            sent++;
        }

        _replyCount = 0;
        _replyUsed = 0;
    }

    private IPEndPoint PeerOf(int index)
    {
        byte* address = _addresses + (index * LinuxDatagrams.AddressLength);
        int port = BinaryPrimitives.ReadUInt16BigEndian(new ReadOnlySpan<byte>(address + 2, 2));
        if (Socket.AddressFamily == AddressFamily.InterNetwork)
        {
            return new IPEndPoint(new IPAddress(new ReadOnlySpan<byte>(address + 4, 4)), port);
        }

        var ip = new IPAddress(new ReadOnlySpan<byte>(address + 8, 16));
        return new IPEndPoint(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, port);
    }

    protected override ReplyRoute RouteOf(int index)
    {
        ref LinuxDatagrams.Message message = ref _received[index];
        var control = new Span<byte>(message.Control, (int)message.ControlLength);
        LinuxDatagrams.AnswerFromSameAddress(control);
        return new Route(this, new ReadOnlySpan<byte>(message.Name, (int)message.NameLength).ToArray(), control.ToArray());
    }

    private sealed class Route(BatchedUdpListener listener, byte[] name, byte[] control) : ReplyRoute
    {
        public override void Send(ReadOnlySpan<byte> reply)
        {
            fixed (byte* to = name, from = control, octets = reply)
            {
                var vector = new LinuxDatagrams.IoVector { Base = octets, Length = (nuint)reply.Length };
                var message = new LinuxDatagrams.Message
                {
                    Name = to,
                    NameLength = (uint)name.Length,
                    Vectors = &vector,
                    VectorCount = 1,
                    Control = from,
                    ControlLength = (nuint)control.Length,
                };
                if (LinuxDatagrams.Send(listener._socket, &message, 1, 0) < 0)
                {
                    LogReplyFailed(listener.Logger, new SocketException(Marshal.GetLastPInvokeError()).Message);
                }
            }
        }
    }
}
