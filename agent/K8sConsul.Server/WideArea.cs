using K8sConsul.Gossip;
using K8sConsul.Server.Endpoints;
using K8sConsul.State.Records;

namespace K8sConsul.Server;

/// <summary>A member of the WAN pool, with the coordinate that it last told.</summary>
public readonly record struct WideAreaMember(Member Member, Coordinate? Coordinate);

/// <summary>The datacenters, by what the WAN pool says. Without that pool there is only the own one.</summary>
/// <param name="members">The WAN pool as it is now; empty without one.</param>
/// <param name="nodeName">This server, from which distances are measured.</param>
/// <param name="datacenter">The own one.</param>
public sealed class WideArea(Func<IReadOnlyList<WideAreaMember>> members, string nodeName, string datacenter) : IDatacenters
{
    public IReadOnlyList<string> Names
    {
        get
        {
            List<(ServerParts Server, Coordinate? Coordinate)> servers = Servers();
            Coordinate? here = servers.Find(s => IsOwn(s.Server) && string.Equals(s.Server.ShortName, nodeName, StringComparison.Ordinal)).Coordinate;
            return
            [
                datacenter,
                .. servers
                    .Where(s => !IsOwn(s.Server))
                    .GroupBy(s => s.Server.Datacenter, StringComparer.Ordinal)
                    .OrderBy(group => MedianDistance(here, [.. group.Select(s => s.Coordinate)]))
                    .ThenBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => group.Key),
            ];
        }
    }

    public IReadOnlyList<DatacenterMap> Maps =>
    [
        .. Servers()
            .GroupBy(s => s.Server.Datacenter, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new DatacenterMap(group.Key, [.. group.Where(s => s.Coordinate is not null).Select(s => Record(s.Server, s.Coordinate!))])),
    ];

    /// <summary>Of many servers one may be an outlier, so the median stands for its datacenter. A server of unknown place is infinitely far.</summary>
    private static double MedianDistance(Coordinate? here, List<Coordinate?> there)
    {
        List<double> distances = [.. there.Select(c => here is null || c is null ? double.PositiveInfinity : here.DistanceSeconds(c)).Order()];
        return distances[distances.Count / 2];
    }

    private static CoordinateRecord Record(ServerParts server, Coordinate coordinate) => new()
    {
        Node = server.ShortName,
        Vec = [.. coordinate.Vec],
        Error = coordinate.Error,
        Adjustment = coordinate.Adjustment,
        Height = coordinate.Height,
    };

    private bool IsOwn(ServerParts server) => string.Equals(server.Datacenter, datacenter, StringComparison.Ordinal);

    /// <summary>In the order of their names. One that failed or is leaving still counts, one that left does not.</summary>
    private List<(ServerParts Server, Coordinate? Coordinate)> Servers()
    {
        var servers = new List<(ServerParts, Coordinate?)>();
        foreach ((Member member, Coordinate? coordinate) in members())
        {
            if (member.Status != MemberStatus.Left && ServerParts.TryParse(member, out ServerParts parts))
            {
                servers.Add((parts, coordinate));
            }
        }

        return servers;
    }
}
