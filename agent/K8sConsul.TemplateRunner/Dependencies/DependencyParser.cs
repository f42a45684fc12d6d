using System.Text.RegularExpressions;
using K8sConsul.TemplateRunner.Data;

namespace K8sConsul.TemplateRunner.Dependencies;

/// <summary>
/// From the arguments of templates' functions to dependencies. Null is a refusal, and its text is what the template's error shows.
/// </summary>
/// <remarks>
/// Parts have a fixed order: <c>[tag.]name[?query][@dc][~near][|filters]</c>. A tag may contain dots, so that the last dot
/// separates it from the name.
/// </remarks>
public static partial class DependencyParser
{
    /// <summary>Longer arguments are refused: they come out of data, and each becomes a query of its own.</summary>
    internal const int ArgumentLengthMax = 4096;

    /// <summary>The filter of <c>datacenters true</c>.</summary>
    private const string Reachable = "reachable";

    private const string Query = @"(\?(?<query>[A-Za-z0-9_\-=&]+))?";
    private const string DatacenterPart = @"(@(?<dc>[A-Za-z0-9_.\-]+))?";
    private const string NearPart = @"(~(?<near>[A-Za-z0-9_.\-]+))?";

    /// <summary><c>service "[tag.]name[?query][@dc][~near][|filters]"</c>.</summary>
    public static Dependency? TryService(string argument, out string error)
    {
        return Service(DependencyKind.HealthService, argument, out error);
    }

    /// <summary><c>connect</c>, with the argument of <c>service</c> and its errors.</summary>
    public static Dependency? TryConnect(string argument, out string error)
    {
        return Service(DependencyKind.HealthConnect, argument, out error);
    }

    /// <summary><c>keyExists</c> and <c>keyOrDefault</c>: <c>key[?query][@dc]</c>.</summary>
    public static Dependency? TryKey(string argument, out string error)
    {
        return Key(DependencyKind.KvGet, "kv.get", argument, out error);
    }

    /// <summary><c>key</c>: the same, but waited for.</summary>
    public static Dependency? TryBlockingKey(string argument, out string error)
    {
        return Key(DependencyKind.KvBlock, "kv.get", argument, out error);
    }

    /// <summary><c>ls</c>, <c>tree</c>: <c>[prefix][?query][@dc]</c>. Without a prefix it is the whole store.</summary>
    public static Dependency? TryKeys(string argument, out string error)
    {
        if (argument.Length == 0)
        {
            error = string.Empty;
            return new Dependency(DependencyKind.KvList, string.Empty);
        }

        return Key(DependencyKind.KvList, "kv.list", argument, out error);
    }

    /// <summary><c>node "[name][?query][@dc]"</c>. Without a name it is the agent's own.</summary>
    public static Dependency? TryNode(string argument, out string error)
    {
        return Match("catalog.node", NodePattern(), argument, out error) is { } match && ScopeOf("catalog.node", match, out error) is { } scope
            ? new Dependency(DependencyKind.CatalogNode, Part(match, "name"), scope: scope, datacenter: Part(match, "dc"))
            : null;
    }

    /// <summary><c>nodes "[?query][@dc][~near]"</c>.</summary>
    public static Dependency? TryNodes(string argument, out string error)
    {
        return Match("catalog.nodes", NodesPattern(), argument, out error) is { } match && ScopeOf("catalog.nodes", match, out error) is { } scope
            ? new Dependency(
                DependencyKind.CatalogNodes, string.Empty, scope: scope, datacenter: Part(match, "dc"), near: Part(match, "near"))
            : null;
    }

    /// <summary><c>services "[?query][@dc]"</c>.</summary>
    public static Dependency? TryServices(string argument, out string error)
    {
        return Match("catalog.services", ServicesPattern(), argument, out error) is { } match
            && ScopeOf("catalog.services", match, out error) is { } scope
            ? new Dependency(DependencyKind.CatalogServices, string.Empty, scope: scope, datacenter: Part(match, "dc"))
            : null;
    }

