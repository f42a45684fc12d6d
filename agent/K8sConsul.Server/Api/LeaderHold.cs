using K8sConsul.Server.Consensus;

namespace K8sConsul.Server.Api;

/// <summary>One call's waiting for a leader: jittered, doubling, until <c>rpc_hold_timeout</c> has passed.</summary>
internal sealed class LeaderHold(TimeSpan longest, TimeProvider time, Func<double> random)
{
    /// <summary>Consul waits a sixteenth of <c>rpc_hold_timeout</c> before its first retry, then doubles.</summary>
    private const int Fraction = 16;

    /// <summary>A timer that is due sooner fires at once, and the caller would spin until the hold is over.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

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

        TimeSpan wait = TimeSpan.FromTicks(Math.Clamp((_next * (0.5 + random())).Ticks, Shortest.Ticks, Math.Max(left.Ticks, Shortest.Ticks)));
        try
        {
            await changed.WaitAsync(wait, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The caller tries again anyway, a last time when the hold is over. Only what passed in vain makes the next wait longer,
            // and none needs to be longer than the hold.
            _next = _next < longest ? _next * 2 : longest;
        }
    }
}
