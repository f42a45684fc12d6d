namespace K8sConsul.EndToEnd.Tests.Templates;

/// <summary>Two instances of one template share what one of them asks for; when that one dies the other takes over.</summary>
public sealed class DeduplicationTests : IAsyncDisposable
{
    private const string Leads = "role=Leader";
    private const string Follows = "role=Follower";
    private const string Question = "/v1/kv/shared";

    private readonly string _folder = Directory.CreateTempSubdirectory("k8sconsul-dedup-").FullName;
    private readonly AgentProcess _agent;

    public DeduplicationTests()
    {
        _agent = new AgentProcess("dedup", _folder, "-server", "-bootstrap");
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Only_the_leader_asks_and_the_other_takes_over_when_it_is_killed()
    {
        await _agent.StartWithLeaderAsync();
        await _agent.PutKeyAsync("shared", "1");

        // The same source and destination is the same template: relative paths in folders of their own.
        await using var proxyOne = new CountingProxy(_agent.Http.BaseAddress!);
        await using var proxyTwo = new CountingProxy(_agent.Http.BaseAddress!);
        await using TemplateProcess one = Start("one", proxyOne);
        await one.SaysAsync(Leads);
        await ShowsAsync("one", "1", one);
        await using TemplateProcess two = Start("two", proxyTwo);
        await two.SaysAsync(Follows);
        await ShowsAsync("two", "1", two);

        await _agent.PutKeyAsync("shared", "2");
        await ShowsAsync("one", "2", one);
        await ShowsAsync("two", "2", two);
        Assert.NotEqual(0, proxyOne.Count("GET", Question));
        Assert.Equal(0, proxyTwo.Count("GET", Question));

        await one.SendAsync("KILL");
        Assert.Equal(137, await one.EndAsync());
        await two.SaysAsync(Leads);
        await _agent.PutKeyAsync("shared", "3");
        await ShowsAsync("two", "3", two);
        Assert.NotEqual(0, proxyTwo.Count("GET", Question));
        Assert.Equal(12, await two.SignalAsync("TERM"));
    }

    private TemplateProcess Start(string name, CountingProxy proxy)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "in.ctmpl"), "{{ key \"shared\" }}");
        File.WriteAllText(Path.Combine(folder, "template.hcl"), "deduplicate { enabled = true ttl = \"10s\" }\ntemplate { source = \"in.ctmpl\" destination = \"out\" }\n");
        return TemplateProcess.Start(folder, proxy.Address, ["-config", "template.hcl"]);
    }

    private Task ShowsAsync(string name, string expected, TemplateProcess template)
    {
        string path = Path.Combine(_folder, name, "out");
        return Eventually.TrueAsync($"{name} shows {expected}", async () => File.Exists(path) && await File.ReadAllTextAsync(path) == expected, () => template.Log);
    }
}
