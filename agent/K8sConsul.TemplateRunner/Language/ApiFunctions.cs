using System.Globalization;
using K8sConsul.Template;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Language;

/// <summary>The functions that ask Consul, or a file: <c>key</c>, <c>service</c> and the others. What is not known yet is empty.</summary>
internal static class ApiFunctions
{
    private static readonly string[] s_vault = ["secret", "secrets", "pkiCert"];

    private static readonly string[] s_nomad =
        ["nomadService", "nomadServices", "nomadVar", "nomadVarExists", "nomadVarList", "nomadVarListSafe"];

    private static readonly string[] s_newer = ["exportedServices", "importedServices", "partitions", "peerings"];

    private delegate Dependency? Parser(string argument, out string error);

    /// <param name="sandbox">Where <c>file</c> may read; empty for everywhere.</param>
    public static TemplateFunctions Create(string sandbox)
    {
        TemplateFunctions functions = new TemplateFunctions()
            .AddWithCall<string, string>("key", static (call, path) => Key(call, path))
            .AddWithCall<string, bool>("keyExists", static (call, path) => Value(call, path) is not null)
            .AddWithCall<string, string, string>("keyOrDefault", static (call, path, otherwise) => Value(call, path) is { Length: > 0 } value ? value : otherwise)
            .AddWithCall<string, object?>("ls", static (call, prefix) => Pairs(call, prefix, KeyPair.DirectlyBelow, isSafe: false))
            .AddWithCall<string, object?>("safeLs", static (call, prefix) => Pairs(call, prefix, KeyPair.DirectlyBelow, isSafe: true))
            .AddWithCall<string, object?>("tree", static (call, prefix) => Pairs(call, prefix, KeyPair.AllBelow, isSafe: false))
            .AddWithCall<string, object?>("safeTree", static (call, prefix) => Pairs(call, prefix, KeyPair.AllBelow, isSafe: true))
            .AddVariadicWithCall<string, object?>("service", static (call, arguments) => Services(call, arguments, DependencyParser.TryService))
            .AddVariadicWithCall<string, object?>("connect", static (call, arguments) => Services(call, arguments, DependencyParser.TryConnect))
            .AddVariadicWithCall<string, object?>("services", static (call, arguments) => CatalogServices(call, One(arguments)))
            .AddVariadicWithCall<string, object?>("node", static (call, arguments) =>
                Pass(call).Ask<NodeData>(Parse(DependencyParser.TryNode, One(arguments)))?.Node is { } node ? DataShapes.CatalogNode.View(node) : null)
            .AddVariadicWithCall<string, object?>("nodes", static (call, arguments) => Nodes(call, One(arguments)))
            .AddVariadicWithCall<bool, object?>("datacenters", static (call, arguments) => Datacenters(call, arguments))
            .AddWithCall<object?>("caRoots", static call =>
                Pass(call).Ask<CaRootsData>(DependencyParser.CaRoots()) is { } roots ? DataShapes.CaRoot.Views(roots.Roots) : null)
            .AddWithCall<string, object?>("caLeaf", static (call, service) =>
                Pass(call).Ask<CaLeafData>(Parse(DependencyParser.TryCaLeaf, service)) is { } leaf ? DataShapes.CaLeaf.View(leaf.Leaf) : null)
            .AddWithCall<string, string>("file", (call, path) => File(call, path, sandbox));
        Refuse(functions, s_vault, "K8sConsul does not read Vault's secrets: put the value into a file and use the function file, or into a key");
        Refuse(functions, s_nomad, "K8sConsul does not ask Nomad: register the service in Consul and use the function service");
        Refuse(functions, s_newer, "this Consul has no partitions and no peers");
        return functions;
    }

    private static RenderPass Pass(TemplateCall call)
    {
        return (RenderPass)call.State!;
    }

    private static Dependency Parse(Parser parser, string argument)
    {
        return parser(argument, out string error) ?? throw new TemplateFunctionException(error);
    }

