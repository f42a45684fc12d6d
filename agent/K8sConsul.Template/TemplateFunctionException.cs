namespace K8sConsul.Template;

/// <summary>Thrown by a host's function or method: execution ends with <c>error calling NAME: MESSAGE</c>.</summary>
public sealed class TemplateFunctionException : Exception
{
    public TemplateFunctionException(string message)
        : base(message)
    {
    }

    public TemplateFunctionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
