namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>Quiescence: how long changes must have ended before they are rendered.</summary>
/// <param name="Enabled">Off renders at once.</param>
/// <param name="Min">Since the last change. Longer means fewer renders in a storm of changes, and later ones.</param>
/// <param name="Max">Since the first change: then it is rendered although changes go on.</param>
public sealed record WaitConfig(bool Enabled, TimeSpan Min, TimeSpan Max)
{
    public static WaitConfig Off { get; } = new(Enabled: false, TimeSpan.Zero, TimeSpan.Zero);
}
