namespace K8sConsul.Benchmarks;

/// <summary>A measurement that cannot be taken, with what and why.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