    private static string Key(TemplateCall call, string path)
    {
        if (path.Length == 0)
        {
            return string.Empty;
        }

        Dependency dependency = Parse(DependencyParser.TryBlockingKey, path);
        if (Pass(call).Ask<KeyData>(dependency) is not { } data)
        {
            return string.Empty;
        }

        if (data.Value is null)
        {
            Pass(call).Miss(dependency);
        }

        return data.Value ?? string.Empty;
    }

    /// <returns>Null when the key is absent or nothing is known of it; an absent one is an answer like any other.</returns>
    private static string? Value(TemplateCall call, string path)
    {
        return path.Length == 0 ? null : Pass(call).Ask<KeyData>(Parse(DependencyParser.TryKey, path))?.Value;
    }

    private static TemplateList Pairs(TemplateCall call, string prefix, Func<IReadOnlyList<KeyPair>, IReadOnlyList<KeyPair>> pick, bool isSafe)
    {
        Dependency dependency = Parse(DependencyParser.TryKeys, prefix);
        IReadOnlyList<KeyPair> pairs = Pass(call).Ask<KeyListData>(dependency) is { } data ? pick(data.Pairs) : [];
        if (isSafe && pairs.Count == 0)
        {
            Pass(call).Miss(dependency);
        }

        return DataShapes.KeyPair.Views(Pass(call).Listed(dependency, pairs));
    }

    private static TemplateList CatalogServices(TemplateCall call, string argument)
    {
        Dependency dependency = Parse(DependencyParser.TryServices, argument);
        return DataShapes.CatalogSnippet.Views(Pass(call).Listed(dependency, Pass(call).Ask<ServicesData>(dependency)?.Services ?? []));
    }

    private static TemplateList Nodes(TemplateCall call, string argument)
    {
        Dependency dependency = Parse(DependencyParser.TryNodes, argument);
        return DataShapes.Node.Views(Pass(call).Listed(dependency, Pass(call).Ask<NodesData>(dependency)?.Nodes ?? []));
    }

    private static TemplateList Services(TemplateCall call, IReadOnlyList<string> arguments, Parser parser)
    {
        if (arguments.Count is 0 or > 2)
        {
            throw new TemplateFunctionException(string.Create(
                CultureInfo.InvariantCulture, $"service: wrong number of arguments, expected 1 or 2, but got {arguments.Count}"));
        }

        RenderPass pass = Pass(call);
        Dependency dependency = Parse(parser, string.Join('|', arguments));
        return DataShapes.HealthService.Views(pass.Listed(dependency, pass.Ask<HealthData>(dependency)?.Services ?? [], pass.MinInstances));
    }

    private static List<string> Datacenters(TemplateCall call, IReadOnlyList<bool> arguments)
    {
        if (arguments.Count > 1)
        {
            throw new TemplateFunctionException(string.Create(
                CultureInfo.InvariantCulture, $"datacenters: wrong number of arguments, expected 0 or 1, but got {arguments.Count}"));
        }

        return [.. Pass(call).Ask<DatacentersData>(DependencyParser.Datacenters(arguments is [true]))?.Names ?? []];
    }

    private static string File(TemplateCall call, string path, string sandbox)
    {
        if (path.Length == 0)
        {
            return string.Empty;
        }

        if (sandbox.Length > 0 && !Sandbox.Holds(sandbox, path))
        {
            throw new TemplateFunctionException($"'{path}' is outside of sandbox");
        }

        return Pass(call).Ask<FileData>(DependencyParser.File(path))?.Content ?? string.Empty;
    }

    /// <summary>The optional argument of functions that have one; more are joined as the template's author wrote them.</summary>
    private static string One(IReadOnlyList<string> arguments)
    {
        return string.Concat(arguments);
    }

    private static void Refuse(TemplateFunctions functions, IEnumerable<string> names, string why)
    {
        foreach (string name in names)
        {
            functions.AddVariadic<object?, object?>(name, _ => throw new TemplateFunctionException(why));
        }
    }
}
