using System.Net.Sockets;
using K8sConsul.Go;

namespace K8sConsul.Addresses;

/// <summary>The clauses of <c>sort</c>.</summary>
internal static class AddressOrder
{
    public static List<InterfaceAddress> By(string clauses, IReadOnlyList<InterfaceAddress> addresses, string? defaultInterface)
    {
        Comparison<InterfaceAddress>[] comparisons = [.. clauses.Split(',').Select(clause => Clause(clause, defaultInterface))];
        return Sort(addresses, comparisons);
    }

    /// <summary>The default route's interface first, then IPv4, then the larger network.</summary>
    public static List<InterfaceAddress> Preferred(IReadOnlyList<InterfaceAddress> addresses, string? defaultInterface)
    {
        return By(defaultInterface is null ? "type,size" : "default,type,size", addresses, defaultInterface);
    }

    private static Comparison<InterfaceAddress> Clause(string clause, string? defaultInterface)
    {
        string name = clause.ToLowerInvariant().Trim();
        bool reversed = name.StartsWith('-');
        Comparison<InterfaceAddress> ascending = name.TrimStart('+', '-') switch
        {
            "address" => CompareAddress,
            "default" => (left, right) => IsDefault(right).CompareTo(IsDefault(left)),
            "name" => (left, right) => string.CompareOrdinal(left.Name, right.Name),
            "port" => (_, _) => 0,
            "private" => (left, right) => SpecialNetworks.IsSpecial(right.Address).CompareTo(SpecialNetworks.IsSpecial(left.Address)),
            "size" => CompareSize,
            "type" => (left, right) => AddressBits.WidthOf(left.Address) - AddressBits.WidthOf(right.Address),
            _ => throw new TemplateException($"unknown sort type: {GoText.Quote(clause)}"),
        };
        return reversed ? (left, right) => ascending(right, left) : ascending;

        bool IsDefault(InterfaceAddress address)
        {
            return string.Equals(address.Name, defaultInterface, StringComparison.Ordinal);
        }
    }

    /// <summary>Addresses of different families have no order between them.</summary>
    private static int CompareAddress(InterfaceAddress left, InterfaceAddress right)
    {
        return left.Address.AddressFamily == right.Address.AddressFamily
            ? AddressBits.ToNumber(left.Address).CompareTo(AddressBits.ToNumber(right.Address))
            : 0;
    }

    /// <summary>The larger network first; across families, where sizes say nothing, IPv4 first.</summary>
    private static int CompareSize(InterfaceAddress left, InterfaceAddress right)
    {
        return left.Address.AddressFamily == right.Address.AddressFamily ? left.PrefixLength - right.PrefixLength
            : left.Address.AddressFamily == AddressFamily.InterNetwork ? -1 : 1;
    }

    /// <summary>
    /// By insertion: addresses without an order between them keep their places where they can, as with Go's sort of few elements.
    /// </summary>
    private static List<InterfaceAddress> Sort(IReadOnlyList<InterfaceAddress> addresses, Comparison<InterfaceAddress>[] comparisons)
    {
        var sorted = new List<InterfaceAddress>(addresses);
        for (int i = 1; i < sorted.Count; i++)
        {
            for (int j = i; j > 0 && Compare(sorted[j], sorted[j - 1], comparisons) < 0; j--)
            {
                (sorted[j], sorted[j - 1]) = (sorted[j - 1], sorted[j]);
            }
        }

        return sorted;
    }

    private static int Compare(InterfaceAddress left, InterfaceAddress right, Comparison<InterfaceAddress>[] comparisons)
    {
        foreach (Comparison<InterfaceAddress> comparison in comparisons)
        {
            int order = comparison(left, right);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
