namespace K8sConsul.Gossip;

/// <summary>Orders what members say without a common clock. Starts at 1, so that 0 means "before everything".</summary>
internal sealed class LamportClock
{
    /// <summary>The time of the next thing to be said.</summary>
    public ulong Time { get; private set; } = 1;

    public void Increment() => Time++;

    /// <summary>Somebody has said something at this time: our next is later.</summary>
    public void Witness(ulong seen)
    {
        // At the end of numbers the clock stands still instead of beginning anew.
        if (seen >= Time && seen < ulong.MaxValue)
        {
            Time = seen + 1;
        }
    }
}
