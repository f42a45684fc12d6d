using System.Net;
using System.Net.Sockets;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Grpc.Net;

namespace K8sConsul.Agent.Checks.Probes;

/// <summary>Passing when a connection is accepted, and with TLS when the handshake succeeds. Nothing is sent.</summary>
public sealed class TcpProbe(ProbeTls tls, TimeProvider time) : IProbe
{
    public async Task<CheckResult> RunAsync(CheckDefinition check, int outputMax, CancellationToken stop)
    {
        if (!HostPort.TryParse("tcp", check.Tcp, out string host, out int port, out string? error))
        {
            return CheckResult.Critical(error);
        }

        using CancellationTokenSource limit = new(ProbeTimeout.Of(check, ProbeTimeout.Network), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            using Socket socket = await Dialer.ConnectAsync(host, port, either.Token).ConfigureAwait(false);
            if (check.TcpUseTls)
            {
                NetworkStream stream = new(socket, ownsSocket: true);
                await using (stream.ConfigureAwait(false))
                {
                    await (await TlsDialer.AuthenticateAsync(stream, tls.For(check, host), either.Token).ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
                }
            }

            return CheckResult.Passing($"TCP connect {check.Tcp}: Success");
        }
        catch (Exception e) when (e is DialException or TlsHandshakeException)
        {
            return CheckResult.Critical(e.Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return CheckResult.Critical($"dial tcp {Shown(host, port)}: i/o timeout");
        }
    }

    /// <summary>Go names the address it was dialling; for a name that has none yet, the name.</summary>
    internal static string Shown(string host, int port) =>
        IPAddress.TryParse(host, out IPAddress? address) ? new IPEndPoint(address, port).ToString() : $"{host}:{port}";
}