    /// <param name="ignoreUnreachable">Leave out those that no server can be reached in.</param>
    public static Dependency Datacenters(bool ignoreUnreachable)
    {
        return new Dependency(DependencyKind.CatalogDatacenters, string.Empty, filters: ignoreUnreachable ? [Reachable] : []);
    }

    /// <param name="path">Not empty: the function <c>file ""</c> has no dependency.</param>
    public static Dependency File(string path)
    {
        return new Dependency(DependencyKind.File, path);
    }

    public static Dependency CaRoots()
    {
        return new Dependency(DependencyKind.CaRoots);
    }

    /// <param name="service">Whose certificate.</param>
    /// <param name="error">Empty when accepted.</param>
    public static Dependency? TryCaLeaf(string service, out string error)
    {
        error = service.Length is 0 or > ArgumentLengthMax ? $"connect.caleaf: invalid format: \"{service}\"" : string.Empty;
        return error.Length == 0 ? new Dependency(DependencyKind.CaLeaf, service) : null;
    }

    private static Dependency? Service(DependencyKind kind, string argument, out string error)
    {
        const string Function = "health.service";
        if (Match(Function, ServicePattern(), argument, out error) is not { } match || ScopeOf(Function, match, out error) is not { } scope)
        {
            return null;
        }

        List<string> filters = [];
        foreach (string filter in Part(match, "filter").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (filter is not (ServiceStatus.Any or ServiceStatus.Passing or ServiceStatus.Warning or ServiceStatus.Critical or ServiceStatus.Maintenance))
            {
                error = $"{Function}: invalid filter: \"{filter}\" in \"{argument}\"";
                return null;
            }

            if (!filters.Contains(filter, StringComparer.Ordinal))
            {
                filters.Add(filter);
            }
        }

        if (filters.Count == 0)
        {
            filters.Add(ServiceStatus.Passing);
        }

        filters.Sort(StringComparer.Ordinal);
        return new Dependency(kind, Part(match, "name"), Part(match, "tag"), scope, Part(match, "dc"), Part(match, "near"), filters);
    }

    private static Dependency? Key(DependencyKind kind, string function, string argument, out string error)
    {
        return Match(function, KeyPattern(), argument, out error) is { } match && ScopeOf(function, match, out error) is { } scope
            ? new Dependency(kind, Part(match, "key"), scope: scope, datacenter: Part(match, "dc"))
            : null;
    }

    private static Match? Match(string function, Regex pattern, string argument, out string error)
    {
        Match? match = argument.Length <= ArgumentLengthMax ? pattern.Match(argument) : null;
        error = match is { Success: true } ? string.Empty : $"{function}: invalid format: \"{argument}\"";
        return error.Length == 0 ? match : null;
    }

    private static ConsulScope? ScopeOf(string function, Match match, out string error)
    {
        ConsulScope scope = ConsulScope.Parse(function, Part(match, "query"), out error);
        return error.Length == 0 ? scope : null;
    }

    private static string Part(Match match, string name)
    {
        return match.Groups[name].Value;
    }

    // Character classes are spelt out: Go's \w is ASCII, and .NET's is not. No pattern can look at a character twice for long:
    // the greedy tag gives back at most up to its last dot.
    [GeneratedRegex(
        @"\A((?<tag>[A-Za-z0-9_=:.\-]+)\.)?(?<name>[A-Za-z0-9_\-]+)" + Query + DatacenterPart + NearPart + @"(\|(?<filter>[A-Za-z0-9_,]+))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ServicePattern();

    [GeneratedRegex(
        @"\A/?(?<key>[^@?]+)" + Query + DatacenterPart + @"\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeyPattern();

    [GeneratedRegex(
        @"\A(?<name>[A-Za-z0-9_.\-]+)?" + Query + DatacenterPart + @"\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NodePattern();

    [GeneratedRegex(
        @"\A" + Query + DatacenterPart + NearPart + @"\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NodesPattern();

    [GeneratedRegex(
        @"\A" + Query + DatacenterPart + @"\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ServicesPattern();
}
