using System.Globalization;
using System.Net.Http.Json;

namespace K8sConsul.EndToEnd.Tests.Operations;

/// <summary>
/// A machine that was put back to an image of its disk has forgotten what it promised: entries that it acknowledged, perhaps votes. Goal: it
/// must not count as a copy of them; method: the data directory of a follower is replaced by a copy from before many writes.
/// </summary>
public sealed class RolledBackDiskTests
{
    [Fact]
    public async Task A_server_whose_disk_was_put_back_stops_and_says_so_and_the_others_go_on()
    {
        await using Cluster cluster = await Cluster.StartAsync(servers: 3, clients: 0);
        AgentProcess leader = await cluster.LeaderAsync();

        // Not the first, who knows nobody once its directory is empty.
        AgentProcess follower = cluster.Servers.Skip(1).First(server => server != leader);
        await PutAsync(leader, 1);
        await HasAsync(follower, 1);
        await follower.KillAsync();
        string image = follower.DataDirectory + ".image";
        Copy(follower.DataDirectory, image);
        follower.Start();
        await cluster.WaitUntilWholeAsync();

        for (int i = 2; i <= 20; i++)
        {
            await PutAsync(leader, i);
        }

        await HasAsync(follower, 20);
        await follower.KillAsync();
        Directory.Delete(follower.DataDirectory, recursive: true);
        Directory.Move(image, follower.DataDirectory);
        follower.Start();

        Assert.Equal(1, await follower.EndAsync());
        Assert.Contains("the data directory was put back to an earlier state", follower.Log, StringComparison.Ordinal);
        await PutAsync(leader, 21);
        Assert.Equal("21", await leader.Http.GetStringAsync("/v1/kv/n?raw"));

        // As the message says: out, and in again with an empty directory.
        using HttpResponseMessage removed = await leader.Http.PutAsync("/v1/agent/force-leave/" + follower.Name, null);
        removed.EnsureSuccessStatusCode();
        await Eventually.TrueAsync("it is no peer any more", async () => (await PeersAsync(leader)).Count == 2, () => leader.Log);
        Directory.Delete(follower.DataDirectory, recursive: true);
        follower.Start();
        await Eventually.TrueAsync("it is a peer again", async () => (await PeersAsync(leader)).Count == 3, () => follower.Log);
        await HasAsync(follower, 21);
    }

    private static async Task<List<string>> PeersAsync(AgentProcess agent) =>
        await agent.Http.GetFromJsonAsync<List<string>>("/v1/status/peers") ?? [];

    private static Task PutAsync(AgentProcess agent, int value)
    {
        return agent.PutKeyAsync("n", value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>On its own disk, since it applies nothing else.</summary>
    private static Task HasAsync(AgentProcess agent, int value) => Eventually.TrueAsync(
        $"{agent.Name} has {value}",
        async () =>
        {
            using HttpResponseMessage answer = await agent.Http.GetAsync("/v1/kv/n?raw&stale");
            return answer.IsSuccessStatusCode && await answer.Content.ReadAsStringAsync() == value.ToString(CultureInfo.InvariantCulture);
        },
        () => agent.Log);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
