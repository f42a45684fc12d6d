using K8sConsul.Chaos.Cluster;

namespace K8sConsul.Chaos.Faults;

/// <summary>Lets the schedule happen, and remembers when what happened.</summary>
internal sealed class FaultDriver(ServerCluster cluster, Schedule schedule, Func<TimeSpan> now, TextWriter log)
{
    private readonly Lock _gate = new();
    private readonly List<(string Name, TimeSpan From, TimeSpan To)> _happened = [];

    public IReadOnlyList<(string Name, TimeSpan From, TimeSpan To)> Happened => _happened;

    public async Task RunAsync(TimeSpan until, CancellationToken stop)
    {
        while (now() < until && !stop.IsCancellationRequested)
        {
            (Fault fault, TimeSpan duration, TimeSpan calm, int draw, Fault? within) = schedule.Next();
            Task outer = HappenAsync(fault, new Scene(cluster, duration, draw));
            if (within is not null)
            {
                await HappenAsync(within, new Scene(cluster, duration / 2, draw));
            }

            await outer;
            await Task.Delay(calm, CancellationToken.None);
        }
    }

    private async Task HappenAsync(Fault fault, Scene scene)
    {
        TimeSpan from = now();
        string leader = cluster.Leader?.Name ?? "nobody";
        await fault.Do(scene);
        lock (_gate)
        {
            _happened.Add((fault.Name, from, now()));
            log.WriteLine(FormattableString.Invariant(
                $"{from.TotalSeconds,9:0.000} .. {now().TotalSeconds,9:0.000}  {fault.Name}, drawn {scene.Draw % scene.Count}, {leader} led"));
            log.Flush();
        }
    }
}
