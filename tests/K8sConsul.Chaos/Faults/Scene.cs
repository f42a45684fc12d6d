using K8sConsul.Chaos.Cluster;

namespace K8sConsul.Chaos.Faults;

/// <summary>Where one fault happens, with what the schedule drew for it.</summary>
/// <param name="Draw">A number that chooses among servers where the fault leaves a choice.</param>
internal sealed record Scene(ServerCluster Cluster, TimeSpan Duration, int Draw)
{
    public int Count => Cluster.Servers.Length;

    public Network Network => Cluster.Network;

    public ServerProcess Leader => Cluster.LeaderOr(Draw);

    public ServerProcess Any => Cluster.Servers[Draw % Count];

    public ServerProcess Follower => Cluster.Servers[(Leader.Number + 1 + (Draw % Math.Max(1, Count - 1))) % Count];

    public IEnumerable<int> Others(int server) => Enumerable.Range(0, Count).Where(n => n != server);

    public Task HoldAsync() => Task.Delay(Duration);
}
