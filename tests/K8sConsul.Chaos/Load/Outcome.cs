namespace K8sConsul.Chaos.Load;

internal enum Outcome
{
    Ok,

    /// <summary>It certainly has no effect: a read without an answer, a request that was never sent.</summary>
    Failed,

    /// <summary>A write that may have taken effect, or may yet.</summary>
    Unknown,
}
