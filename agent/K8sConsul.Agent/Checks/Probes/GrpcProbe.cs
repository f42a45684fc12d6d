using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Grpc;

namespace K8sConsul.Agent.Checks.Probes;

/// <summary>Asks <c>grpc.health.v1.Health/Check</c> over a connection of its own, as Consul does.</summary>
public sealed class GrpcProbe(ProbeTls tls, TimeProvider time) : IProbe
{
    public async Task<CheckResult> RunAsync(CheckDefinition check, int outputMax, CancellationToken stop)
    {
        int slash = check.Grpc.IndexOf('/', StringComparison.Ordinal);
        string target = slash < 0 ? check.Grpc : check.Grpc[..slash];
        string service = slash < 0 ? "" : check.Grpc[(slash + 1)..];
        if (!HostPort.TryParse("tcp", target, out string host, out int port, out string? error))
        {
            return Critical(new GrpcStatus(GrpcStatusCode.Unavailable, $"connection error: desc = \"transport: Error while dialing {error}\""));
        }

        TimeSpan timeout = ProbeTimeout.Of(check, ProbeTimeout.Network);
        using GrpcChannel channel = new(host, port, new GrpcChannelOptions
        {
            Tls = check.GrpcUseTls ? () => tls.For(check, host) : null,
            Time = time,
            ConnectTimeout = timeout,
            KeepAlivePingDelay = Timeout.InfiniteTimeSpan,
        });
        try
        {
            GrpcServingStatus status = await channel.UnaryAsync(GrpcHealth.Check, service, new GrpcCallOptions(timeout), stop).ConfigureAwait(false);
            return status == GrpcServingStatus.Serving
                ? CheckResult.Passing($"gRPC check {check.Grpc}: success")
                : CheckResult.Critical("gRPC application didn't report service healthy");
        }
        catch (GrpcException e)
        {
            return Critical(e.Status);
        }
    }

    private static CheckResult Critical(GrpcStatus status) => CheckResult.Critical(status.ToString());
}
