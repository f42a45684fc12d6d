namespace K8sConsul.TemplateRunner.Watching;

/// <summary>A dependency could not be asked for; the message is the cause's.</summary>
internal sealed class DependencyFailedException : Exception
{
    public DependencyFailedException(string message)
        : base(message)
    {
    }

    public DependencyFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
