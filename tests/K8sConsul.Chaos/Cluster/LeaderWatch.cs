namespace K8sConsul.Chaos.Cluster;

/// <summary>
/// Asks every server all the time whom it follows. The leader is whom most of those follow that answer; each change is kept with its
/// time.
/// </summary>
internal sealed class LeaderWatch(ServerCluster cluster, Func<TimeSpan> now)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private string _last = string.Empty;

    public List<(TimeSpan At, string Name)> Changes { get; } = [];

    public async Task RunAsync(CancellationToken stop)
    {
        HttpPort[] ports = [.. cluster.Servers.Select(s => new HttpPort(s.Address))];
        while (!stop.IsCancellationRequested)
        {
            HttpAnswer[] answers = await Task.WhenAll(ports.Select(p => p.SendAsync("GET", "/v1/status/leader", string.Empty, Patience)));
            string? address = answers.Where(a => a.IsOk).Select(a => a.Body.Trim().Trim('"')).Where(a => a.Length > 0)
                .GroupBy(a => a, StringComparer.Ordinal).OrderByDescending(g => g.Count()).FirstOrDefault()?.Key;
            cluster.Leader = address is null ? null : cluster.ByRaftAddress(address);
            if (cluster.Leader is { } leader && leader.Name != _last)
            {
                _last = leader.Name;
                Changes.Add((now(), leader.Name));
            }

            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (HttpPort port in ports)
        {
            port.Dispose();
        }
    }
}
