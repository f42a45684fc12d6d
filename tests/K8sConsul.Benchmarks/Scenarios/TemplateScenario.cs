using System.Diagnostics;
using System.Globalization;
using System.Text;
using K8sConsul.Benchmarks.Contestants;

namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>
/// Our <c>consul template</c> with an agent of either program: how soon after a change of a service was acknowledged the file is replaced,
/// and what a thousand templates cost while nothing happens.
/// </summary>
internal sealed class TemplateScenario(BenchmarkOptions options, string program) : Scenario
{
    private static readonly Row Memory = Row.Memory("template-idle-memory");
    private static readonly Row Private = Row.Memory("template-idle-private-memory");
    private static readonly Row Cpu = new("template-idle-cpu", "CPU ms/s", MoreIsBetter: false);

    /// <summary>The runner takes at most one change of a dependency in some 100 ms. This is about one that it may take at once.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(200);

    private readonly List<Reaction> _reactions = [.. options.TemplateServices.Select(services => new Reaction(services))];

    public override string Name => "templates";

    public override IReadOnlyList<Row> Rows => [.. _reactions.SelectMany(r => new[] { r.Median, r.Worst }), Memory, Private, Cpu];

    public override void Measure(Contestant contestant, string directory, Sink sink)
    {
        using Cluster cluster = Cluster.Start(contestant, directory, servers: 1);
        AgentProcess server = cluster.Servers[0];
        foreach (Reaction reaction in _reactions)
        {
            if (sink.Wants(reaction.Median, reaction.Worst))
            {
                MeasureReaction(server, directory, reaction, sink);
            }
        }

        if (sink.Wants(Memory, Private, Cpu))
        {
            MeasureIdle(server, directory, sink);
        }
    }

    private void MeasureReaction(AgentProcess server, string directory, Reaction reaction, Sink sink)
    {
        string folder = Directory.CreateDirectory(Path.Combine(directory, Invariant($"reaction-{reaction.Services}"))).FullName;
        var template = new StringBuilder();
        for (int i = 0; i < reaction.Services; i++)
        {
            Register(server, i, port: 1);
            template.Append(CultureInfo.InvariantCulture, $"{{{{range service \"{ServiceName(i)}\"}}}}<{{{{.Name}}}}:{{{{.Port}}}}>\n{{{{end}}}}");
        }

        string source = Path.Combine(folder, "services.ctmpl");
        string destination = Path.Combine(folder, "services.txt");
        File.WriteAllText(source, template.ToString());
        string configuration = Path.Combine(folder, "template.hcl");
        File.WriteAllText(configuration, $"template {{ source = \"{source}\" destination = \"{destination}\" }}");
        using var file = new RenderedFile(destination);
        using var runner = TemplateProcess.Start(program, server, configuration);
        file.WaitFor($"<{ServiceName(reaction.Services - 1)}:1>");

        double[] times = new double[options.TemplateChanges];
        for (int change = 0; change < times.Length; change++)
        {
            // A stride that meets them all in turn, neighbours far apart.
            int service = change * 7 % reaction.Services;
            int port = 2 + change;
            Thread.Sleep(Rest);
            Register(server, service, port);
            long acknowledged = Stopwatch.GetTimestamp();
            file.WaitFor(Invariant($"<{ServiceName(service)}:{port}>"));
            times[change] = Stopwatch.GetElapsedTime(acknowledged).TotalMilliseconds;
        }

        Array.Sort(times);
        sink.Add(reaction.Median, times[times.Length / 2]);
        sink.Add(reaction.Worst, times[^1]);
    }

    private void MeasureIdle(AgentProcess server, string directory, Sink sink)
    {
        string folder = Directory.CreateDirectory(Path.Combine(directory, "idle")).FullName;
        var configuration = new StringBuilder();
        int last = options.IdleTemplates - 1;
        for (int i = 0; i <= last; i++)
        {
            server.Put(Invariant($"/v1/kv/idle/{i}"), Invariant($"value {i}"));
            configuration.AppendLine(CultureInfo.InvariantCulture, $$$"""
                template {
                  contents    = "{{ key \"idle/{{{i}}}\" }}"
                  destination = "{{{folder}}}/{{{i}}}.txt"
                }
                """);
        }

        string path = Path.Combine(folder, "template.hcl");
        File.WriteAllText(path, configuration.ToString());
        using var file = new RenderedFile(Path.Combine(folder, Invariant($"{last}.txt")));
        using var runner = TemplateProcess.Start(program, server, path);
        file.WaitFor(Invariant($"value {last}"));

        // What starting left to do.
        Thread.Sleep(options.IdleTime / 2);
        ProcessUsage before = runner.Usage;
        Thread.Sleep(options.IdleTime);
        ProcessUsage after = runner.Usage;
        sink.Add(Memory, after.ResidentMegabytes);
        sink.Add(Private, after.PrivateMegabytes);
        sink.Add(Cpu, (after.CpuMs - before.CpuMs) / options.IdleTime.TotalSeconds);
    }

    /// <summary>In the catalog itself: what is acknowledged is there.</summary>
    private static void Register(AgentProcess server, int service, int port) => server.Put(
        "/v1/catalog/register",
        Invariant($$$"""{"Node": "bench", "Address": "127.0.0.1", "Service": {"Service": "{{{ServiceName(service)}}}", "Port": {{{port}}}}}"""));

    private static string ServiceName(int service) => Invariant($"bench-{service:0000}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private sealed record Reaction(int Services)
    {
        public Row Median { get; } = Row.Time(Invariant($"template-reaction-{Services}"));

        public Row Worst { get; } = Row.Time(Invariant($"template-reaction-{Services}-worst"));
    }
}
