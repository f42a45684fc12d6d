using K8sConsul.Server.Consensus;

namespace K8sConsul.Server.Api;

/// <summary>One call's waiting for a leader: jittered, doubling, until <c>rpc_hold_timeout</c> has passed.</summary>
internal sealed class LeaderHold(TimeSpan longest, TimeProvider time, Func<double> random)
{
    /// <summary>Consul waits a sixteenth of <c>rpc_hold_timeout</c> before its first retry, then doubles.</summary>
    private const int Fraction = 16;

    private readonly long _started = time.GetTimestamp();
    private TimeSpan _next = longest / Fraction;

    /// <summary>Returns when it is worth trying again.</summary>
    /// <param name="changed">
    /// Completes when the consensus has changed; taken before the attempt that failed, so that no change falls in between.
    /// </param>
    public async ValueTask WaitAsync(Task changed, CancellationToken cancellationToken)
    {
        TimeSpan left = longest - time.GetElapsedTime(_started);
        if (left <= TimeSpan.Zero)
        {
            throw ConsensusException.Of(ConsensusFailure.NoLeader);
        }

        TimeSpan wait = _next * (0.5 + random());
        try
        {
            await changed.WaitAsync(wait < left ? wait : left, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The caller tries again anyway, a last time when the hold is over. Only what passed in vain makes the next wait longer:
            // changes may come by the dozen, and a doubling for each would soon be more than a TimeSpan holds.
            _next *= 2;
        }
    }
}
