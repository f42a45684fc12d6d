using System.Diagnostics;
using System.Text.Json;

namespace K8sConsul.EndToEnd.Tests.Operations;

/// <summary>One story of edits to configuration files, told to both programs by each of the three ways to reload.</summary>
public sealed class ReloadTests : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("k8sconsul-e2e-").FullName;

    private string Configuration => Path.Combine(_directory, "conf");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Files_are_taken_over_and_mistakes_leave_all_as_it_was(bool isReal)
    {
        string program = isReal ? RealConsul.Locate() : AgentProcess.Program;
        Directory.CreateDirectory(Configuration);
        Write("services.json", """{"services":[{"name":"web","port":80,"check":{"ttl":"1h"}},{"name":"gone","port":1}],"check":{"name":"node","ttl":"1h"}}""");
        Write("agent.hcl", """log_level = "INFO" node_meta { colour = "red" }""");
        await using var agent = new AgentProcess("node1", _directory, "-server", "-bootstrap", "-config-dir=" + Configuration) { Executable = program };
        agent.Start();
        await Eventually.TrueAsync("web is in the catalog", async () => (await agent.Http.GetStringAsync("/v1/catalog/service/web")).Contains("\"web\"", StringComparison.Ordinal), () => agent.Log);
        await SucceedAsync(await agent.Http.PutAsync("/v1/agent/check/pass/service:web?note=fine", null));
        await SucceedAsync(await agent.Http.PutAsync("/v1/agent/service/register", new StringContent("""{"Name":"api"}""")));

        // Changed, added and removed, by signal; what the API registered stays, and so does a check's state.
        Write("services.json", """{"services":[{"name":"web","port":81,"check":{"ttl":"1h"}},{"name":"new","port":2}]}""");
        await agent.SendSignalAsync("HUP");
        await Eventually.TrueAsync("the services are those of the files", async () => await ServicesAsync(agent) == "api:0 new:2 web:81", () => agent.Log);
        Assert.Equal("service:web=passing", await ChecksAsync(agent));
        await Eventually.TrueAsync(
            "the catalog follows",
            async () => (await agent.Http.GetStringAsync("/v1/catalog/service/gone")).Trim() == "[]",
            () => agent.Log);
        Assert.Contains("Caught: signal=hangup", agent.Log, StringComparison.Ordinal);

        // The node's meta and the log's level, by the API.
        Write("agent.hcl", """log_level = "DEBUG" node_meta { colour = "blue" } ports { http = 1234 } node_name = "other" server = false""");
        await SucceedAsync(await agent.Http.PutAsync("/v1/agent/reload", null));
        Assert.Contains("\"blue\"", await agent.Http.GetStringAsync("/v1/agent/self"), StringComparison.Ordinal);
        Assert.Contains("\"node1\"", await agent.Http.GetStringAsync("/v1/agent/self"), StringComparison.Ordinal);
        await SucceedAsync(await agent.Http.PutAsync("/v1/agent/check/warn/service:web", null));
        await SucceedAsync(await agent.Http.PutAsync("/v1/agent/service/deregister/api", null));
        await Eventually.TrueAsync("debug lines are logged", () => Task.FromResult(agent.Log.Contains("[DEBUG]", StringComparison.Ordinal)), () => agent.Log);

        // A file that cannot be read, by the command and by the API: all as it was.
        Write("services.json", """{"services":[{"name":"web","port":82""");
        string broken = $"failed to parse {Configuration}/services.json: unexpected end of JSON input";
        Assert.Equal((500, broken), await ReloadAsync(agent));
        Assert.Equal((1, $"Error reloading: Unexpected response code: 500 ({broken})"), await CommandAsync(program, agent));
        await agent.SendSignalAsync("HUP");
        await Eventually.TrueAsync("the signal's reload has failed", () => Task.FromResult(agent.Log.Contains("Reload config failed: ", StringComparison.Ordinal)), () => agent.Log);
        Assert.Equal("new:2 web:81", await ServicesAsync(agent));

        // A service that is refused: the reload says so.
        Write("services.json", """{"services":[{"name":"web","port":83,"check":{"args":["true"],"interval":"5s"}}]}""");
        Assert.Equal(
            (500, "Failed reloading services: Failed to register service \"web\": Scripts are disabled on this agent; to enable, configure 'enable_script_checks' or 'enable_local_script_checks' to true"),
            await ReloadAsync(agent));

        // Everything removed, by the command.
        File.Delete(Path.Combine(Configuration, "services.json"));
        Assert.Equal((0, "Configuration reload triggered"), await CommandAsync(program, agent));
        await Eventually.TrueAsync("no service is left", async () => (await ServicesAsync(agent)).Length == 0, () => agent.Log);
        BadInput.AgentPair.AssertNoStackFrames(agent.Log);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task SucceedAsync(HttpResponseMessage answer) =>
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());

    private static async Task<(int Status, string Text)> ReloadAsync(AgentProcess agent)
    {
        using HttpResponseMessage answer = await agent.Http.PutAsync("/v1/agent/reload", null);
        return ((int)answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Trim());
    }

    /// <summary>The command's exit code, and what it printed.</summary>
    private static async Task<(int Code, string Output)> CommandAsync(string program, AgentProcess agent)
    {
        string[] arguments = ["reload", "-http-addr=" + agent.Http.BaseAddress!.Authority];
        using Process reload = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        string[] printed = await Task.WhenAll(reload.StandardOutput.ReadToEndAsync(), reload.StandardError.ReadToEndAsync());
        await reload.WaitForExitAsync();
        return (reload.ExitCode, string.Concat(printed).Trim());
    }

    private static async Task<string> ServicesAsync(AgentProcess agent)
    {
        using JsonDocument services = JsonDocument.Parse(await agent.Http.GetStringAsync("/v1/agent/services"));
        return string.Join(' ', services.RootElement.EnumerateObject().Select(s => $"{s.Name}:{s.Value.GetProperty("Port").GetRawText()}").Order(StringComparer.Ordinal));
    }

    private static async Task<string> ChecksAsync(AgentProcess agent)
    {
        using JsonDocument checks = JsonDocument.Parse(await agent.Http.GetStringAsync("/v1/agent/checks"));
        return string.Join(' ', checks.RootElement.EnumerateObject().Select(c => $"{c.Name}={c.Value.GetProperty("Status").GetString()}").Order(StringComparer.Ordinal));
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(Configuration, name), content);
}
