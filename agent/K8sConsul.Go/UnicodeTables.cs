using System.Globalization;
using System.Text;

namespace K8sConsul.Go;

/// <summary>Code points by general category. Made at the first <c>\p</c>, some ten milliseconds.</summary>
internal static class UnicodeCategories
{
    private static readonly Lazy<IReadOnlyList<(string, RuneSet)>> s_byName = new(Build);

    public static IReadOnlyList<(string Name, RuneSet Set)> ByName => s_byName.Value;

    private static List<(string, RuneSet)> Build()
    {
        string[] names =
        [
            "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
            "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So",
        ];
        var ranges = new List<(int Low, int High)>[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            ranges[i] = [];
        }

        for (int rune = 0; rune <= 0x10ffff; rune++)
        {
            // The enumeration's order is that of the names; unassigned code points are in no category of Go's.
            var category = (int)CharUnicodeInfo.GetUnicodeCategory(rune);
            if (category >= names.Length)
            {
                continue;
            }

            List<(int Low, int High)> list = ranges[category];
            if (list.Count > 0 && list[^1].High == rune - 1)
            {
                list[^1] = (list[^1].Low, rune);
            }
            else
            {
                list.Add((rune, rune));
            }
        }

        return [.. names.Select((name, i) => (name, RuneSet.OfRanges(ranges[i])))];
    }
}

/// <summary>Groups of code points that differ in case only, as Unicode's simple folding has them. Made at the first <c>(?i)</c>.</summary>
internal static class CaseFolding
{
    private static readonly Lazy<IReadOnlyList<int[]>> s_orbits = new(Build);

    public static IReadOnlyList<int[]> Orbits => s_orbits.Value;

    private static List<int[]> Build()
    {
        // The long s (U+017F) folds to s; .NET's invariant casing leaves it out.
        var byKey = new SortedDictionary<int, SortedSet<int>> { ['s'] = ['s', 0x17f] };
        for (int value = 0; value <= 0x1ffff; value++)
        {
            if (!Rune.IsValid(value))
            {
                continue;
            }

            var rune = new Rune(value);
            Rune key = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
            if (key != rune || Rune.ToUpperInvariant(rune) != rune)
            {
                if (!byKey.TryGetValue(key.Value, out SortedSet<int>? orbit))
                {
                    byKey[key.Value] = orbit = [key.Value];
                }

                orbit.Add(value);
            }
        }

        return [.. byKey.Values.Where(orbit => orbit.Count > 1).Select(orbit => orbit.ToArray())];
    }
}
