namespace K8sConsul.TemplateRunner.Writing;

/// <summary>A text could not be written; the message says what of it.</summary>
internal sealed class RenderFailedException : Exception
{
    public RenderFailedException(string message)
        : base(message)
    {
    }

    public RenderFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
