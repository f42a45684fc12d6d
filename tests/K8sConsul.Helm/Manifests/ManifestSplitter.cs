using System.Text.RegularExpressions;

namespace K8sConsul.Helm.Manifests;

/// <summary>What a template prints, cut into documents at lines that begin with three hyphens.</summary>
internal static partial class ManifestSplitter
{
    /// <summary>Without blanks around them; none is empty.</summary>
    public static IEnumerable<string> Split(string text)
    {
        return Separator().Split(text.Trim()).Select(document => document.Trim()).Where(document => document.Length > 0);
    }

    [GeneratedRegex(@"(?:^|\s*\n)---\s*", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Separator();
}
