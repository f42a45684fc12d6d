using K8sConsul.Benchmarks.Contestants;
using K8sConsul.Benchmarks.Load;

namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>Three servers with data directories: replicated writes, and reads at the leader and at a follower.</summary>
internal sealed class ThreeServersScenario(BenchmarkOptions options) : Scenario
{
    private const int Connections = 64;
    private const int ValueBytes = 100;
    private const string ReadPath = "/v1/kv/read/00000000";

    private static readonly Row Write = Row.Rate("kv-write-3-servers");
    private static readonly Row WriteAlone = Row.Rate("kv-write-3-servers-1-connection");
    private static readonly Row WriteFollower = Row.Rate("kv-write-3-servers-at-follower");
    private static readonly Row LeaderDefault = Row.Rate("kv-read-3-servers-default");
    private static readonly Row LeaderConsistent = Row.Rate("kv-read-3-servers-consistent");
    private static readonly Row FollowerDefault = Row.Rate("kv-read-follower-default");
    private static readonly Row FollowerStale = Row.Rate("kv-read-follower-stale");
    private static readonly Row FollowerConsistent = Row.Rate("kv-read-follower-consistent");

    public override string Name => "three servers";

    public override IReadOnlyList<Row> Rows =>
        [Write, WriteAlone, WriteFollower, LeaderDefault, LeaderConsistent, FollowerDefault, FollowerStale, FollowerConsistent];

    public override void Measure(Contestant contestant, string directory, Sink sink)
    {
        using Cluster cluster = Cluster.Start(contestant, directory, servers: 3);
        AgentProcess leader = cluster.Leader();
        AgentProcess follower = cluster.Follower();
        leader.Put(ReadPath, new string('v', ValueBytes));
        Load(leader, sink, Write, Requests.PutKeys("write", ValueBytes), Connections);
        Load(leader, sink, WriteAlone, Requests.PutKeys("alone", ValueBytes), connections: 1);
        Load(follower, sink, WriteFollower, Requests.PutKeys("follower", ValueBytes), Connections);
        Load(leader, sink, LeaderDefault, Requests.Get(ReadPath), Connections);
        Load(leader, sink, LeaderConsistent, Requests.Get(ReadPath + "?consistent"), Connections);
        Load(follower, sink, FollowerDefault, Requests.Get(ReadPath), Connections);
        Load(follower, sink, FollowerStale, Requests.Get(ReadPath + "?stale"), Connections);
        Load(follower, sink, FollowerConsistent, Requests.Get(ReadPath + "?consistent"), Connections);
    }

    private void Load(AgentProcess agent, Sink sink, Row row, IRequests requests, int connections)
    {
        if (sink.Wants(row))
        {
            using ClosedLoop load = ClosedLoop.Http(agent.HttpPort, connections);
            sink.Add(row, load.RunFor(requests, options.WarmUpTime, options.LoadTime));
        }
    }
}
