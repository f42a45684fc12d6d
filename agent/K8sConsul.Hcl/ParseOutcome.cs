namespace K8sConsul.Hcl;

/// <summary>A parsed text, or what is wrong with it.</summary>
public sealed class ParseOutcome
{
    private ParseOutcome(ConfigObject? root, string error)
    {
        Root = root;
        Error = error;
    }

    /// <summary>Null when refused.</summary>
    public ConfigObject? Root { get; }

    /// <summary>Consul's own text for the mistake; empty when accepted.</summary>
    public string Error { get; }

    internal static ParseOutcome Accepted(ConfigObject root)
    {
        return new ParseOutcome(root, string.Empty);
    }

    internal static ParseOutcome Refused(string error)
    {
        return new ParseOutcome(null, error);
    }
}
