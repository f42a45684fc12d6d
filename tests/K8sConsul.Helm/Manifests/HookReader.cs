using System.Globalization;

namespace K8sConsul.Helm.Manifests;

/// <summary>Whether a manifest is a hook, by its annotations.</summary>
internal static class HookReader
{
    private const string Annotation = "helm.sh/hook";
    private const string WeightAnnotation = "helm.sh/hook-weight";
    private const string DeletePolicyAnnotation = "helm.sh/hook-delete-policy";

    private static readonly string[] s_events =
    [
        "pre-install", "post-install", "pre-delete", "post-delete", "pre-upgrade", "post-upgrade", "pre-rollback", "post-rollback", "test",
        "test-success",
    ];

    public static bool IsHook(Manifest manifest) => manifest.Annotations.ContainsKey(Annotation);

    /// <returns>Null: an event is none of Helm's, which leaves out the whole manifest.</returns>
    public static Hook? TryRead(Manifest manifest)
    {
        List<string> events = Words(manifest, Annotation);
        if (!events.TrueForAll(name => s_events.Contains(name, StringComparer.Ordinal)))
        {
            return null;
        }

        string? weightText = manifest.Annotations.GetValueOrDefault(WeightAnnotation);
        return new Hook(
            manifest,
            events.ConvertAll(name => name == "test-success" ? "test" : name),
            int.TryParse(weightText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int weight) ? weight : 0,
            manifest.Annotations.ContainsKey(DeletePolicyAnnotation) ? Words(manifest, DeletePolicyAnnotation) : []);
    }

    private static List<string> Words(Manifest manifest, string annotation)
    {
        return [.. manifest.Annotations[annotation].Split(',').Select(word => word.Trim().ToLowerInvariant())];
    }
}
