using System.Globalization;

namespace K8sConsul.Benchmarks.Contestants;

/// <summary>Servers with data directories, and clients, of one program.</summary>
internal sealed class Cluster : IDisposable
{
    private Cluster(List<AgentProcess> servers, List<AgentProcess> clients)
    {
        Servers = servers;
        Clients = clients;
    }

    public List<AgentProcess> Servers { get; }

    public List<AgentProcess> Clients { get; }

    /// <summary>Returns when a write is acknowledged at every agent.</summary>
    public static Cluster Start(Contestant contestant, string directory, int servers, int clients = 0, string? configuration = null)
    {
        var cluster = new Cluster([], []);
        string[] extra = configuration is null ? [] : ["-hcl=" + configuration];
        try
        {
            for (int i = 1; i <= servers + clients; i++)
            {
                bool isServer = i <= servers;
                string name = string.Create(CultureInfo.InvariantCulture, $"{(isServer ? "server" : "client")}{i}");
                string[] role = isServer ? ["-server", string.Create(CultureInfo.InvariantCulture, $"-bootstrap-expect={servers}")] : [];
                string[] join = cluster.Servers.Count == 0 ? [] : ["-retry-join=" + cluster.Servers[0].LanAddress];
                var agent = new AgentProcess(
                    contestant, directory, name, ["-data-dir=" + Path.Combine(directory, name), .. role, .. join, .. extra]);
                (isServer ? cluster.Servers : cluster.Clients).Add(agent);
                agent.Start();
            }

            foreach (AgentProcess agent in cluster.Servers.Concat(cluster.Clients))
            {
                agent.WaitForWrite();
            }

            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>By the word of a server that runs and knows.</summary>
    public AgentProcess Leader()
    {
        AgentProcess? leader = null;
        Servers.First(s => s.IsRunning).WaitFor("knows a leader that runs", () =>
        {
            foreach (AgentProcess server in Servers.Where(s => s.IsRunning))
            {
                string address = server.TryGet("/v1/status/leader")?.Trim('"') ?? string.Empty;
                leader ??= Servers.Find(s => s.IsRunning && s.ServerAddress == address);
            }

            return leader is not null;
        });
        return leader!;
    }

    public AgentProcess Follower()
    {
        AgentProcess leader = Leader();
        return Servers.First(s => s.IsRunning && s != leader);
    }

    public void Dispose()
    {
        foreach (AgentProcess agent in Servers.Concat(Clients))
        {
            agent.Dispose();
        }
    }
}
