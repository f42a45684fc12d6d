using K8sConsul.Gossip;
using K8sConsul.Server.Endpoints;

namespace K8sConsul.Server;

/// <summary>The servers of the own datacenter, by what the LAN pool says.</summary>
public sealed class GossipServerDirectory(Func<MemberList> members, string datacenter) : IServerDirectory
{
    private volatile View _view = new(MemberList.Empty, []);

    /// <summary>All servers, in the order of their names.</summary>
    public IReadOnlyList<ServerInfo> Servers
    {
        get
        {
            MemberList list = members();
            View view = _view;
            if (view.List.Version != list.Version || !ReferenceEquals(view.List, list))
            {
                _view = view = new View(list, [.. Parts(list).Select(parts =>
                    new ServerInfo(parts.Id, parts.Name, parts.RpcAddress.ToString(), parts.Status == MemberStatus.Alive))]);
            }

            return view.Servers;
        }
    }

    /// <summary>The same as gossip has them.</summary>
    public IReadOnlyList<ServerParts> Members => [.. Parts(members())];

    /// <summary>A server that came back under another name is there twice for a while: then the one that lives.</summary>
    public ServerInfo? FindById(string id)
    {
        ServerInfo? found = null;
        foreach (ServerInfo server in Servers)
        {
            if (string.Equals(server.Id, id, StringComparison.Ordinal) && (found is null || server.IsAlive))
            {
                found = server;
            }
        }

        return found;
    }

    private IEnumerable<ServerParts> Parts(MemberList list)
    {
        foreach (Member member in list.All)
        {
            if (ServerParts.TryParse(member, out ServerParts parts) && string.Equals(parts.Datacenter, datacenter, StringComparison.Ordinal))
            {
                yield return parts;
            }
        }
    }

    private sealed record View(MemberList List, IReadOnlyList<ServerInfo> Servers);
}
