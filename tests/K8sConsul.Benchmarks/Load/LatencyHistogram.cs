namespace K8sConsul.Benchmarks.Load;

/// <summary>Counts by elapsed time, in steps of ten microseconds up to two seconds.</summary>
internal sealed class LatencyHistogram
{
    private const int StepUs = 10;

    private readonly int[] _counts = new int[200_000];
    private long _total;

    public void Add(TimeSpan elapsed)
    {
        long step = elapsed.Ticks / (TimeSpan.TicksPerMicrosecond * StepUs);
        _counts[Math.Min(step, _counts.Length - 1)]++;
        _total++;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        _total = 0;
    }

    /// <param name="fraction">0.99 for the 99th percentile.</param>
    public double AtMs(double fraction)
    {
        long left = (long)Math.Ceiling(_total * fraction);
        int step = 0;
        while (step < _counts.Length - 1 && (left -= _counts[step]) > 0)
        {
            step++;
        }

        return _total == 0 ? double.NaN : (step + 0.5) * StepUs / 1000;
    }
}
