using System.Diagnostics;
using K8sConsul.Benchmarks.Contestants;

namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>Commands as scripts call them: from the start of the process to its end.</summary>
internal sealed class CommandsScenario(BenchmarkOptions options) : Scenario
{
    private static readonly (Row Row, string[] Arguments)[] Commands =
    [
        (Row.Time("command-kv-get"), ["kv", "get", "command"]),
        (Row.Time("command-kv-put"), ["kv", "put", "command", "value"]),
        (Row.Time("command-members"), ["members"]),
        (Row.Time("command-catalog-nodes"), ["catalog", "nodes"]),
        (Row.Time("command-version"), ["version"]),
    ];

    public override string Name => "commands";

    public override IReadOnlyList<Row> Rows => [.. Commands.Select(command => command.Row)];

    public override void Measure(Contestant contestant, string directory, Sink sink)
    {
        using Cluster cluster = Cluster.Start(contestant, directory, servers: 1);
        AgentProcess server = cluster.Servers[0];
        server.Put("/v1/kv/command", "value");
        foreach ((Row row, string[] arguments) in Commands.Where(command => sink.Wants(command.Row)))
        {
            // The first run reads the program from the disk.
            _ = TimeMs(contestant.Program, server.HttpAddress, arguments);
            double[] times = [.. Enumerable.Range(0, options.ProcessRuns).Select(_ => TimeMs(contestant.Program, server.HttpAddress, arguments)).Order()];
            sink.Add(row, times[times.Length / 2]);
        }
    }

    private static double TimeMs(string program, string address, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["CONSUL_HTTP_ADDR"] = address;
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        long started = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start) ?? throw new BenchmarkException("cannot start " + program);
        _ = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double elapsedMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return process.ExitCode == 0
            ? elapsedMs
            : throw new BenchmarkException($"consul {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
