namespace K8sConsul.TemplateRunner.Engine;

/// <summary>A template cannot be read; the message is the language's own.</summary>
public sealed class TemplateRefusedException : Exception
{
    public TemplateRefusedException(string message)
        : base(message)
    {
    }

    public TemplateRefusedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
