using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Checks;

/// <summary>The checks of another node, as an alias needs them: the seam to the servers.</summary>
public interface IRemoteNodeHealth
{
    /// <summary>
    /// <c>Health.NodeChecks</c> and whether the node has the service, blocking (stale allowed, at most a minute) until the
    /// index passes <paramref name="minIndex"/>.
    /// </summary>
    /// <exception cref="RemoteHealthException">The servers cannot be asked, or refuse.</exception>
    ValueTask<RemoteNodeHealth> ReadAsync(string node, string serviceId, string token, ulong minIndex, CancellationToken stop);
}

/// <summary>Asking for another node's health failed; the message is the server's.</summary>
public sealed class RemoteHealthException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Checks of the service and of the node itself.</summary>
public sealed record RemoteNodeHealth(ulong Index, IReadOnlyList<WatchedCheck> Checks, bool ServiceExists);

/// <summary>Follows an alias of a service on another node.</summary>
public interface IRemoteAliasRunner
{
    /// <summary>Reports each state until <paramref name="stop"/> is cancelled.</summary>
    Task WatchAsync(CheckDefinition alias, Action<CheckResult> report, CancellationToken stop);
}

/// <summary>Blocking queries to the servers, with growing pauses while they fail.</summary>
public sealed class RemoteAliasRunner(IRemoteNodeHealth health, TimeProvider time) : IRemoteAliasRunner
{
    /// <summary>The first failures are not shown: a change of leader is not a failure of the service.</summary>
    private const int SilentFailures = 3;

    private static readonly TimeSpan BackoffMin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BackoffMax = TimeSpan.FromMinutes(1);

    public async Task WatchAsync(CheckDefinition alias, Action<CheckResult> report, CancellationToken stop)
    {
        ulong index = 0;
        int failures = 0;
        while (true)
        {
            TimeSpan pause;
            try
            {
                RemoteNodeHealth answer = await health.ReadAsync(alias.AliasNode, alias.AliasService, alias.Token, index, stop).ConfigureAwait(false);
                failures = 0;

                // An index that went back belongs to a restored catalog: begin anew.
                index = answer.Index < index ? 0 : answer.Index;
                (CheckStatus status, string output) = AliasRule.Evaluate(
                    answer.Checks, alias.AliasService.Length == 0 || answer.ServiceExists, alias.AliasService, alias.AliasNode);
                report(new CheckResult(status, output));
                continue;
            }
            catch (RemoteHealthException e)
            {
                failures++;
                index = 0;
                if (failures > SilentFailures)
                {
                    report(CheckResult.Critical($"Failure checking aliased node or service: {e.Message}"));
                }

                TimeSpan doubled = BackoffMin * Math.Pow(2, Math.Min(failures - 1, 10));
                pause = doubled < BackoffMax ? doubled : BackoffMax;
            }

            await Task.Delay(pause, time, stop).ConfigureAwait(false);
        }
    }
}
