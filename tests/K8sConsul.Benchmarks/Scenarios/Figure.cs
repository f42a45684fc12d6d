namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>What one round measured; the latencies are those of single requests behind a rate, and else not numbers.</summary>
internal readonly record struct Figure(double Value, double MedianMs = double.NaN, double P99Ms = double.NaN);
