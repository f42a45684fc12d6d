using System.Globalization;
using K8sConsul.Chaos.Cluster;
using K8sConsul.Chaos.Faults;
using K8sConsul.Chaos.Load;
using K8sConsul.Chaos.Report;

namespace K8sConsul.Chaos;

/// <summary>One run from the first server's start to the report.</summary>
internal static class ChaosRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PerAnswer = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(30);

    /// <returns>Whether every promise was kept.</returns>
    public static async Task<bool> RunAsync(ChaosOptions options, TextWriter output, CancellationToken stop)
    {
        string program = ProgramFile.Find(options);
        string report = options.ReportPath is { } path ? Directory.CreateDirectory(path).FullName : Directory.CreateTempSubdirectory("k8sconsul-chaos-").FullName;
        await output.WriteLineAsync($"{options.Command}\nreport: {report}");
        await using ServerCluster cluster = await ServerCluster.StartAsync(options.Servers, program, report);
        var recorder = new Recorder();
        var schedule = new Schedule(options, options.Servers, cluster.Network.HasNetem);
        if (schedule.Possible.Count == 0)
        {
            throw new ChaosException("none of the wanted faults is possible here");
        }

        await using var faultLog = new StreamWriter(Path.Combine(report, "faults.log"));
        var faults = new FaultDriver(cluster, schedule, () => recorder.Now, faultLog);
        var leaders = new LeaderWatch(cluster, () => recorder.Now);
        var verification = new Verification(cluster, recorder);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task watching = leaders.RunAsync(end.Token);
        await PrepareAsync(cluster);

        Client[] clients = [.. Enumerable.Range(0, options.Clients).Select(n => new Client(n, (options.Seed * 1_000) + n, cluster, recorder, options.Rate))];
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task load = Task.WhenAll(clients.Select(c => Task.Run(() => c.RunAsync(enough.Token), CancellationToken.None)));
        Task telling = TellAsync(recorder, leaders, verification, output, enough.Token);
        TimeSpan until = recorder.Now + options.Duration;
        await faults.RunAsync(until, stop);
        await enough.CancelAsync();
        await Task.WhenAll(load, telling);
        TimeSpan ended = recorder.Now;
        await verification.AskServersAsync();
        await end.CancelAsync();
        await watching;
        foreach (Client client in clients)
        {
            client.Dispose();
        }

        verification.CheckHistories();
        foreach (ServerProcess server in cluster.Servers)
        {
            server.Dispose();
        }

        var results = new RunResults(options, schedule, faults, leaders, recorder, verification, ended);
        string text = TextReport.Format(results);
        await File.WriteAllTextAsync(Path.Combine(report, "report.md"), text, CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(report, "timeline.svg"), Timeline.Draw(results), CancellationToken.None);
        await output.WriteLineAsync(text);
        if (verification.Violations.Count == 0)
        {
            Directory.Delete(Path.Combine(report, "data"), recursive: true);
            return true;
        }

        await HistoryFile.WriteAsync(Path.Combine(report, "history.txt"), recorder);
        await output.WriteLineAsync($"All operations are in {report}/history.txt, the servers' data in {report}/data. The same schedule again:\n  {options.Command}");
        return false;
    }

    /// <summary>A leader, all servers with it, and the node that the clients' sessions belong to.</summary>
    private static async Task PrepareAsync(ServerCluster cluster)
    {
        const string Node = $$"""{"Node":"{{Client.SessionNode}}","Address":"192.0.2.1"}""";
        foreach (ServerProcess server in cluster.Servers)
        {
            using var port = new HttpPort(server.Address);
            await ServerCluster.UntilAsync(server.Name + " takes a registration", Patience, async () =>
                (await port.SendAsync("PUT", "/v1/catalog/register", Node, PerAnswer)).IsOk);
        }

        await ServerCluster.UntilAsync("a leader is known", Patience, () => Task.FromResult(cluster.Leader is not null));
    }

    private static async Task TellAsync(Recorder recorder, LeaderWatch leaders, Verification verification, TextWriter output, CancellationToken stop)
    {
        TimeSpan next = recorder.Now + BetweenLines;
        while (!stop.IsCancellationRequested)
        {
            verification.NoteCrashes();
            if (recorder.Now >= next)
            {
                next += BetweenLines;
                int operations = recorder.Counts.Values.Sum();
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{recorder.Now.TotalSeconds,6:0} s: {operations} operations, {leaders.Changes.Count} leaders"));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
