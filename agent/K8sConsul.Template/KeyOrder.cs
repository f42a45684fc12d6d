using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>The order in which maps are walked and printed: by value, as Go sorts keys of each kind.</summary>
/// <remarks>Keys of different kinds in one map come by kind: Go's order there depends on addresses, ours must not.</remarks>
internal static class KeyOrder
{
    public static int Compare(object? left, object? right)
    {
        int kinds = Rank(left).CompareTo(Rank(right));
        if (kinds != 0)
        {
            return kinds;
        }

        return (left, right) switch
        {
            (string a, string b) => Utf8Text.Compare(a, b),
            (bool a, bool b) => a.CompareTo(b),
            (double or float, _) => Numbers.Real(left).CompareTo(Numbers.Real(right)),
            _ when Rank(left) == 1 => Numbers.Signed(left).CompareTo(Numbers.Signed(right)),
            _ when Rank(left) == 2 => Numbers.Unsigned(left).CompareTo(Numbers.Unsigned(right)),
            _ => 0,
        };
    }

    private static int Rank(object? key)
    {
        return key switch
        {
            null => 0,
            nint or int or long or short or sbyte => 1,
            nuint or ulong or uint or ushort or byte => 2,
            double or float => 3,
            bool => 4,
            string => 5,
            _ => 6,
        };
    }
}
