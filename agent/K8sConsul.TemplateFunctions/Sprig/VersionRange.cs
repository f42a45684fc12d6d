namespace K8sConsul.Template.Functions;

/// <summary>Whether a version is one of those that a constraint such as <c>&gt;=1.22.0-0 &lt;2</c> allows.</summary>
public static class VersionRange
{
    /// <exception cref="TemplateFunctionException"><c>improper constraint: …</c>, or the version is none.</exception>
    public static bool Allows(string constraint, string version)
    {
        ArgumentNullException.ThrowIfNull(constraint);
        ArgumentNullException.ThrowIfNull(version);
        return VersionConstraint.Matches(constraint, SemanticVersion.Parse, version);
    }

    public static bool IsVersion(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SemanticVersion.TryParse(text) is not null;
    }
}
