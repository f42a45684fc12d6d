using K8sConsul.Contracts.GoJson;
using K8sConsul.Go;
using K8sConsul.Raft;

namespace K8sConsul.Server.Consensus;

/// <summary>
/// <c>raft/peers.json</c>, by which an operator names the servers of a cluster that has lost its quorum: an array of objects
/// (Raft protocol 3), or of addresses alone (protocol 2).
/// </summary>
public static class PeersFile
{
    /// <summary>Far above what the largest configuration needs.</summary>
    public const int BytesMax = 1024 * 1024;

    private const string EntryType = "raft.configEntry";

    /// <param name="content">The file.</param>
    /// <param name="known">The last configuration that this server had, to find who has an address.</param>
    /// <param name="self">This server, which may have an address that is not in it.</param>
    /// <param name="configuration">Empty when refused.</param>
    /// <returns>Why it is refused, in Consul's words where Consul has them; null when it is not.</returns>
    public static string? Parse(ReadOnlySpan<byte> content, RaftConfiguration known, RaftServer self, out RaftConfiguration configuration)
    {
        configuration = RaftConfiguration.Empty;
        if (content.Length > BytesMax)
        {
            return $"the file has more than {BytesMax} bytes";
        }

        List<RaftServer> servers;
        try
        {
            GoJsonValue value = GoJsonParser.Parse(content);
            IReadOnlyList<GoJsonValue> items = value.Kind switch
            {
                GoJsonKind.Array => value.Items,
                GoJsonKind.Null => [],
                _ => throw new GoJsonException($"json: cannot unmarshal {value.GoKind} into Go value of type []{EntryType}"),
            };
            servers = [.. items.Select(item => item.Kind == GoJsonKind.String ? OfAddress(item.Text, known, self) : OfEntry(item))];
        }
        catch (GoJsonException problem)
        {
            return problem.Message;
        }

        if (WhyNot(servers) is { } refused)
        {
            return refused;
        }

        try
        {
            configuration = new RaftConfiguration(servers);
            return null;
        }
        catch (ArgumentException problem)
        {
            return problem.Message;
        }
    }

    private static RaftServer OfEntry(GoJsonValue item)
    {
        string id = string.Empty;
        string address = string.Empty;
        bool isNonVoter = false;
        if (item.Kind is not (GoJsonKind.Object or GoJsonKind.Null))
        {
            throw new GoJsonException($"json: cannot unmarshal {item.GoKind} into Go value of type {EntryType}");
        }

        foreach ((string name, GoJsonValue value) in item.Members)
        {
            switch (name.ToLowerInvariant())
            {
                case "id":
                    id = Api.JsonDecode.Text(value, "configEntry.id", "raft.ServerID");
                    break;
                case "address":
                    address = Api.JsonDecode.Text(value, "configEntry.address", "raft.ServerAddress");
                    break;
                case "non_voter":
                    isNonVoter = Api.JsonDecode.Bool(value, "configEntry.non_voter");
                    break;
                default:
                    break;
            }
        }

        return new RaftServer(new ServerId(id), address, isNonVoter ? Suffrage.Nonvoter : Suffrage.Voter);
    }

    /// <summary>In protocol 2 the address is the whole identity; here it has to lead to one.</summary>
    private static RaftServer OfAddress(string address, RaftConfiguration known, RaftServer self)
    {
        bool isSelf = string.Equals(self.Address, address, StringComparison.Ordinal);
        RaftServer? server = isSelf ? self : known.Servers.FirstOrDefault(s => string.Equals(s.Address, address, StringComparison.Ordinal));
        return server is null
            ? throw new GoJsonException($"no server of the last configuration has the address {GoText.Quote(address)}: give its id too, as peers.info shows")
            : new RaftServer(server.Id, address);
    }

    private static string? WhyNot(List<RaftServer> servers)
    {
        var ids = new HashSet<ServerId>();
        var addresses = new HashSet<string>(StringComparer.Ordinal);
        foreach (RaftServer server in servers)
        {
            if (server.Id.IsNone)
            {
                return $"Empty ID in configuration: {Text(servers)}";
            }

            if (server.Address.Length == 0)
            {
                return $"Empty address in configuration: {Text(server)}";
            }

            if (!ids.Add(server.Id))
            {
                return $"Found duplicate ID in configuration: {server.Id}";
            }

            if (!addresses.Add(server.Address))
            {
                return $"Found duplicate address in configuration: {server.Address}";
            }
        }

        return servers.Exists(server => server.IsVoter) ? null : $"Need at least one voter in configuration: {Text(servers)}";
    }

    private static string Text(List<RaftServer> servers) => $"{{[{string.Join(' ', servers.Select(Text))}]}}";

    private static string Text(RaftServer server) => $"{{{(server.IsVoter ? "Voter" : "Nonvoter")} {server.Id.Value} {server.Address}}}";
}
