using System.Globalization;

namespace K8sConsul.Addresses;

/// <summary>What a template may call. Values are texts, whole numbers, and lists of addresses.</summary>
internal sealed class TemplateFunctions(INetworkInterfaces interfaces)
{
    private const string PreferredSort = "type,size";

    private static readonly SortedDictionary<string, int> _arity = new(StringComparer.Ordinal)
    {
        ["GetAllInterfaces"] = 0,
        ["GetDefaultInterfaces"] = 0,
        ["GetPrivateInterfaces"] = 0,
        ["GetPublicInterfaces"] = 0,
        ["GetPrivateIP"] = 0,
        ["GetPrivateIPs"] = 0,
        ["GetPublicIP"] = 0,
        ["GetPublicIPs"] = 0,
        ["GetInterfaceIP"] = 1,
        ["GetInterfaceIPs"] = 1,
        ["sort"] = 2,
        ["include"] = 3,
        ["exclude"] = 3,
        ["unique"] = 2,
        ["attr"] = 2,
        ["join"] = 3,
        ["limit"] = 2,
        ["offset"] = 2,
        ["math"] = 3,
    };

    public static bool Exists(string name)
    {
        return _arity.ContainsKey(name);
    }

    public static int ArityOf(string name)
    {
        return _arity[name];
    }

    /// <summary>Calls with exactly as many arguments as <see cref="ArityOf"/> tells; the piped value is the last.</summary>
    public object Call(string name, IReadOnlyList<object> arguments)
    {
        return name switch
        {
            "GetAllInterfaces" => interfaces.Addresses(),
            "GetDefaultInterfaces" => Default(),
            "GetPrivateInterfaces" => Reachable(special: true),
            "GetPublicInterfaces" => Reachable(special: false),
            "GetPrivateIP" => First(Reachable(special: true)),
            "GetPublicIP" => First(Reachable(special: false)),
            "GetPrivateIPs" => All(Known(special: true)),
            "GetPublicIPs" => All(Known(special: false)),
            "GetInterfaceIP" => First(Forwardable(Named(Text(arguments, 0)))),
            "GetInterfaceIPs" => All(Named(Text(arguments, 0))),
            "sort" => AddressOrder.By(Text(arguments, 0), Addresses(arguments, 1), interfaces.DefaultInterface()),
            "include" => AddressFilters.Include(Text(arguments, 0), Text(arguments, 1), Addresses(arguments, 2)),
            "exclude" => AddressFilters.Exclude(Text(arguments, 0), Text(arguments, 1), Addresses(arguments, 2)),
            "unique" => Unique(Text(arguments, 0), Addresses(arguments, 1)),
            "attr" => Attribute(Text(arguments, 0), Addresses(arguments, 1)),
            "join" => Join(Text(arguments, 0), Text(arguments, 1), Addresses(arguments, 2)),
            "limit" => Limit(Number(arguments, 0), Addresses(arguments, 1)),
            "offset" => Offset(Number(arguments, 0), Addresses(arguments, 1)),
            "math" => AddressAttributes.Compute(Text(arguments, 0), Text(arguments, 1), Addresses(arguments, 2)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public static string Show(object value)
    {
        return value switch
        {
            string text => text,
            long number => number.ToString(CultureInfo.InvariantCulture),
            IReadOnlyList<InterfaceAddress> addresses => $"[{string.Join(' ', addresses)}]",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private List<InterfaceAddress> Default()
    {
        string name = interfaces.DefaultInterface() ?? throw new TemplateException("No default interface found");
        return [.. interfaces.Addresses().Where(address => string.Equals(address.Name, name, StringComparison.Ordinal))];
    }

    private List<InterfaceAddress> Reachable(bool special)
    {
        List<InterfaceAddress> up = AddressFilters.WithFlags("up", Forwardable(interfaces.Addresses()));
        return OfKind(special, AddressOrder.Preferred(up, interfaces.DefaultInterface()));
    }

    /// <summary>Of all interfaces, up or not, the addresses a router would forward.</summary>
    private List<InterfaceAddress> Known(bool special)
    {
        return Forwardable(OfKind(special, AddressOrder.By(PreferredSort, interfaces.Addresses(), defaultInterface: null)));
    }

    private static List<InterfaceAddress> OfKind(bool special, IEnumerable<InterfaceAddress> addresses)
    {
        return [.. addresses.Where(address => SpecialNetworks.IsSpecial(address.Address) == special)];
    }

    private static List<InterfaceAddress> Forwardable(IReadOnlyList<InterfaceAddress> addresses)
    {
        return AddressFilters.WithFlags("forwardable", addresses);
    }

    private List<InterfaceAddress> Named(string pattern)
    {
        return AddressOrder.By(
            PreferredSort, AddressFilters.Include("name", pattern, interfaces.Addresses()), defaultInterface: null);
    }

    private static string First(IReadOnlyList<InterfaceAddress> addresses)
    {
        return addresses.Count == 0 ? string.Empty : addresses[0].Address.ToString();
    }

    private static string All(IReadOnlyList<InterfaceAddress> addresses)
    {
        return string.Join(' ', addresses.Select(address => address.Address));
    }

    private static string Attribute(string name, IReadOnlyList<InterfaceAddress> addresses)
    {
        return addresses.Count == 0 ? string.Empty : AddressAttributes.Of(name, addresses[0]);
    }

    private static string Join(string name, string separator, IReadOnlyList<InterfaceAddress> addresses)
    {
        return string.Join(separator, addresses.Select(address => AddressAttributes.Of(name, address)));
    }

    /// <summary>The first address with each value of the attribute.</summary>
    private static List<InterfaceAddress> Unique(string name, IReadOnlyList<InterfaceAddress> addresses)
    {
        if (name.ToLowerInvariant() is not ("address" or "name"))
        {
            throw new TemplateException($"unsupported unique constraint \"{name}\"");
        }

        return [.. addresses.DistinctBy(address => AddressAttributes.Of(name, address), StringComparer.Ordinal)];
    }

    private static List<InterfaceAddress> Limit(long limit, IReadOnlyList<InterfaceAddress> addresses)
    {
        return limit >= 0
            ? [.. addresses.Take((int)Math.Min(limit, addresses.Count))]
            : throw new TemplateException($"limit must be an unsigned int, got {limit}");
    }

    /// <summary>A negative offset counts from the end.</summary>
    private static List<InterfaceAddress> Offset(long offset, IReadOnlyList<InterfaceAddress> addresses)
    {
        long start = offset >= 0 ? offset : addresses.Count + offset;
        return start >= 0 && start <= addresses.Count
            ? [.. addresses.Skip((int)start)]
            : throw new TemplateException("unable to seek past the end of the interface array: offset exceeds the number of interfaces");
    }

    private static string Text(IReadOnlyList<object> arguments, int index)
    {
        return arguments[index] as string ?? throw new TemplateException("wrong type for value; expected string");
    }

    private static long Number(IReadOnlyList<object> arguments, int index)
    {
        return arguments[index] is long number ? number : throw new TemplateException("wrong type for value; expected int");
    }

    private static IReadOnlyList<InterfaceAddress> Addresses(IReadOnlyList<object> arguments, int index)
    {
        return arguments[index] as IReadOnlyList<InterfaceAddress>
            ?? throw new TemplateException("wrong type for value; expected sockaddr.IfAddrs");
    }
}
