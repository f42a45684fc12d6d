namespace K8sConsul.Helm.Manifests;

/// <summary>A manifest that Helm installs at certain events only, and does not own afterwards.</summary>
/// <param name="Manifest">What it installs.</param>
/// <param name="Events">When: <c>pre-install</c>, <c>test</c> and others.</param>
/// <param name="Weight">Of the hooks of one event the lighter come first.</param>
/// <param name="DeletePolicies">When it is deleted: <c>before-hook-creation</c> and others.</param>
public sealed record Hook(Manifest Manifest, IReadOnlyList<string> Events, int Weight, IReadOnlyList<string> DeletePolicies)
{
    public bool IsTest => Events.Contains("test", StringComparer.Ordinal);
}
