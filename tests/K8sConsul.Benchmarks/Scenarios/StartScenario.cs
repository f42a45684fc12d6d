using System.Diagnostics;
using K8sConsul.Benchmarks.Contestants;

namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>From the start of the process to the first acknowledged write.</summary>
internal sealed class StartScenario : Scenario
{
    private static readonly Row Development = Row.Time("start-dev");
    private static readonly Row Server = Row.Time("start-server");
    private static readonly Row Again = Row.Time("start-server-again");

    public override string Name => "start";

    public override IReadOnlyList<Row> Rows => [Development, Server, Again];

    public override void Measure(Contestant contestant, string directory, Sink sink)
    {
        if (sink.Wants(Development))
        {
            using var agent = new AgentProcess(contestant, directory, "dev", "-dev");
            sink.Add(Development, StartMs(agent));
        }

        if (sink.Wants(Server, Again))
        {
            using var agent = new AgentProcess(
                contestant, directory, "server", "-server", "-bootstrap-expect=1", "-data-dir=" + Path.Combine(directory, "server"));
            sink.Add(Server, StartMs(agent));
            agent.Kill();
            sink.Add(Again, StartMs(agent));
        }
    }

    private static double StartMs(AgentProcess agent)
    {
        long started = Stopwatch.GetTimestamp();
        agent.Start();
        agent.WaitForWrite();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
