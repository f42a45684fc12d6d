namespace K8sConsul.Server.Telemetry;

/// <summary>What is kept of many observations: go-metrics' <c>AggregateSample</c>.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="SumOfSquares">For the deviation.</param>
/// <param name="Min">0 when there were none, as <paramref name="Max"/>.</param>
/// <param name="Updated">When the last one came, in the registry's monotonic time.</param>
public readonly record struct Aggregate(long Count, double Sum, double SumOfSquares, double Min, double Max, long Updated)
{
    public double Mean => Count == 0 ? 0 : Sum / Count;

    /// <summary>The deviation of a sample. Rounding can take the difference below zero, where go-metrics answers NaN.</summary>
    public double StandardDeviation
    {
        get
        {
            double divisor = (double)Count * (Count - 1);
            return divisor == 0 ? 0 : Math.Sqrt(Math.Max((Count * SumOfSquares) - (Sum * Sum), 0) / divisor);
        }
    }

    /// <summary>The sum over the seconds of an interval.</summary>
    public double Rate(TimeSpan interval) => Sum / interval.TotalSeconds;

    public Aggregate Plus(in Aggregate other)
    {
        if (Count == 0 || other.Count == 0)
        {
            return Count == 0 ? other : this;
        }

        return new Aggregate(
            Count + other.Count,
            Sum + other.Sum,
            SumOfSquares + other.SumOfSquares,
            Math.Min(Min, other.Min),
            Math.Max(Max, other.Max),
            Math.Max(Updated, other.Updated));
    }
}
