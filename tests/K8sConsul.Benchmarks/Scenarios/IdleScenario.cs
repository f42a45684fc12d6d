using K8sConsul.Benchmarks.Contestants;

namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>What a small cluster costs while nothing happens.</summary>
internal sealed class IdleScenario(BenchmarkOptions options) : Scenario
{
    private static readonly Row ServerMemory = Row.Memory("idle-server-memory");
    private static readonly Row ServerPrivate = Row.Memory("idle-server-private-memory");
    private static readonly Row ServerCpu = new("idle-server-cpu", "CPU ms/s", MoreIsBetter: false);
    private static readonly Row ClientMemory = Row.Memory("idle-client-memory");
    private static readonly Row ClientPrivate = Row.Memory("idle-client-private-memory");
    private static readonly Row ClientCpu = new("idle-client-cpu", "CPU ms/s", MoreIsBetter: false);

    public override string Name => "idle";

    public override IReadOnlyList<Row> Rows => [ServerMemory, ServerPrivate, ServerCpu, ClientMemory, ClientPrivate, ClientCpu];

    public override void Measure(Contestant contestant, string directory, Sink sink)
    {
        using Cluster cluster = Cluster.Start(contestant, directory, servers: 3, clients: 2);

        // What starting left to do: joins, first syncs, compilers in the background.
        Thread.Sleep(options.IdleTime / 2);
        ProcessUsage[] servers = [.. cluster.Servers.Select(s => s.Usage)];
        ProcessUsage[] clients = [.. cluster.Clients.Select(c => c.Usage)];
        Thread.Sleep(options.IdleTime);
        Add(sink, (ServerMemory, ServerPrivate, ServerCpu), servers, [.. cluster.Servers.Select(s => s.Usage)]);
        Add(sink, (ClientMemory, ClientPrivate, ClientCpu), clients, [.. cluster.Clients.Select(c => c.Usage)]);
    }

    private void Add(Sink sink, (Row Resident, Row Private, Row Cpu) rows, ProcessUsage[] before, ProcessUsage[] after)
    {
        sink.Add(rows.Resident, after.Average(u => u.ResidentMegabytes));
        sink.Add(rows.Private, after.Average(u => u.PrivateMegabytes));
        sink.Add(rows.Cpu, (after.Average(u => u.CpuMs) - before.Average(u => u.CpuMs)) / options.IdleTime.TotalSeconds);
    }
}
