namespace K8sConsul.Hcl;

/// <summary>Leaves the recursion of a parser; it never leaves this assembly.</summary>
internal sealed class HclRefusedException : Exception
{
    public HclRefusedException(string message)
        : base(message)
    {
    }

    public HclRefusedException(SourcePosition position, string message)
        : base($"At {position}: {message}")
    {
    }
}
