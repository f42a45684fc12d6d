using System.Text.RegularExpressions;

namespace K8sConsul.Template.Functions;

/// <summary>
/// Which versions are meant by <c>&gt;=1.2 &lt;3</c>, <c>~1.2</c>, <c>^1</c>, <c>1.x</c>, <c>1.2 - 2.3</c> and alternatives of those,
/// in the grammar of Masterminds' library.
/// </summary>
/// <remarks>A pre-release counts only where the constraint has one too.</remarks>
internal sealed partial class VersionConstraint
{
    private readonly string _operator;
    private readonly SemanticVersion _version;
    private readonly bool _isOpen;
    private readonly bool _minorIsOpen;
    private readonly bool _patchIsOpen;

    private VersionConstraint(string comparison, SemanticVersion version, bool isOpen, bool minorIsOpen, bool patchIsOpen)
    {
        _operator = comparison;
        _version = version;
        _isOpen = isOpen;
        _minorIsOpen = minorIsOpen;
        _patchIsOpen = patchIsOpen;
    }

    /// <exception cref="TemplateFunctionException"><c>improper constraint: …</c>, or the version is none.</exception>
    public static bool Matches(string constraint, Func<string, SemanticVersion> parse, string version)
    {
        List<List<VersionConstraint>> alternatives = Parse(constraint);
        SemanticVersion candidate = parse(version);
        return alternatives.Exists(all => all.TrueForAll(one => one.Allows(candidate)));
    }

    private static List<List<VersionConstraint>> Parse(string text)
    {
        string plain = Range().Replace(text, " >=${from} <=${to} ");
        var alternatives = new List<List<VersionConstraint>>();
        foreach (string alternative in plain.Split("||"))
        {
            MatchCollection matches = One().Matches(alternative);
            int end = 0;
            foreach (Match match in matches)
            {
                if (alternative.AsSpan(end, match.Index - end).ContainsAnyExcept(" ,\t"))
                {
                    throw Improper(text);
                }

                end = match.Index + match.Length;
            }

            if (matches.Count == 0 || alternative.AsSpan(end).ContainsAnyExcept(" ,\t"))
            {
                throw Improper(text);
            }

            alternatives.Add([.. matches.Select(match => Read(match, text))]);
        }

        return alternatives;
    }

    private static VersionConstraint Read(Match match, string text)
    {
        string major = match.Groups["major"].Value;
        string minor = match.Groups["minor"].Value;
        string patch = match.Groups["patch"].Value;
        string rest = match.Groups["rest"].Value;
        bool majorIsOpen = IsOpen(major);
        bool minorIsOpen = !majorIsOpen && IsOpen(minor);
        bool patchIsOpen = !majorIsOpen && !minorIsOpen && IsOpen(patch);
        string version = majorIsOpen ? "0.0.0" : minorIsOpen ? major + ".0.0" : patchIsOpen ? $"{major}.{minor}.0" : $"{major}.{minor}.{patch}";
        return new VersionConstraint(
            match.Groups["operator"].Value,
            SemanticVersion.TryParse(version + rest) ?? throw Improper(text),
            isOpen: majorIsOpen || minorIsOpen || patchIsOpen,
            minorIsOpen,
            patchIsOpen);
    }

    private static bool IsOpen(string part) => part is "" or "x" or "X" or "*";

    private static TemplateFunctionException Improper(string text) => new($"improper constraint: {text}");

    private bool Allows(SemanticVersion version)
    {
        if (version.Prerelease.Length > 0 && _version.Prerelease.Length == 0)
        {
            return false;
        }

        return _operator switch
        {
            "!=" => IsDifferent(version),
            ">" => IsGreater(version),
            "<" => version.OrderTo(_version) < 0,
            ">=" or "=>" => version.OrderTo(_version) >= 0,
            "<=" or "=<" => IsAtMost(version),
            "~" or "~>" => IsPatchOf(version),
            "^" => IsCompatible(version),
            _ => _isOpen ? IsPatchOf(version) : version.OrderTo(_version) == 0,
        };
    }

    private bool IsDifferent(SemanticVersion version)
    {
        if (!_isOpen)
        {
            return version.OrderTo(_version) != 0;
        }

        return version.Major != _version.Major || (!_minorIsOpen && version.Minor != _version.Minor);
    }

    /// <summary>Greater than all that an open constraint means: <c>&gt; 1.2</c> is 1.3 and later.</summary>
    private bool IsGreater(SemanticVersion version)
    {
        if (!_isOpen)
        {
            return version.OrderTo(_version) > 0;
        }

        return version.Major != _version.Major
            ? version.Major > _version.Major
            : !_minorIsOpen && (_patchIsOpen ? version.Minor > _version.Minor : version.OrderTo(_version) > 0);
    }

    private bool IsAtMost(SemanticVersion version)
    {
        if (!_isOpen)
        {
            return version.OrderTo(_version) <= 0;
        }

        return version.Major <= _version.Major
            && !(version.Major == _version.Major && version.Minor > _version.Minor && !_minorIsOpen);
    }

    private bool IsPatchOf(SemanticVersion version)
    {
        if (version.OrderTo(_version) < 0)
        {
            return false;
        }

        bool isAny = _version is { Major: 0, Minor: 0, Patch: 0 } && !_minorIsOpen && !_patchIsOpen;
        return isAny || (version.Major == _version.Major && (_minorIsOpen || version.Minor == _version.Minor));
    }

    /// <summary>The same up to the first number that is not 0.</summary>
    private bool IsCompatible(SemanticVersion version)
    {
        if (version.OrderTo(_version) < 0 || version.Major != _version.Major)
        {
            return _version.Major == 0 && _isOpen && !_minorIsOpen && !_patchIsOpen && version.OrderTo(_version) >= 0;
        }

        if (_version.Major > 0 || _minorIsOpen)
        {
            return true;
        }

        if (version.Minor != _version.Minor)
        {
            return _isOpen && !_patchIsOpen;
        }

        return _version.Minor > 0 || _patchIsOpen || version.Patch == _version.Patch;
    }

    private const string VersionPattern = @"v?(?:[0-9]+|[xX*])(?:\.(?:[0-9]+|[xX*])){0,2}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?";

    [GeneratedRegex(
        @"\s*(?<from>" + VersionPattern + @")\s+-\s+(?<to>" + VersionPattern + @")\s*",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Range();

    [GeneratedRegex(
        @"(?<operator>=>|=<|>=|<=|!=|~>|=|>|<|~|\^)?\s*v?(?<major>[0-9]+|[xX*])(?:\.(?<minor>[0-9]+|[xX*]))?(?:\.(?<patch>[0-9]+|[xX*]))?"
        + @"(?<rest>(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex One();
}
