using System.Diagnostics;

namespace K8sConsul.Chaos.Cluster;

/// <summary>All servers and the network between them.</summary>
internal sealed class ServerCluster : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private ServerCluster(Network network, ServerProcess[] servers)
    {
        Network = network;
        Servers = servers;
    }

    public Network Network { get; }

    public ServerProcess[] Servers { get; }

    /// <summary>By the word of <see cref="LeaderWatch"/>; null while nobody leads.</summary>
    public ServerProcess? Leader { get; set; }

    public static async Task<ServerCluster> StartAsync(int count, string program, string reportPath)
    {
        Network network = await Network.CreateAsync(count);
        var cluster = new ServerCluster(network, [.. Enumerable.Range(0, count).Select(n => new ServerProcess(n, network, program, reportPath))]);
        foreach (ServerProcess server in cluster.Servers)
        {
            server.Start();
        }

        return cluster;
    }

    /// <summary>The leader, or where there is none a server by <paramref name="otherwise"/>.</summary>
    public ServerProcess LeaderOr(int otherwise) => Leader is { IsRunning: true } leader ? leader : Servers[otherwise % Servers.Length];

    public ServerProcess? ByRaftAddress(string address) => Array.Find(Servers, s => string.Equals(s.Address + ":8300", address, StringComparison.Ordinal));

    /// <summary>Asks again and again; a time-out says what had not happened.</summary>
    public static async Task UntilAsync(string what, TimeSpan patience, Func<Task<bool>> ask)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await ask())
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                throw new ChaosException($"{what}: not within {patience.TotalSeconds:0} s");
            }

            await Task.Delay(Pause);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServerProcess server in Servers)
        {
            server.Dispose();
        }

        await Network.DisposeAsync();
    }
}
