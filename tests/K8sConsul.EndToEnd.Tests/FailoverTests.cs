using System.Globalization;
using System.Net.Http.Json;

namespace K8sConsul.EndToEnd.Tests;

/// <summary>
/// The promise: what was acknowledged is never lost, whatever is killed. Goal: kill the leader under load, restart it, then
/// kill all five at once; method: real processes, SIGKILL, and a reading of every server's own copy afterwards.
/// </summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    private const int Connections = 64;

    /// <summary>Rounds of the whole story; CI asks for 20 by the variable.</summary>
    private static int Rounds =>
        int.TryParse(Environment.GetEnvironmentVariable("K8SCONSUL_FAILOVER_ROUNDS"), CultureInfo.InvariantCulture, out int rounds) ? rounds : 2;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_leader_and_then_everybody_is_killed()
    {
        await using Cluster cluster = await Cluster.StartAsync();
        var acknowledged = new HashSet<string>(StringComparer.Ordinal);
        var failovers = new List<double>();
        for (int round = 1; round <= Rounds; round++)
        {
            await using var load = new WriteLoad(cluster.Servers, $"round{round}", Connections);
            load.Start();
            await load.NextAcknowledgementAsync();
            AgentProcess leader = await cluster.LeaderAsync();
            await leader.KillAsync();
            TimeSpan failover = await load.NextAcknowledgementAsync();
            failovers.Add(failover.TotalMilliseconds);
            leader.Start();
            await cluster.WaitUntilWholeAsync();
            await load.StopAsync();
            acknowledged.UnionWith(load.Acknowledged);
            await AssertEverywhereAsync(cluster, acknowledged, "after the leader's return");

            await Task.WhenAll(cluster.All.Select(agent => agent.KillAsync()));
            foreach (AgentProcess agent in cluster.All)
            {
                agent.Start();
            }

            await cluster.WaitUntilWholeAsync();
            await AssertEverywhereAsync(cluster, acknowledged, "after everybody's return");
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"round {round}: killed {leader.Name}, next write after {failover.TotalMilliseconds:0} ms, {load.Acknowledged.Count} acknowledged, {load.Failed} failed, {acknowledged.Count} keys present on all servers"));
        }

        failovers.Sort();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Rounds} rounds: fail-over median {failovers[failovers.Count / 2]:0} ms, worst {failovers[^1]:0} ms, {acknowledged.Count} acknowledged writes, none lost"));
    }

    private static async Task AssertEverywhereAsync(Cluster cluster, HashSet<string> expected, string when)
    {
        foreach (AgentProcess server in cluster.Servers)
        {
            string missing = "all";
            await Eventually.TrueAsync(
                $"{server.Name} has all {expected.Count} acknowledged keys {when}",
                async () =>
                {
                    List<string> present = await server.Http.GetFromJsonAsync<List<string>>("/v1/kv/?keys&stale") ?? [];
                    List<string> lost = [.. expected.Except(present, StringComparer.Ordinal).Take(5)];
                    missing = string.Join(' ', lost);
                    return lost.Count == 0;
                },
                () => $"missing e.g.: {missing}\n{server.Log}");
        }
    }
}
