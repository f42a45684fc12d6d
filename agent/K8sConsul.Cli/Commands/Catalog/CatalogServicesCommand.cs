using K8sConsul.Cli.GoFlags;
using K8sConsul.Cli.Output;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands.Catalog;

internal sealed class CatalogServicesCommand : ClientCommand
{
    private readonly Flag<string> _node;
    private readonly ListFlag<KeyValuePair<string, string>> _nodeMeta;
    private readonly Flag<bool> _tags;

    public CatalogServicesCommand(Terminal terminal)
        : base(terminal, ClientFlagSets.Server | ClientFlagSets.Namespace)
    {
        _node = Flags.String("node", "Only services of the node of this `id or name`.");
        _nodeMeta = Flags.Pairs("node-meta", "Only services of nodes whose metadata has this `key=value`. Can be given many times; all must match.");
        _tags = Flags.Bool("tags", "Show the services' tags beside them, with commas between.");
    }

    protected override string UsageText => """
        Usage: consul catalog services [options]

          Lists the services of a datacenter; the agent's own where -datacenter
          does not say otherwise.

              $ consul catalog services

          With their tags:

              $ consul catalog services -tags

          Those of one node:

              $ consul catalog services -node=web

          Those of nodes with a certain metadata:

              $ consul catalog services -node-meta="foo=bar"

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (HasTooMany(arguments, 0))
        {
            return ExitCode.Failure;
        }

        using ConsulClient? client = TryConnect();
        if (client is null || TryList(client) is not { } services)
        {
            return ExitCode.Failure;
        }

        if (services.Count == 0)
        {
            Terminal.Error("No services match the given query - try expanding your search.");
            return ExitCode.Success;
        }

        if (!_tags.Value)
        {
            Terminal.Print(string.Join('\n', services.Keys));
            return ExitCode.Success;
        }

        IEnumerable<string> lines = services.Select(service => $"{service.Key}\t{string.Join(',', service.Value)}");
        Terminal.Print(TabWriter.Format(string.Join('\n', lines)).TrimEnd());
        return ExitCode.Success;
    }

    /// <summary>Names in their order, each with its tags in theirs.</summary>
    private SortedDictionary<string, SortedSet<string>>? TryList(ConsulClient client)
    {
        var services = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        QueryOptions query = Http.Query with { NodeMeta = _nodeMeta.Values };
        if (_node.Value.Length == 0)
        {
            if (!TrySend(client, CatalogApi.Services(query), "Error listing services", out Dictionary<string, List<string>> tagsOf))
            {
                return null;
            }

            foreach ((string name, List<string> tags) in tagsOf)
            {
                Add(services, name, tags);
            }

            return services;
        }

        if (!TrySend(client, CatalogApi.Node(_node.Value, query), "Error listing services for node", out CatalogNodeServices? node))
        {
            return null;
        }

        foreach (NodeService service in (node?.Services ?? []).Values)
        {
            Add(services, service.Service, service.Tags);
        }

        return services;
    }

    private static void Add(SortedDictionary<string, SortedSet<string>> services, string name, List<string>? tags)
    {
        if (!services.TryGetValue(name, out SortedSet<string>? known))
        {
            services[name] = known = new SortedSet<string>(StringComparer.Ordinal);
        }

        known.UnionWith(tags ?? []);
    }
}
