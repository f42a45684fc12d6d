namespace K8sConsul.Benchmarks.Load;

/// <summary>What a load sends, one after the other.</summary>
internal interface IRequests
{
    /// <summary>The next request's bytes, good until the next call.</summary>
    ReadOnlySpan<byte> Next();
}
