namespace K8sConsul.Template.Functions;

/// <summary>Semantic versions.</summary>
internal static class SprigVersions
{
    public static void AddTo(TemplateFunctions functions)
    {
        functions
            .Add<string, object?>("semver", version => SemanticVersion.Parse(version))
            .AddWithCall("semverCompare", (TemplateCall call, string constraint, string version) =>
            {
                call.CountSteps(constraint.Length + version.Length);
                return VersionConstraint.Matches(constraint, SemanticVersion.Parse, version);
            });
    }
}
