namespace K8sConsul.Gossip;

internal static class PushPullSchedule
{
    /// <summary>Up to this many members the interval is used as it is.</summary>
    private const int Threshold = 32;

    /// <summary>Stretches the interval as the pool grows, since each exchange grows with it as well.</summary>
    public static TimeSpan Scale(TimeSpan interval, int nodeCount) =>
        nodeCount <= Threshold
            ? interval
            : interval * (Math.Ceiling(Math.Log2(nodeCount) - Math.Log2(Threshold)) + 1.0);
}
