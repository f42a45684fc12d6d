using System.Diagnostics;
using K8sConsul.Benchmarks.Contestants;
using K8sConsul.Benchmarks.Load;

namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>One server with many keys: loading them, what they cost, a snapshot, a restart.</summary>
internal sealed class KeysScenario(BenchmarkOptions options) : Scenario
{
    private const int Connections = 64;
    private const int ValueBytes = 512;
    private const double MegaByte = 1024 * 1024;

    private static readonly Row Load = Row.Time("keys-load");
    private static readonly Row Memory = Row.Memory("keys-memory");
    private static readonly Row Private = Row.Memory("keys-private-memory");
    private static readonly Row SnapshotTime = Row.Time("keys-snapshot-save");
    private static readonly Row SnapshotSize = new("keys-snapshot-size", "MB", MoreIsBetter: false);
    private static readonly Row Restart = Row.Time("keys-restart");

    public override string Name => "many keys";

    public override IReadOnlyList<Row> Rows => [Load, Memory, Private, SnapshotTime, SnapshotSize, Restart];

    public override void Measure(Contestant contestant, string directory, Sink sink)
    {
        using Cluster cluster = Cluster.Start(contestant, directory, servers: 1);
        AgentProcess server = cluster.Servers[0];
        using (ClosedLoop load = ClosedLoop.Http(server.HttpPort, Connections))
        {
            sink.Add(Load, load.RunCount(Requests.PutKeys("many", ValueBytes), options.Keys).Elapsed.TotalMilliseconds);
        }

        sink.Add(Memory, server.Usage.ResidentMegabytes);
        sink.Add(Private, server.Usage.PrivateMegabytes);
        MeasureSnapshot(server, sink);

        server.Kill();
        long started = Stopwatch.GetTimestamp();
        server.Start();
        server.WaitFor("has the last key again", () => server.TryGet($"/v1/kv/many/{options.Keys - 1:00000000}?raw") is not null);
        sink.Add(Restart, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private static void MeasureSnapshot(AgentProcess server, Sink sink)
    {
        long started = Stopwatch.GetTimestamp();
        using HttpResponseMessage answer = server.Http.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/snapshot"));
        answer.EnsureSuccessStatusCode();
        using Stream body = answer.Content.ReadAsStream();
        byte[] buffer = new byte[64 * 1024];
        long size = 0;
        for (int count; (count = body.Read(buffer)) > 0;)
        {
            size += count;
        }

        sink.Add(SnapshotTime, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        sink.Add(SnapshotSize, size / MegaByte);
    }
}
