using System.Net;
using System.Net.Sockets;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Grpc.Net;

namespace K8sConsul.Agent.Checks.Probes;

/// <summary>
/// Sends a datagram and waits for one byte. Silence is passing as well: UDP servers need not answer, and one that is not
/// there is known by the kernel's refusal.
/// </summary>
public sealed class UdpProbe(TimeProvider time) : IProbe
{
    public async Task<CheckResult> RunAsync(CheckDefinition check, int outputMax, CancellationToken stop)
    {
        if (!HostPort.TryParse("udp", check.Udp, out string host, out int port, out string? error))
        {
            return CheckResult.Critical(error);
        }

        using CancellationTokenSource limit = new(ProbeTimeout.Of(check, ProbeTimeout.Network), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        CheckResult success = CheckResult.Passing($"UDP connect {check.Udp}: Success");
        string operation = "dial";
        EndPoint? local = null;
        IPEndPoint? remote = null;
        try
        {
            IPAddress[] addresses = await Dialer.ResolveAsync("udp", host, either.Token).ConfigureAwait(false);
            remote = new IPEndPoint(addresses[0], port);
            using Socket socket = new(remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(remote, either.Token).ConfigureAwait(false);
            local = socket.LocalEndPoint;
            operation = "write";
            await socket.SendAsync("healthcheck"u8.ToArray(), either.Token).ConfigureAwait(false);
            operation = "read";
            await socket.ReceiveAsync(new byte[1], either.Token).ConfigureAwait(false);
            return success;
        }
        catch (DialException e)
        {
            return CheckResult.Critical(e.Message);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
        {
            // An answer longer than the one byte that was asked for is still an answer.
            return success;
        }
        catch (SocketException e)
        {
            return CheckResult.Critical(local is null
                ? $"dial udp {remote}: connect: {GoNetError.Text(e.SocketErrorCode)}"
                : $"{operation} udp {local}->{remote}: {operation}: {GoNetError.Text(e.SocketErrorCode)}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return string.Equals(operation, "read", StringComparison.Ordinal) ? success : CheckResult.Critical($"dial udp {TcpProbe.Shown(host, port)}: i/o timeout");
        }
    }
}
