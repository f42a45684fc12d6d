namespace K8sConsul.EndToEnd.Tests.Templates;

/// <summary>The example of a program that gets a tree of keys as its environment.</summary>
public sealed class EnvironmentTests : IAsyncDisposable
{
    private readonly string _folder = Examples.Copy("environment");
    private readonly AgentProcess _agent;

    public EnvironmentTests()
    {
        _agent = new AgentProcess("settings", _folder, "-server", "-bootstrap");
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_program_is_started_anew_when_a_key_changes_and_its_exit_code_is_passed_on()
    {
        await _agent.StartWithLeaderAsync();
        await _agent.PutKeyAsync("app/config/color", "it's $HOME");
        await _agent.PutKeyAsync("app/config/db/host", "10.0.0.1");
        await using TemplateProcess template = TemplateProcess.Start(_folder, _agent.Http.BaseAddress!.Authority, ["-config", "template.hcl"]);
        await AppSaysAsync("started with COLOR=it's $HOME DB_HOST=10.0.0.1\n", template);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "app.env")));

        await _agent.PutKeyAsync("app/config/color", "green");
        await AppSaysAsync("started with COLOR=it's $HOME DB_HOST=10.0.0.1\nstopped with COLOR=it's $HOME\nstarted with COLOR=green DB_HOST=10.0.0.1\n", template);

        await _agent.PutKeyAsync("elsewhere", "x");
        await File.WriteAllTextAsync(Path.Combine(_folder, "app.end"), "3");
        Assert.Equal(3, await template.EndAsync());
        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(_folder, "app.log"))).Count(static line => line.StartsWith("started", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_program_is_stopped_with_the_renderer()
    {
        await _agent.StartWithLeaderAsync();
        await _agent.PutKeyAsync("app/config/color", "red");
        await using TemplateProcess template = TemplateProcess.Start(_folder, _agent.Http.BaseAddress!.Authority, ["-config", "template.hcl"]);
        await AppSaysAsync("started with COLOR=red DB_HOST=\n", template);
        Assert.Equal(12, await template.SignalAsync("TERM"));
        Assert.Equal("started with COLOR=red DB_HOST=\nstopped with COLOR=red\n", await File.ReadAllTextAsync(Path.Combine(_folder, "app.log")));
    }

    private Task AppSaysAsync(string expected, TemplateProcess template)
    {
        string path = Path.Combine(_folder, "app.log");
        return Eventually.TrueAsync(
            "the program says " + expected,
            async () => File.Exists(path) && await File.ReadAllTextAsync(path) == expected,
            () => (File.Exists(path) ? File.ReadAllText(path) : "nothing yet") + template.Log);
    }
}
