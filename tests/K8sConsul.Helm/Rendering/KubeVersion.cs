using System.Diagnostics.CodeAnalysis;
using K8sConsul.Template;
using K8sConsul.Template.Functions;

namespace K8sConsul.Helm.Rendering;

/// <summary><c>.Capabilities.KubeVersion</c>, which prints as its version.</summary>
internal sealed class KubeVersion : ITemplateObject, ITemplateText
{
    private static readonly GoType s_type = GoType.Struct("chartutil.KubeVersion");

    /// <exception cref="HelmException">It is no version.</exception>
    public KubeVersion(string text)
    {
        if (!VersionRange.IsVersion(text))
        {
            throw new HelmException($"invalid kube version '{text}': Invalid Semantic Version");
        }

        string plain = text.StartsWith('v') ? text[1..] : text;
        int end = plain.AsSpan().IndexOfAny('-', '+');
        string[] numbers = (end < 0 ? plain : plain[..end]).Split('.');
        Major = numbers[0];
        Minor = numbers.Length > 1 ? numbers[1] : "0";
        string patch = numbers.Length > 2 ? numbers[2] : "0";
        Version = $"v{Major}.{Minor}.{patch}{(end < 0 ? "" : plain[end..])}";
    }

    public string Version { get; }

    public string Major { get; }

    public string Minor { get; }

    public GoType Type => s_type;

    public IReadOnlyList<string> FieldNames { get; } = ["Version", "Major", "Minor"];

    public bool TryGetField(string name, out object? value)
    {
        value = name switch
        {
            "Version" => Version,
            "Major" => Major,
            "Minor" => Minor,
            _ => null,
        };
        return value is not null;
    }

    public bool TryGetMethod(string name, [NotNullWhen(true)] out TemplateFunction? method)
    {
        method = name is "GitVersion" or "String" ? TemplateFunction.Create(() => Version) : null;
        return method is not null;
    }

    public string ToTemplateText() => Version;
}
