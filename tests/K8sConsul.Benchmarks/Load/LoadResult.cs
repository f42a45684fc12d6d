namespace K8sConsul.Benchmarks.Load;

internal sealed record LoadResult(long Answers, TimeSpan Elapsed, LatencyHistogram Latency)
{
    public double Rate => Answers / Elapsed.TotalSeconds;
}
