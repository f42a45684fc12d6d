namespace K8sConsul.Go;

/// <summary>What reading a number came to: strconv's two errors, or neither.</summary>
public enum NumberOutcome
{
    Parsed,
    BadSyntax,
    OutOfRange,
}
