using System.Net.Http.Json;

namespace K8sConsul.EndToEnd.Tests;

/// <summary>Three servers and two clients on one machine, found by retry-join and formed by bootstrap-expect.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("k8sconsul-e2e-").FullName;

    private Cluster(int servers, int clients)
    {
        Servers = [];
        for (int i = 1; i <= servers; i++)
        {
            string[] join = Servers.Count == 0 ? [] : ["-retry-join=" + Servers[0].LanAddress];
            Servers.Add(new AgentProcess($"server{i}", _directory, ["-server", $"-bootstrap-expect={servers}", .. join]));
        }

        // The first server finds its way back by its own snapshot of the pool, and by the second one.
        string seed = Servers[0].LanAddress;
        Clients = [.. Enumerable.Range(1, clients).Select(i => new AgentProcess($"client{i}", _directory, "-retry-join=" + seed))];
    }

    public List<AgentProcess> Servers { get; }

    public List<AgentProcess> Clients { get; }

    public IEnumerable<AgentProcess> All => Servers.Concat(Clients);

    public static async Task<Cluster> StartAsync(int servers = 3, int clients = 2)
    {
        var cluster = new Cluster(servers, clients);
        foreach (AgentProcess agent in cluster.All)
        {
            agent.Start();
        }

        await cluster.WaitUntilWholeAsync();
        return cluster;
    }

    /// <summary>Every agent answers, sees every member alive, and a leader is known everywhere.</summary>
    public async Task WaitUntilWholeAsync()
    {
        int expected = Servers.Count + Clients.Count;
        foreach (AgentProcess agent in All.Where(a => a.IsRunning))
        {
            await Eventually.TrueAsync(
                $"{agent.Name} knows a leader",
                async () => (await agent.Http.GetStringAsync("/v1/status/leader")).Trim('"').Length > 0,
                () => agent.Log);
            await Eventually.TrueAsync(
                $"{agent.Name} sees {expected} members alive",
                async () => (await MembersAsync(agent)).Count(m => m.Status == 1) == expected,
                () => agent.Log);
        }
    }

    public static async Task<List<Member>> MembersAsync(AgentProcess agent) =>
        await agent.Http.GetFromJsonAsync<List<Member>>("/v1/agent/members") ?? [];

    /// <summary>The server that leads, by the word of the servers that run.</summary>
    public Task<AgentProcess> LeaderAsync() => Eventually.GetAsync("a leader is known", async () =>
    {
        foreach (AgentProcess server in Servers.Where(s => s.IsRunning))
        {
            string address = (await server.Http.GetStringAsync("/v1/status/leader")).Trim('"');
            if (Servers.Find(s => s.IsRunning && s.RpcAddress == address) is { } leader)
            {
                return leader;
            }
        }

        return null;
    });

    public async ValueTask DisposeAsync()
    {
        foreach (AgentProcess agent in All)
        {
            await agent.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    internal sealed record Member(string Name, int Status);
}
