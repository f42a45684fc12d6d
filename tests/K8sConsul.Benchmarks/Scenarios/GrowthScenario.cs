using System.Globalization;
using K8sConsul.Benchmarks.Contestants;
using K8sConsul.Benchmarks.Load;

namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>
/// One server that gets more and more keys; at each size it is written to at random among those that it has. Takes minutes, so only
/// when it is named.
/// </summary>
internal sealed class GrowthScenario(BenchmarkOptions options) : Scenario
{
    public const string WritePrefix = "growth-write-";
    public const string MemoryPrefix = "growth-memory-";

    private const int Connections = 64;
    private const int ValueBytes = 512;

    private readonly List<Step> _steps = [.. options.GrowthKeys.Select(keys => new Step(keys))];

    public override string Name => "growth";

    public override bool IsOnDemand => true;

    public override IReadOnlyList<Row> Rows => [.. _steps.SelectMany(step => new[] { step.Write, step.Memory })];

    public override void Measure(Contestant contestant, string directory, Sink sink)
    {
        using Cluster cluster = Cluster.Start(contestant, directory, servers: 1);
        AgentProcess server = cluster.Servers[0];
        int loaded = 0;
        foreach (Step step in _steps)
        {
            using ClosedLoop load = ClosedLoop.Http(server.HttpPort, Connections);
            load.RunCount(Requests.PutKeys("growth", ValueBytes, first: loaded), step.Keys - loaded);
            loaded = step.Keys;
            sink.Add(step.Memory, server.Usage.ResidentMegabytes);
            sink.Add(step.Write, load.RunFor(Requests.PutRandomKeys("growth", ValueBytes, step.Keys), options.WarmUpTime, options.GrowthTime));
        }
    }

    private sealed record Step(int Keys)
    {
        public Row Write { get; } = Row.Rate(string.Create(CultureInfo.InvariantCulture, $"{WritePrefix}{Keys}"));

        public Row Memory { get; } = Row.Memory(string.Create(CultureInfo.InvariantCulture, $"{MemoryPrefix}{Keys}"));
    }
}
