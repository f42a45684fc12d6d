using System.Net.Http.Json;
using System.Text.Json;

namespace K8sConsul.EndToEnd.Tests.Operations;

/// <summary>
/// What an operator does when servers are gone for good. Goal: dead servers leave by themselves while a majority lives, and a lone
/// survivor goes on with all data by peers.json. Method: real processes, SIGKILL.
/// </summary>
public sealed class RecoveryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_survivor_of_three_is_recovered_by_peers_json_with_its_data()
    {
        await using Cluster cluster = await Cluster.StartAsync(servers: 3, clients: 0);
        AgentProcess survivor = cluster.Servers[0];
        await PutAsync(survivor, "before");
        await Eventually.TrueAsync("the survivor has the key", async () => (await GetAsync(survivor, "before?raw&stale")) == "before", () => survivor.Log);

        // Both at once: one after the other, the first would be cleaned up and the second leave a cluster of two.
        await Task.WhenAll(cluster.Servers.Skip(1).Select(server => server.KillAsync()));
        await survivor.KillAsync();
        string raft = Path.Combine(survivor.DataDirectory, "raft");
        string id = await File.ReadAllTextAsync(Path.Combine(survivor.DataDirectory, "node-id"), Token);
        Assert.True(File.Exists(Path.Combine(raft, "peers.info")));

        await File.WriteAllTextAsync(Path.Combine(raft, "peers.json"), "[]", Token);
        survivor.Start();
        Assert.Equal(1, await survivor.EndAsync());
        Assert.Contains(
            "Failed to start Consul server: Failed to start Raft: recovery failed to parse peers.json: Need at least one voter in configuration: {[]}",
            survivor.Log,
            StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(raft, "peers.json"), $$"""[{"id":"{{id.Trim()}}","address":"{{survivor.RpcAddress}}"}]""", Token);
        survivor.Start();
        await Eventually.TrueAsync("the survivor leads", async () => await GetAsync(survivor, "before?raw") == "before", () => survivor.Log);
        Assert.False(File.Exists(Path.Combine(raft, "peers.json")));
        Assert.Equal([id.Trim()], await PeersAsync(survivor));
        await PutAsync(survivor, "after");

        // It stays so without the file.
        await survivor.KillAsync();
        survivor.Start();
        await Eventually.TrueAsync("all is there after a restart", async () => await GetAsync(survivor, "after?raw") == "after", () => survivor.Log);
        Assert.Equal("before", await GetAsync(survivor, "before?raw"));
        Assert.Equal([id.Trim()], await PeersAsync(survivor));
    }

    [Fact]
    public async Task A_dead_server_of_three_is_cleaned_up_and_comes_back_with_a_vote()
    {
        await using Cluster cluster = await Cluster.StartAsync(servers: 3, clients: 0);
        AgentProcess dead = cluster.Servers[2];
        AgentProcess alive = cluster.Servers[0];
        await Eventually.TrueAsync("all are healthy", () => IsHealthyAsync(alive, servers: 3), () => alive.Log);
        await dead.KillAsync();
        await Eventually.TrueAsync("the dead server has left", () => IsHealthyAsync(alive, servers: 2), () => alive.Log);
        dead.Start();
        await Eventually.TrueAsync(
            "it is back with a vote",
            async () => await IsHealthyAsync(alive, servers: 3) && (await HealthAsync(alive))?.GetProperty("Servers").EnumerateArray().All(server => server.GetProperty("Voter").GetBoolean()) == true,
            () => alive.Log + dead.Log);
    }

    private static async Task<bool> IsHealthyAsync(AgentProcess agent, int servers)
    {
        return await HealthAsync(agent) is { } health
            && health.GetProperty("Healthy").GetBoolean() && health.GetProperty("Servers").GetArrayLength() == servers;
    }

    /// <returns>Null while no leader can be asked; an unhealthy cluster is told with a status of its own.</returns>
    private static async Task<JsonElement?> HealthAsync(AgentProcess agent)
    {
        using HttpResponseMessage answer = await agent.Http.GetAsync("/v1/operator/autopilot/health", Token);
        return answer.StatusCode == System.Net.HttpStatusCode.InternalServerError ? null : await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private static async Task PutAsync(AgentProcess agent, string key)
    {
        using HttpResponseMessage answer = await agent.Http.PutAsync("/v1/kv/" + key, new StringContent(key), Token);
        Assert.Equal("true", await answer.Content.ReadAsStringAsync(Token));
    }

    private static async Task<string> GetAsync(AgentProcess agent, string query)
    {
        using HttpResponseMessage answer = await agent.Http.GetAsync("/v1/kv/" + query, Token);
        return await answer.Content.ReadAsStringAsync(Token);
    }

    private static async Task<IEnumerable<string?>> PeersAsync(AgentProcess agent)
    {
        JsonElement configuration = await agent.Http.GetFromJsonAsync<JsonElement>("/v1/operator/raft/configuration", Token);
        return [.. configuration.GetProperty("Servers").EnumerateArray().Select(server => server.GetProperty("ID").GetString())];
    }
}
