using System.Globalization;
using System.Net.Http.Json;

namespace K8sConsul.EndToEnd.Tests.Templates;

/// <summary>
/// The accident that people fear: Consul has no leader for a while, and a proxy is left with an empty or half a file. Goal: it cannot
/// happen; method: the leader is killed while a template is rendered, and an observer reads the file again and again all the time.
/// </summary>
public sealed class LeaderLossTests(ITestOutputHelper output) : IDisposable
{
    private const int Lines = 2000;
    private const string Template = """
        {{ $turn := key "turn" }}{{ range loop 2000 }}{{ $turn }}
        {{ end }}{{ range service "web|any" }}instance {{ .ID }}
        {{ end }}end {{ $turn }}

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("k8sconsul-leader-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Nobody_ever_sees_an_empty_or_half_a_file_while_leaders_are_killed()
    {
        await using Cluster cluster = await Cluster.StartAsync(servers: 3, clients: 1);
        AgentProcess client = cluster.Clients[0];
        await PutAsync(client, 1);
        using (HttpResponseMessage answer = await client.Http.PutAsJsonAsync("/v1/agent/service/register", new { Name = "web", Port = 80 }))
        {
            answer.EnsureSuccessStatusCode();
        }

        await Eventually.TrueAsync(
            "the catalog has the instance", async () => (await client.Http.GetStringAsync("/v1/catalog/service/web")).Contains("\"web\"", StringComparison.Ordinal), () => client.Log);
        string path = Path.Combine(_folder, "out");
        await File.WriteAllTextAsync(Path.Combine(_folder, "in.ctmpl"), Template);
        await using TemplateProcess template = TemplateProcess.Start(_folder, client.Http.BaseAddress!.Authority, ["-template", "in.ctmpl:out"]);
        await ShowsAsync(path, 1, template);

        using var stop = new CancellationTokenSource();
        Task<int> observer = Task.Run(() => ObserveAsync(path, stop.Token));
        Task writer = Task.CompletedTask;
        int turn = 1;
        for (int round = 0; round < 3; round++)
        {
            // Renders all the time, before the kill, without a leader, and after it.
            using var enough = new CancellationTokenSource();
            int from = turn;
            writer = Task.Run(async () => turn = await WriteAsync(client, from, enough.Token));
            AgentProcess leader = await cluster.LeaderAsync();
            await leader.KillAsync();
            AgentProcess next = await cluster.LeaderAsync();
            output.WriteLine($"round {round}: killed {leader.Name}, {next.Name} leads");
            int now = await ShownAsync(path);
            await Eventually.TrueAsync("rendering goes on", async () => await ShownAsync(path) > now, () => template.Log);
            await enough.CancelAsync();
            await writer;
            leader.Start();
            await cluster.WaitUntilWholeAsync();
        }

        await PutAsync(client, turn + 1);
        await ShowsAsync(path, turn + 1, template);
        await stop.CancelAsync();
        int looks = await observer;
        output.WriteLine($"{looks} whole files seen, {turn} values written");
        Assert.True(looks > 100, $"only {looks} looks");
        Assert.Equal(12, await template.SignalAsync("INT"));
    }

    private static async Task<int> WriteAsync(AgentProcess agent, int turn, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            try
            {
                await PutAsync(agent, turn + 1);
                turn++;
            }
            catch (HttpRequestException)
            {
                // There is no leader; whether it was written nobody knows, and the next try writes the same.
            }
        }

        return turn;
    }

    private static Task PutAsync(AgentProcess agent, int turn)
    {
        return agent.PutKeyAsync("turn", turn.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>How often the file was read; a reading that is not one turn from its first line to its last fails.</summary>
    private static async Task<int> ObserveAsync(string path, CancellationToken stop)
    {
        int looks = 0;
        while (!stop.IsCancellationRequested)
        {
            await ShownAsync(path);
            looks++;
        }

        return looks;
    }

    private static async Task<int> ShownAsync(string path)
    {
        string text = await File.ReadAllTextAsync(path);
        string turn = text[..Math.Max(0, text.IndexOf('\n', StringComparison.Ordinal))];
        string whole = string.Concat(Enumerable.Repeat(turn + "\n", Lines)) + $"instance web\nend {turn}\n";
        Assert.True(text == whole && turn.Length > 0, $"{text.Length} characters, the last: {text[^Math.Min(60, text.Length)..]}");
        return int.Parse(turn, CultureInfo.InvariantCulture);
    }

    private static Task ShowsAsync(string path, int turn, TemplateProcess template)
    {
        return Eventually.TrueAsync($"turn {turn} is rendered", async () => File.Exists(path) && await ShownAsync(path) >= turn, () => template.Log);
    }
}
