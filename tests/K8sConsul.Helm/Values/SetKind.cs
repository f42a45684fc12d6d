namespace K8sConsul.Helm.Values;

/// <summary>What the values of a <see cref="SetArgument"/> are read as.</summary>
internal enum SetKind
{
    /// <summary><c>--set</c>: bools, null and whole numbers by their looks, others as texts.</summary>
    Typed,

    /// <summary><c>--set-string</c>.</summary>
    Text,

    /// <summary><c>--set-json</c>.</summary>
    Json,
}
