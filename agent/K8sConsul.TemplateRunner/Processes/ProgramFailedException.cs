namespace K8sConsul.TemplateRunner.Processes;

/// <summary>A command did not do what it should; the run ends with the message.</summary>
internal sealed class ProgramFailedException : Exception
{
    public ProgramFailedException(string message)
        : base(message)
    {
    }

    public ProgramFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
