using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace K8sConsul.Template.Functions;

/// <summary>A version as Masterminds' library reads it: a leading v is dropped, minor and patch may be missing.</summary>
internal sealed class SemanticVersion : ITemplateObject, ITemplateText
{
    private static readonly GoType s_type = GoType.PointerTo(GoType.Struct("semver.Version"));

    private SemanticVersion(ulong major, ulong minor, ulong patch, string prerelease, string metadata, string original)
    {
        Major = major;
        Minor = minor;
        Patch = patch;
        Prerelease = prerelease;
        Metadata = metadata;
        Original = original;
    }

    public ulong Major { get; }

    public ulong Minor { get; }

    public ulong Patch { get; }

    public string Prerelease { get; }

    public string Metadata { get; }

    public string Original { get; }

    public GoType Type => s_type;

    public IReadOnlyList<string> FieldNames => [];

    public static SemanticVersion Parse(string text)
    {
        return TryParse(text) ?? throw new TemplateFunctionException("Invalid Semantic Version");
    }

    public static SemanticVersion? TryParse(string text)
    {
        string rest = text.StartsWith('v') ? text[1..] : text;
        string metadata = TakeAfter(ref rest, '+', out bool hasMetadata);
        string prerelease = TakeAfter(ref rest, '-', out bool hasPrerelease);
        string[] numbers = rest.Split('.');
        if (numbers.Length > 3 || (hasMetadata && !AreIdentifiers(metadata)) || (hasPrerelease && !AreIdentifiers(prerelease)))
        {
            return null;
        }

        Span<ulong> parts = stackalloc ulong[3];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!ulong.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out parts[i]))
            {
                return null;
            }
        }

        return new SemanticVersion(parts[0], parts[1], parts[2], prerelease, metadata, text);
    }

    public string ToTemplateText()
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");
        return text + (Prerelease.Length > 0 ? "-" + Prerelease : "") + (Metadata.Length > 0 ? "+" + Metadata : "");
    }

    public bool TryGetField(string name, out object? value)
    {
        value = null;
        return false;
    }

    public bool TryGetMethod(string name, [NotNullWhen(true)] out TemplateFunction? method)
    {
        method = name switch
        {
            "Major" => TemplateFunction.Create(() => Major),
            "Minor" => TemplateFunction.Create(() => Minor),
            "Patch" => TemplateFunction.Create(() => Patch),
            "Prerelease" => TemplateFunction.Create(() => Prerelease),
            "Metadata" => TemplateFunction.Create(() => Metadata),
            "Original" => TemplateFunction.Create(() => Original),
            "String" => TemplateFunction.Create(ToTemplateText),
            "Compare" => TemplateFunction.Create((object? other) => (nint)OrderTo(Other(other))),
            "Equal" => TemplateFunction.Create((object? other) => OrderTo(Other(other)) == 0),
            "LessThan" => TemplateFunction.Create((object? other) => OrderTo(Other(other)) < 0),
            "GreaterThan" => TemplateFunction.Create((object? other) => OrderTo(Other(other)) > 0),
            _ => null,
        };
        return method is not null;
    }

    /// <summary>Metadata does not count.</summary>
    public int OrderTo(SemanticVersion other)
    {
        int order = Major.CompareTo(other.Major);
        order = order != 0 ? order : Minor.CompareTo(other.Minor);
        order = order != 0 ? order : Patch.CompareTo(other.Patch);
        return order != 0 ? order : ComparePrereleases(Prerelease, other.Prerelease);
    }

    private static SemanticVersion Other(object? other)
    {
        return other as SemanticVersion ?? throw new TemplateFunctionException(
            $"wrong type for value; expected *semver.Version; got {CallExtensions.TypeName(other)}");
    }

    private static string TakeAfter(ref string text, char mark, out bool found)
    {
        int at = text.IndexOf(mark, StringComparison.Ordinal);
        found = at >= 0;
        string after = found ? text[(at + 1)..] : "";
        text = found ? text[..at] : text;
        return after;
    }

    private static bool AreIdentifiers(string text)
    {
        return Array.TrueForAll(text.Split('.'), part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
    }

    /// <summary>None is the greatest; numbers count by value and before words; more parts are greater.</summary>
    private static int ComparePrereleases(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return right.Length.CompareTo(left.Length) is var order && left.Length == right.Length ? 0 : order > 0 ? 1 : -1;
        }

        string[] a = left.Split('.');
        string[] b = right.Split('.');
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            int order = CompareParts(a[i], b[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    private static int CompareParts(string left, string right)
    {
        bool leftIsNumber = left.All(char.IsAsciiDigit);
        bool rightIsNumber = right.All(char.IsAsciiDigit);
        if (leftIsNumber && rightIsNumber)
        {
            string a = left.TrimStart('0');
            string b = right.TrimStart('0');
            return a.Length != b.Length ? a.Length.CompareTo(b.Length) : Math.Sign(string.CompareOrdinal(a, b));
        }

        return leftIsNumber != rightIsNumber ? (leftIsNumber ? -1 : 1) : Math.Sign(string.CompareOrdinal(left, right));
    }
}
