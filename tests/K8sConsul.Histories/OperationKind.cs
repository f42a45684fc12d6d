namespace K8sConsul.Histories;

public enum OperationKind
{
    Read,
    Write,
    CompareAndSet,
    Delete,
    DeleteIfUnchanged,
    Acquire,
    Release,

    /// <summary>Of no key: it concerns every key that its session is used with.</summary>
    DestroySession,
}
