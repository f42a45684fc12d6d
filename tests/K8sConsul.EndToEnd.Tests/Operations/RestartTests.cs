using System.Text.Json;

namespace K8sConsul.EndToEnd.Tests.Operations;

/// <summary>What an agent was told survives its end, however it ends.</summary>
public sealed class RestartTests : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("k8sconsul-e2e-").FullName;

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Services_checks_maintenance_and_sessions_are_there_again(bool isServer, bool isKilled)
    {
        await using var server = new AgentProcess("server", _directory, "-server", "-bootstrap");
        await using var client = new AgentProcess("client", _directory, "-retry-join=" + server.LanAddress);
        AgentProcess agent = isServer ? server : client;
        server.Start();
        client.Start();
        await Eventually.TrueAsync("the agent is in the catalog", async () => (await agent.Http.GetStringAsync("/v1/health/node/" + agent.Name)).Contains("serfHealth", StringComparison.Ordinal), () => agent.Log);

        await PutAsync(agent, "/v1/agent/service/register", """{"Name":"web","ID":"web-1","Port":80,"Tags":["a"],"Meta":{"k":"v"},"Checks":[{"CheckID":"ttl","Name":"ttl","TTL":"1h"}]}""");
        await PutAsync(agent, "/v1/agent/check/register", """{"Name":"own","TTL":"1h"}""");
        await PutAsync(agent, "/v1/agent/check/warn/ttl?note=so-so");
        await PutAsync(agent, "/v1/agent/check/pass/own?note=fine");
        await PutAsync(agent, "/v1/agent/maintenance?enable=true&reason=work");
        await PutAsync(agent, "/v1/agent/service/maintenance/web-1?enable=true&reason=upgrade");
        await PutAsync(agent, "/v1/session/create", $$"""{"Name":"lock","Node":"{{server.Name}}"}""");
        if (isServer || !isKilled)
        {
            // Of a client that was killed it depends on who is quicker: its next start, or gossip that finds it failed.
            await PutAsync(agent, "/v1/session/create", $$"""{"Name":"own","Node":"{{agent.Name}}"}""");
        }

        await PutAsync(agent, "/v1/kv/kept", "value");
        string before = await StateAsync(agent);

        if (isKilled)
        {
            await agent.KillAsync();
        }
        else
        {
            await agent.SignalAsync("TERM");
        }

        agent.Start();
        await Eventually.TrueAsync("the key is there", async () => await agent.Http.GetStringAsync("/v1/kv/kept?raw") == "value", () => agent.Log);
        string after = string.Empty;
        await Eventually.TrueAsync("all is as before", async () => (after = await StateAsync(agent)) == before, () => $"before: {before}\nafter: {after}\n{agent.Log}");
        Assert.Contains("ttl=warning(so-so)", before, StringComparison.Ordinal);
        Assert.Contains("_node_maintenance=critical(work)", before, StringComparison.Ordinal);
        Assert.Contains("_service_maintenance:web-1=critical(upgrade)", before, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            "a session lives as long as its node: a client that leaves is deregistered, a server is not",
            async () =>
            {
                string sessions = await server.Http.GetStringAsync("/v1/session/list");
                return sessions.Contains("\"lock\"", StringComparison.Ordinal) && sessions.Contains("\"own\"", StringComparison.Ordinal) == isServer;
            },
            () => agent.Log);
        BadInput.AgentPair.AssertNoStackFrames(agent.Log);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task PutAsync(AgentProcess agent, string path, string body = "")
    {
        using HttpResponseMessage answer = await agent.Http.PutAsync(path, new StringContent(body));
        Assert.True(answer.IsSuccessStatusCode, path + ": " + await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> StateAsync(AgentProcess agent)
    {
        using JsonDocument services = JsonDocument.Parse(await agent.Http.GetStringAsync("/v1/agent/services"));
        using JsonDocument checks = JsonDocument.Parse(await agent.Http.GetStringAsync("/v1/agent/checks"));
        IEnumerable<string> told = checks.RootElement.EnumerateObject()
            .Select(c => $"{c.Name}={c.Value.GetProperty("Status").GetString()}({c.Value.GetProperty("Output").GetString() + c.Value.GetProperty("Notes").GetString()})")
            .Order(StringComparer.Ordinal);
        return services.RootElement.GetRawText() + string.Join(' ', told);
    }
}
