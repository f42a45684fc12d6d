using System.Globalization;

namespace K8sConsul.Helm.Manifests;

/// <summary>Scalars of a document as a text, to compare them with what is expected.</summary>
internal static class ManifestValue
{
    /// <summary>Numbers without a needless point, <c>true</c> and <c>false</c>, <c>null</c>, texts as they are.</summary>
    public static string Print(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        double number => number.ToString(CultureInfo.InvariantCulture),
        string text => text,
        _ => throw new InvalidOperationException($"{value.GetType().Name} is no scalar"),
    };
}
