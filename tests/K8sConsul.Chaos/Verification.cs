using System.Globalization;
using K8sConsul.Chaos.Cluster;
using K8sConsul.Chaos.Load;
using K8sConsul.Histories;

namespace K8sConsul.Chaos;

/// <summary>What was promised, and whether it was kept: a line for each, and the text of what was not.</summary>
internal sealed class Verification(ServerCluster cluster, Recorder recorder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan PerAnswer = TimeSpan.FromSeconds(10);

    private readonly List<string> _crashed = [];

    public List<(string Promise, string Result)> Results { get; } = [];

    public List<string> Violations { get; } = [];

    /// <summary>While the servers run, after all is mended.</summary>
    public async Task AskServersAsync()
    {
        await ConvergeAsync();
        await ReadAllAsync();
    }

    /// <summary>A server that ended by itself is started again by nobody, so that its log's end tells why.</summary>
    public void NoteCrashes()
    {
        foreach (ServerProcess server in cluster.Servers.Where(s => s.HasCrashed && !_crashed.Contains(s.Name)))
        {
            _crashed.Add(server.Name);
        }
    }

    public void CheckHistories()
    {
        NoteCrashes();
        Judge("no server ended by itself", _crashed.Count == 0 ? null : string.Join(", ", _crashed) + " ended: see the log's end");
        Operation[] writes = [.. recorder.Writes];
        Operation[] consistent = [.. recorder.Reads(ReadMode.Consistent)];
        Operation[] plain = [.. recorder.Reads(ReadMode.Default)];
        Operation[] stale = [.. recorder.Reads(ReadMode.Stale)];
        JudgeHistory("consistent reads and all changes have one order", Linearizability.Check([.. writes, .. consistent]), writes.Length + consistent.Length);
        JudgeHistory(
            "default reads, consistent reads and all changes have one order",
            Linearizability.Check([.. writes, .. consistent, .. plain]),
            writes.Length + consistent.Length + plain.Length);
        JudgeHistory(
            "no server goes back between two starts, an index means one entry everywhere",
            StaleReads.Check([.. stale, .. consistent.Select(WithoutServer), .. plain.Select(WithoutServer)]),
            stale.Length + consistent.Length + plain.Length);
    }

    /// <summary>A read that the leader answered for a server says nothing about that server's own copy.</summary>
    private static Operation WithoutServer(Operation read) => read with { Server = null };

    private void JudgeHistory(string promise, CheckResult result, int operations)
    {
        string size = string.Create(CultureInfo.InvariantCulture, $"{promise} ({operations:N0} operations)");
        if (result.IsUndecided)
        {
            Results.Add((size, "undecided"));
            Violations.Add($"undecided: {promise}\n{result.Explanation}");
            return;
        }

        Judge(size, result.Explanation);
    }

    private void Judge(string promise, string? violation)
    {
        Results.Add((promise, violation is null ? "kept" : "BROKEN"));
        if (violation is not null)
        {
            Violations.Add($"broken: {promise}\n{violation}");
        }
    }

    private async Task ConvergeAsync()
    {
        string[] copies = [];
        try
        {
            await ServerCluster.UntilAsync("all servers hold the same", Patience, async () =>
            {
                HttpAnswer[] answers = await Task.WhenAll(cluster.Servers.Select(s => AskAsync(s, "?recurse&stale")));
                copies = [.. answers.Select(a => a.Body)];
                return Array.TrueForAll(answers, a => a.IsOk && a.Body == answers[0].Body);
            });
            Judge("all servers hold the same after all is mended", null);
        }
        catch (ChaosException failure)
        {
            IEnumerable<string> each = cluster.Servers.Zip(copies, (s, copy) => $"{s.Name}: {copy.Length} characters, {copy[..Math.Min(200, copy.Length)]}");
            Judge("all servers hold the same after all is mended", failure.Message + "\n" + string.Join('\n', each));
        }
    }

    /// <summary>One last read of every key there was, so that what was lost without a trace is missed.</summary>
    private async Task ReadAllAsync()
    {
        long invoked = recorder.Moment;
        HttpAnswer answer = await AskAsync(cluster.LeaderOr(0), "?recurse&consistent");
        long returned = recorder.Moment;
        if (!answer.IsOk)
        {
            Judge("a consistent read is answered after all is mended", $"{answer.Status} {answer.Body}");
            return;
        }

        Dictionary<string, KvEntry> present = KvEntry.Parse(answer.Body).ToDictionary(e => e.Key, StringComparer.Ordinal);
        foreach (string key in recorder.Writes.Select(o => o.Key).Where(k => k.Length > 0).Distinct(StringComparer.Ordinal).ToList())
        {
            var read = new Operation { Client = -1, Key = key, Kind = OperationKind.Read, Invoked = invoked, Returned = returned, Server = "at the end" };
            recorder.Add(ReadMode.Consistent, present.TryGetValue(key, out KvEntry? entry) ? entry.AsSeenBy(read) : read);
        }
    }

    private static async Task<HttpAnswer> AskAsync(ServerProcess server, string query)
    {
        using var port = new HttpPort(server.Address);
        return await port.SendAsync("GET", "/v1/kv/" + KeySpace.Prefix + query, string.Empty, PerAnswer);
    }
}
