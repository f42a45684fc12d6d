using System.Net;
using System.Net.Sockets;

namespace K8sConsul.Agent.Membership;

/// <summary>Receiving packets.</summary>
public sealed partial class GossipPool
{
    private const int PacketBytesMax = 65_536;

    private async Task ReceivePacketsAsync()
    {
        var buffer = new byte[PacketBytesMax];
        EndPoint any = new IPEndPoint(_sockets.Udp.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await _sockets.Udp.ReceiveFromAsync(buffer, SocketFlags.None, any, _stop.Token);
                TimeSpan receivedAt = Now;
                _metrics.UdpReceived.Add(received.ReceivedBytes);
                var packet = new PacketArrived(
                    buffer.AsSpan(0, received.ReceivedBytes).ToArray(), GossipSockets.Normalise(received.RemoteEndPoint), receivedAt);
                if (!_inputs.Writer.TryWrite(packet))
                {
                    Interlocked.Increment(ref _packetsDropped);
                }
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

                // An earlier packet of ours bounced, or the kernel is short of something. The socket itself goes on.
                LogReceiveFailed(e.Message);
            }
        }
    }
}
