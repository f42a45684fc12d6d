using System.Net;
using System.Net.Sockets;
using K8sConsul.Dns;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Dns;

/// <summary>One datagram at a time through .NET's sockets, for systems without <see cref="LinuxDatagrams"/>.</summary>
internal sealed class PortableUdpListener(Socket socket, DnsResponder responder, PendingReplyPool pendings, ulong seed, ILogger logger)
    : UdpListener(socket, responder, pendings, seed, logger)
{
    private readonly byte[] _query = new byte[BatchedUdpListener.QueryLengthMax];
    private IPEndPoint _peer = new(IPAddress.Any, 0);
    private readonly byte[] _reply = new byte[DnsLimits.MessageLengthMax];

    protected override void Serve()
    {
        var from = new SocketAddress(Socket.AddressFamily);
        while (!IsStopping)
        {
            try
            {
                int received = Socket.ReceiveFrom(_query, SocketFlags.None, from);
                Answer(_query.AsSpan(0, received), from);
            }
            catch (SocketException failure) when (!IsStopping)
            {
                // Errors of earlier replies (port unreachable) come up here on some systems; the socket goes on working.
                LogReplyFailed(Logger, failure.Message);
            }
            catch (Exception failure) when (IsStopping && failure is SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception failure)
            {
                // One client's query must not take DNS away from the others.
                LogQueryFailed(Logger, failure);
            }
        }
    }

    protected override void Wake() => Socket.Dispose();

    protected override ReplyRoute RouteOf(int index) => new Route(this, _peer);

    private void Answer(ReadOnlySpan<byte> query, SocketAddress from)
    {
        switch (Responder.TryRespond(query, DnsTransport.Udp, Scratch, _reply, out int length))
        {
            case RespondResult.Replied:
                Socket.SendTo(_reply.AsSpan(0, length), SocketFlags.None, from);
                break;

            case RespondResult.Pending:
                _peer = (IPEndPoint)Socket.LocalEndPoint!.Create(from);
                if (Begin(query, _peer, index: 0, out length) is { } done)
                {
                    Socket.SendTo(done.Reply.Span[..length], SocketFlags.None, from);
                    Pendings.Return(done);
                }

                break;

            default:
                break;
        }
    }

    private sealed class Route(PortableUdpListener listener, IPEndPoint peer) : ReplyRoute
    {
        public override void Send(ReadOnlySpan<byte> reply)
        {
            if (!listener.IsStopping)
            {
                listener.Socket.SendTo(reply, SocketFlags.None, peer);
            }
        }
    }
}
