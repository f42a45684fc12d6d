using System.Globalization;
using System.Text;

namespace K8sConsul.Go;

/// <summary>A set of code points as sorted, disjoint, non-adjacent ranges. Immutable.</summary>
internal sealed class RuneSet
{
    private const int RuneMax = 0x10ffff;
    private readonly (int Low, int High)[] _ranges;

    private RuneSet(IEnumerable<(int Low, int High)> ranges)
    {
        var merged = new List<(int Low, int High)>();
        foreach ((int low, int high) in ranges.OrderBy(range => range.Low))
        {
            if (merged.Count > 0 && low <= merged[^1].High + 1)
            {
                merged[^1] = (merged[^1].Low, Math.Max(merged[^1].High, high));
            }
            else
            {
                merged.Add((low, high));
            }
        }

        _ranges = [.. merged];
    }

    public static RuneSet Empty { get; } = new([]);

    public static RuneSet All { get; } = new([(0, RuneMax)]);

    public static RuneSet Digits { get; } = new([('0', '9')]);

    public static RuneSet PerlSpace { get; } = new([('\t', '\n'), ('\f', '\r'), (' ', ' ')]);

    public static RuneSet Words { get; } = new([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);

    public static RuneSet Of(int rune) => new([(rune, rune)]);

    public RuneSet With(int low, int high) => new([.. _ranges, (low, high)]);

    public RuneSet Without(int low, int high) => Complement().With(low, high).Complement();

    public RuneSet Union(RuneSet other) => new([.. _ranges, .. other._ranges]);

    public RuneSet Complement()
    {
        var gaps = new List<(int Low, int High)>();
        int next = 0;
        foreach ((int low, int high) in _ranges)
        {
            if (low > next)
            {
                gaps.Add((next, low - 1));
            }

            next = high + 1;
        }

        if (next <= RuneMax)
        {
            gaps.Add((next, RuneMax));
        }

        return new RuneSet(gaps);
    }

    public bool Contains(int rune) => Array.Exists(_ranges, range => range.Low <= rune && rune <= range.High);

    /// <summary>The set with every code point that differs from a member in case only.</summary>
    public RuneSet FoldCase()
    {
        var folded = new List<(int Low, int High)>(_ranges);
        foreach (int[] orbit in CaseFolding.Orbits)
        {
            if (Array.Exists(orbit, Contains))
            {
                folded.AddRange(orbit.Select(rune => (rune, rune)));
            }
        }

        return new RuneSet(folded);
    }

    /// <summary>The set of a POSIX class name, or null when there is none such.</summary>
    public static RuneSet? OfPosixName(string name) => name switch
    {
        "alnum" => new([('0', '9'), ('A', 'Z'), ('a', 'z')]),
        "alpha" => new([('A', 'Z'), ('a', 'z')]),
        "ascii" => new([(0, 0x7f)]),
        "blank" => new([('\t', '\t'), (' ', ' ')]),
        "cntrl" => new([(0, 0x1f), (0x7f, 0x7f)]),
        "digit" => Digits,
        "graph" => new([('!', '~')]),
        "lower" => new([('a', 'z')]),
        "print" => new([(' ', '~')]),
        "punct" => new([('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
        "space" => new([('\t', '\r'), (' ', ' ')]),
        "upper" => new([('A', 'Z')]),
        "word" => Words,
        "xdigit" => new([('0', '9'), ('A', 'F'), ('a', 'f')]),
        _ => null,
    };

    /// <summary>The set of a Unicode general category such as <c>L</c> or <c>Lu</c>. Scripts (<c>Greek</c>) are unknown here, as .NET
    /// has no data about them.</summary>
    public static RuneSet? OfCategory(string name)
    {
        if (string.Equals(name, "Any", StringComparison.Ordinal))
        {
            return All;
        }

        List<(int, int)> ranges = [];
        foreach ((string category, RuneSet set) in UnicodeCategories.ByName)
        {
            if (category.StartsWith(name, StringComparison.Ordinal) && name.Length is 1 or 2)
            {
                ranges.AddRange(set._ranges);
            }
        }

        return ranges.Count > 0 ? new RuneSet(ranges) : null;
    }

    public static RuneSet OfRanges(IEnumerable<(int Low, int High)> ranges) => new(ranges);

    /// <summary>As a .NET pattern over UTF-16 units: one item, in which a code point beyond the first plane is two units.</summary>
    public string ToPattern()
    {
        if (_ranges is [(var only, var same)] && only == same && only < 0x10000)
        {
            return Unit(only);
        }

        var basic = new StringBuilder();
        var alternatives = new List<string>();
        foreach ((int low, int high) in _ranges)
        {
            // Lone surrogates do not occur in text, and their units must not match half of a pair.
            AppendUnits(basic, low, Math.Min(high, 0xd7ff));
            AppendUnits(basic, Math.Max(low, 0xe000), Math.Min(high, 0xffff));
            AddPairs(alternatives, Math.Max(low, 0x10000), high);
        }

        if (basic.Length > 0)
        {
            alternatives.Insert(0, $"[{basic}]");
        }

        // The empty set matches nothing; [^\u0000-\uffff] says so.
        return alternatives.Count switch
        {
            0 => @"[^\u0000-\uffff]",
            1 => $"(?:{alternatives[0]})",
            _ => $"(?:{string.Join('|', alternatives)})",
        };
    }

    private static void AppendUnits(StringBuilder text, int low, int high)
    {
        if (low <= high)
        {
            text.Append(Unit(low));
            if (high > low)
            {
                text.Append('-').Append(Unit(high));
            }
        }
    }

    private static void AddPairs(List<string> alternatives, int low, int high)
    {
        while (low <= high)
        {
            (int first, int second) = Split(low);
            (int lastFirst, int lastSecond) = Split(high);
            if (first == lastFirst)
            {
                alternatives.Add($"{Unit(first)}[{Unit(second)}-{Unit(lastSecond)}]");
                return;
            }

            if (second == 0xdc00 && (lastFirst > first + 1 || lastSecond == 0xdfff))
            {
                // Whole rows of low surrogates are one alternative.
                int rowsEnd = lastSecond == 0xdfff ? lastFirst : lastFirst - 1;
                alternatives.Add($@"[{Unit(first)}-{Unit(rowsEnd)}][\udc00-\udfff]");
                low = Join(rowsEnd, 0xdfff) + 1;
                continue;
            }

            alternatives.Add($@"{Unit(first)}[{Unit(second)}-\udfff]");
            low = Join(first, 0xdfff) + 1;
        }
    }

    private static (int First, int Second) Split(int rune) => (0xd800 + ((rune - 0x10000) >> 10), 0xdc00 + ((rune - 0x10000) & 0x3ff));

    private static int Join(int first, int second) => 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);

    private static string Unit(int unit) => string.Create(CultureInfo.InvariantCulture, $"\\u{unit:x4}");
}
