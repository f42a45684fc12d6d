using K8sConsul.Chaos.Cluster;

namespace K8sConsul.Chaos.Faults;

/// <summary>What happens to servers.</summary>
internal static class ProcessFaults
{
    /// <summary>With a Raft multiplier of 1 the lease is 500 ms.</summary>
    private static readonly TimeSpan ShorterThanTheLease = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(40);

    public static IEnumerable<Fault> All { get; } =
    [
        new("kill-leader", s => KillAsync(s, s.Leader)),
        new("kill-follower", s => KillAsync(s, s.Follower)),
        new("kill-minority", s => KillAsync(s, [.. Rotated(s).Take((s.Count - 1) / 2)])),
        new("kill-all", s => KillAsync(s, s.Cluster.Servers)),
        new("pause-leader-shorter-than-lease", s => PauseAsync(s with { Duration = ShorterThanTheLease }, s.Leader)),
        new("pause-leader", s => PauseAsync(s, s.Leader)),
        new("pause-follower", s => PauseAsync(s, s.Follower)),
        new("pause-majority", s => PauseAsync(s, [.. Rotated(s).Take((s.Count / 2) + 1)])),
        new("pause-all", s => PauseAsync(s, s.Cluster.Servers)),
        new("pause-leader-again-and-again", PauseOftenAsync),
        new("rolling-restart", RollAsync),
        new("leave-and-rejoin", LeaveAsync) { WhyNot = servers => servers < 3 ? "two servers cannot spare one" : null },
        new("transfer-leadership", TransferAsync),
    ];

    private static IEnumerable<ServerProcess> Rotated(Scene scene) =>
        Enumerable.Range(0, scene.Count).Select(n => scene.Cluster.Servers[(n + scene.Draw) % scene.Count]);

    private static async Task KillAsync(Scene scene, params ServerProcess[] servers)
    {
        await Task.WhenAll(servers.Select(s => s.KillAsync()));
        await scene.HoldAsync();
        foreach (ServerProcess server in servers)
        {
            server.Start();
        }
    }

    private static async Task PauseAsync(Scene scene, params ServerProcess[] servers)
    {
        foreach (ServerProcess server in servers)
        {
            server.Pause();
        }

        await scene.HoldAsync();
        foreach (ServerProcess server in servers)
        {
            server.Resume();
        }
    }

    /// <summary>Pauses of all lengths around the lease, so that some of them end just when another leads.</summary>
    private static async Task PauseOftenAsync(Scene scene)
    {
        var random = new Random(scene.Draw);
        for (TimeSpan spent = TimeSpan.Zero; spent < scene.Duration;)
        {
            TimeSpan pause = TimeSpan.FromMilliseconds(random.Next(200, 2_500));
            await PauseAsync(scene with { Duration = pause }, scene.Leader);
            TimeSpan rest = TimeSpan.FromMilliseconds(random.Next(20, 600));
            await Task.Delay(rest);
            spent += pause + rest;
        }
    }

    private static async Task RollAsync(Scene scene)
    {
        foreach (ServerProcess server in Rotated(scene))
        {
            await server.TerminateAsync();
            server.Start();
            await ServerCluster.UntilAsync(server.Name + " follows a leader after its restart", Settling, () => FollowsAsync(server));
        }
    }

    private static async Task LeaveAsync(Scene scene)
    {
        ServerProcess server = scene.Any;
        using (var port = new HttpPort(server.Address))
        {
            await port.SendAsync("PUT", "/v1/agent/leave", string.Empty, TimeSpan.FromSeconds(20));
        }

        await server.GoneAsync();
        await scene.HoldAsync();
        server.Start();
    }

    private static async Task TransferAsync(Scene scene)
    {
        using var port = new HttpPort(scene.Any.Address);
        await port.SendAsync("POST", "/v1/operator/raft/transfer-leader", string.Empty, TimeSpan.FromSeconds(10));
    }

    private static async Task<bool> FollowsAsync(ServerProcess server)
    {
        using var port = new HttpPort(server.Address);
        HttpAnswer answer = await port.SendAsync("GET", "/v1/status/leader", string.Empty, TimeSpan.FromSeconds(1));
        return answer.IsOk && answer.Body.Trim().Trim('"').Length > 0;
    }
}
