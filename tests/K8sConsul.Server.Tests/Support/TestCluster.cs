using K8sConsul.Raft;
using K8sConsul.Server.Consensus;

namespace K8sConsul.Server.Tests.Support;

/// <summary>Three Raft hosts that form one cluster within the process.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public TestNetwork Network { get; } = new();

    public List<TestPeer> Peers { get; } = [];

    public static async Task<TestCluster> StartAsync(int servers = 3, Func<RaftHostOptions, RaftHostOptions>? configure = null)
    {
        var cluster = new TestCluster();
        for (int i = 1; i <= servers; i++)
        {
            cluster.Peers.Add(new TestPeer($"s{i}", cluster.Network, storage: null, configure));
        }

        var configuration = new RaftConfiguration(cluster.Peers.Select(p => p.Server));
        foreach (TestPeer peer in cluster.Peers)
        {
            peer.Host.Start();
            Assert.True(await peer.Host.BootstrapAsync(configuration));
        }

        await cluster.LeaderAsync();
        return cluster;
    }

    /// <summary>The one that a majority follows and that can serve.</summary>
    public async Task<TestPeer> LeaderAsync()
    {
        TestPeer? leader = null;
        await Eventually.TrueAsync(
            () => (leader = Peers.Find(p => p.Host.HoldsLease(out _) && Peers.Count(q => q.Host.View.Leader == p.Id) > Peers.Count / 2)) is not null,
            "a leader is elected");
        return leader!;
    }

    public TestPeer Follower(TestPeer leader) => Peers.First(p => p != leader);

    /// <summary>Writes at whoever leads, as often as it takes on a busy machine.</summary>
    public async Task PutAsync(string key, string value = "v")
    {
        while (true)
        {
            TestPeer leader = await LeaderAsync();
            try
            {
                await leader.Host.ApplyAsync(TestPeer.Put(key, value)).InTimeAsync();
                return;
            }
            catch (ConsensusException)
            {
                // Leadership moved.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TestPeer peer in Peers)
        {
            await peer.DisposeAsync();
        }
    }
}
