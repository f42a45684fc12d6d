using System.Diagnostics;
using System.Text;

namespace K8sConsul.TemplateRunner.Dependencies;

/// <summary>The printed form of dependencies, and the way back from it.</summary>
internal static class DependencyText
{
    private const string Reachable = "reachable";

    public static string Print(Dependency dependency)
    {
        string function = FunctionOf(dependency.Kind);
        string argument = Argument(dependency);

        // These are named without parentheses when nothing stands in them.
        bool isBare = argument.Length == 0 && dependency.Kind is not (DependencyKind.KvList or DependencyKind.File);
        return isBare ? function : $"{function}({argument})";
    }

    /// <summary>Null for what no dependency prints as.</summary>
    public static Dependency? TryRead(string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        string function = open < 0 ? text : text[..open];
        if (open >= 0 && !text.EndsWith(')'))
        {
            return null;
        }

        string argument = open < 0 ? string.Empty : text[(open + 1)..^1];
        foreach (DependencyKind kind in Enum.GetValues<DependencyKind>())
        {
            if (string.Equals(FunctionOf(kind), function, StringComparison.Ordinal))
            {
                Dependency? read = Parse(kind, argument);
                return read is not null && string.Equals(read.ToString(), text, StringComparison.Ordinal) ? read : null;
            }
        }

        return null;
    }

    public static string FunctionOf(DependencyKind kind)
    {
        return kind switch
        {
            DependencyKind.KvGet => "kv.get",
            DependencyKind.KvBlock => "kv.block",
            DependencyKind.KvList => "kv.list",
            DependencyKind.HealthService => "health.service",
            DependencyKind.HealthConnect => "health.connect",
            DependencyKind.CatalogNode => "catalog.node",
            DependencyKind.CatalogNodes => "catalog.nodes",
            DependencyKind.CatalogServices => "catalog.services",
            DependencyKind.CatalogDatacenters => "catalog.datacenters",
            DependencyKind.File => "file",
            DependencyKind.CaRoots => "connect.caroots",
            DependencyKind.CaLeaf => "connect.caleaf",
            _ => throw new UnreachableException(),
        };
    }

    private static string Argument(Dependency dependency)
    {
        var text = new StringBuilder();
        if (dependency.Tag.Length > 0)
        {
            text.Append(dependency.Tag).Append('.');
        }

        text.Append(dependency.Name).Append(dependency.Scope.ToString());
        if (dependency.Datacenter.Length > 0)
        {
            text.Append('@').Append(dependency.Datacenter);
        }

        if (dependency.Near.Length > 0)
        {
            text.Append('~').Append(dependency.Near);
        }

        if (dependency.Kind == DependencyKind.CatalogDatacenters)
        {
            return string.Join(',', dependency.Filters);
        }

        if (dependency.Filters.Count > 0)
        {
            text.Append('|').AppendJoin(',', dependency.Filters);
        }

        return text.ToString();
    }

    private static Dependency? Parse(DependencyKind kind, string argument)
    {
        if (kind is DependencyKind.KvGet or DependencyKind.KvBlock or DependencyKind.KvList && argument.StartsWith('/'))
        {
            // The parser drops one slash in front; this one was kept when it was printed.
            argument = "/" + argument;
        }

        return kind switch
        {
            DependencyKind.KvGet => DependencyParser.TryKey(argument, out _),
            DependencyKind.KvBlock => DependencyParser.TryBlockingKey(argument, out _),
            DependencyKind.KvList => DependencyParser.TryKeys(argument, out _),
            DependencyKind.HealthService => DependencyParser.TryService(argument, out _),
            DependencyKind.HealthConnect => DependencyParser.TryConnect(argument, out _),
            DependencyKind.CatalogNode => DependencyParser.TryNode(argument, out _),
            DependencyKind.CatalogNodes => DependencyParser.TryNodes(argument, out _),
            DependencyKind.CatalogServices => DependencyParser.TryServices(argument, out _),
            DependencyKind.CatalogDatacenters => DependencyParser.Datacenters(argument is Reachable),
            DependencyKind.File => DependencyParser.File(argument),
            DependencyKind.CaRoots => DependencyParser.CaRoots(),
            DependencyKind.CaLeaf => DependencyParser.TryCaLeaf(argument, out _),
            _ => throw new UnreachableException(),
        };
    }
}
