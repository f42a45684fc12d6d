using K8sConsul.Benchmarks.Contestants;

namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>What a small cluster costs while nothing happens.</summary>
internal sealed class IdleScenario(BenchmarkOptions options) : Scenario
{
    private static readonly Row ServerMemory = Row.Memory("idle-server-memory");
    private static readonly Row ServerCpu = new("idle-server-cpu", "CPU ms/s", MoreIsBetter: false);
    private static readonly Row ClientMemory = Row.Memory("idle-client-memory");
    private static readonly Row ClientCpu = new("idle-client-cpu", "CPU ms/s", MoreIsBetter: false);

    public override string Name => "idle";

    public override IReadOnlyList<Row> Rows => [ServerMemory, ServerCpu, ClientMemory, ClientCpu];

    public override void Measure(Contestant contestant, string directory, Sink sink)
    {
        using Cluster cluster = Cluster.Start(contestant, directory, servers: 3, clients: 2);

        // What starting left to do: joins, first syncs, compilers in the background.
        Thread.Sleep(options.IdleTime / 2);
        ProcessUsage[] servers = [.. cluster.Servers.Select(s => s.Usage)];
        ProcessUsage[] clients = [.. cluster.Clients.Select(c => c.Usage)];
        Thread.Sleep(options.IdleTime);
        Add(sink, ServerMemory, ServerCpu, servers, [.. cluster.Servers.Select(s => s.Usage)]);
        Add(sink, ClientMemory, ClientCpu, clients, [.. cluster.Clients.Select(c => c.Usage)]);
    }

    private void Add(Sink sink, Row memory, Row cpu, ProcessUsage[] before, ProcessUsage[] after)
    {
        sink.Add(memory, after.Average(u => u.ResidentMegabytes));
        sink.Add(cpu, (after.Average(u => u.CpuMs) - before.Average(u => u.CpuMs)) / options.IdleTime.TotalSeconds);
    }
}
