namespace K8sConsul.Chaos.Load;

internal enum ReadMode
{
    /// <summary>Not a read.</summary>
    None,
    Consistent,
    Default,
    Stale,
}
