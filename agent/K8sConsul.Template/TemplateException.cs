namespace K8sConsul.Template;

/// <summary>A template that cannot be parsed or executed, in Go's words and with the place.</summary>
public class TemplateException : Exception
{
    internal TemplateException(TemplateErrorKind kind, string message, Exception? cause = null)
        : base(message, cause)
    {
        Kind = kind;
    }

    public TemplateErrorKind Kind { get; }
}
