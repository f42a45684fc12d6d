using K8sConsul.Cli.GoFlags;
using K8sConsul.Cli.Output;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands.Catalog;

internal sealed class CatalogNodesCommand : ClientCommand
{
    /// <summary>Of a UUID: enough to tell nodes apart.</summary>
    private const int ShortIdLength = 8;

    private readonly Flag<bool> _detailed;
    private readonly Flag<string> _filter;
    private readonly Flag<string> _near;
    private readonly ListFlag<KeyValuePair<string, string>> _nodeMeta;
    private readonly Flag<string> _service;

    public CatalogNodesCommand(Terminal terminal)
        : base(terminal, ClientFlagSets.Server)
    {
        _detailed = Flags.Bool("detailed", "Show whole IDs, tagged addresses and metadata too.");
        _filter = Flags.String("filter", "An expression that nodes must match");
        _near = Flags.String("near", "Sort by round-trip time from this node, nearest first. \"_agent\" is the node of the agent that is asked.");
        _nodeMeta = Flags.Pairs("node-meta", "Only nodes whose metadata has this `key=value`. Can be given many times; all must match.");
        _service = Flags.String("service", "Only nodes with an instance of the service of this `id or name`.");
    }

    protected override string UsageText => """
        Usage: consul catalog nodes [options]

          Lists the nodes of a datacenter; the agent's own where -datacenter does
          not say otherwise.

              $ consul catalog nodes

          With whole IDs, tagged addresses and metadata:

              $ consul catalog nodes -detailed

          Those with an instance of a service:

              $ consul catalog nodes -service=web

          Those with a certain metadata:

              $ consul catalog nodes -node-meta="foo=bar"

          Those nearest to a node first:

              $ consul catalog nodes -near=node-web

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (HasTooMany(arguments, 0))
        {
            return ExitCode.Failure;
        }

        using ConsulClient? client = TryConnect();
        if (client is null || TryList(client) is not { } nodes)
        {
            return ExitCode.Failure;
        }

        if (nodes.Count == 0)
        {
            Terminal.Error("No nodes match the given query - try expanding your search.");
            return ExitCode.Success;
        }

        Terminal.Print(Columns.Format(_detailed.Value ? DetailedTable(nodes) : Table(nodes)));
        return ExitCode.Success;
    }

    private List<CatalogNode>? TryList(ConsulClient client)
    {
        QueryOptions query = Http.Query with { Near = _near.Value, Filter = _filter.Value, NodeMeta = _nodeMeta.Values };
        if (_service.Value.Length == 0)
        {
            return TrySend(client, CatalogApi.Nodes(query), "Error listing nodes", out List<CatalogNode> nodes) ? nodes : null;
        }

        if (!TrySend(client, CatalogApi.Service(_service.Value, query), "Error listing nodes for service", out List<CatalogService> instances))
        {
            return null;
        }

        // A row per instance, as the catalog has them: two instances on a node show it twice.
        return instances.ConvertAll(instance => new CatalogNode
        {
            ID = instance.ID,
            Node = instance.Node,
            Address = instance.Address,
            Datacenter = instance.Datacenter,
            TaggedAddresses = instance.TaggedAddresses,
            Meta = instance.NodeMeta,
        });
    }

    private static List<string[]> Table(List<CatalogNode> nodes)
    {
        List<string[]> table = [["Node", "ID", "Address", "DC"]];
        foreach (CatalogNode node in nodes)
        {
            string id = node.ID.Length > ShortIdLength ? node.ID[..ShortIdLength] : node.ID;
            table.Add([node.Node, id, node.Address, node.Datacenter]);
        }

        return table;
    }

    private static List<string[]> DetailedTable(List<CatalogNode> nodes)
    {
        List<string[]> table = [["Node", "ID", "Address", "DC", "TaggedAddresses", "Meta"]];
        foreach (CatalogNode node in nodes)
        {
            table.Add([node.Node, node.ID, node.Address, node.Datacenter, Pairs(node.TaggedAddresses), Pairs(node.Meta)]);
        }

        return table;
    }

    private static string Pairs(Dictionary<string, string>? pairs)
    {
        return string.Join(", ", (pairs ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
    }
}
