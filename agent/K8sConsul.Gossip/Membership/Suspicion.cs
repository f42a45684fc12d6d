namespace K8sConsul.Gossip;

/// <summary>
/// How long a suspect has before it is declared dead: long while one member alone accuses it, shorter with every independent
/// accuser (Lifeguard, LHA-Suspicion). Only arithmetic.
/// </summary>
internal static class Suspicion
{
    /// <summary>The least time to refute: grows with the logarithm of the pool, because news needs that long to spread.</summary>
    /// <param name="suspicionMult">See <see cref="GossipOptions.SuspicionMult"/>.</param>
    /// <param name="nodeCount">Members known, in whatever state.</param>
    /// <param name="probeInterval">See <see cref="GossipOptions.ProbeInterval"/>.</param>
    public static TimeSpan TimeoutMin(int suspicionMult, int nodeCount, TimeSpan probeInterval)
    {
        double nodeScale = Math.Max(1.0, Math.Log10(Math.Max(1.0, nodeCount)));
        return TimeSpan.FromTicks(suspicionMult * (long)(nodeScale * 1000) * probeInterval.Ticks / 1000);
    }

    /// <summary>Accusers besides the first one that are waited for; 0 where the pool is too small to have them.</summary>
    public static int ConfirmationsExpected(int suspicionMult, int nodeCount)
    {
        int expected = suspicionMult - 2;
        return nodeCount - 2 < expected ? 0 : expected;
    }

    /// <summary>Time left before a suspected member is declared dead.</summary>
    /// <param name="confirmations">Independent suspicions besides the first so far.</param>
    /// <param name="expected">See <see cref="ConfirmationsExpected"/>; above 0.</param>
    /// <param name="elapsed">Since the first suspicion.</param>
    /// <param name="min">Timeout with all confirmations.</param>
    /// <param name="max">Timeout with none.</param>
    /// <returns>Zero or negative: declare it dead now.</returns>
    public static TimeSpan Remaining(int confirmations, int expected, TimeSpan elapsed, TimeSpan min, TimeSpan max)
    {
        double fraction = Math.Log(confirmations + 1.0) / Math.Log(expected + 1.0);
        double raw = max.TotalSeconds - (fraction * (max.TotalSeconds - min.TotalSeconds));
        var timeout = TimeSpan.FromMilliseconds(Math.Floor(1000.0 * raw));
        return (timeout < min ? min : timeout) - elapsed;
    }
}
