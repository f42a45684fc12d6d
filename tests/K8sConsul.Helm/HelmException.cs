namespace K8sConsul.Helm;

/// <summary>What <c>helm template</c> would end with, in its words as far as they are known, without the leading <c>Error: </c>.</summary>
public sealed class HelmException : Exception
{
    public HelmException(string message)
        : base(message)
    {
    }

    public HelmException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
