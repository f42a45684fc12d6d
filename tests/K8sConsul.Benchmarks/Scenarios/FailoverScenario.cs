using System.Diagnostics;
using K8sConsul.Benchmarks.Contestants;

namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>The leader is killed; how long until a write is acknowledged again.</summary>
internal sealed class FailoverScenario(BenchmarkOptions options) : Scenario
{
    private static readonly Row Failover = Row.Time("failover");

    public override string Name => "fail-over";

    public override IReadOnlyList<Row> Rows => [Failover];

    public override void Measure(Contestant contestant, string directory, Sink sink)
    {
        using Cluster cluster = Cluster.Start(contestant, directory, servers: 3, configuration: "performance { raft_multiplier = 1 }");
        for (int time = 0; time < options.Failovers; time++)
        {
            AgentProcess leader = cluster.Leader();
            AgentProcess follower = cluster.Follower();
            long started = Stopwatch.GetTimestamp();
            leader.Kill();
            follower.WaitForWrite();
            sink.Add(Failover, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            leader.Start();
            leader.WaitForWrite();
            leader.WaitFor("lists three servers alive", () => AliveServers(leader) == 3);
        }
    }

    private static int AliveServers(AgentProcess agent)
    {
        const int Alive = 1;
        return agent.TryGet("/v1/agent/members") is { } members ? members.Split($"\"Status\":{Alive}").Length - 1 : 0;
    }
}
