namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>Agents that do not belong together: the one that joins says why it may not, and the pool goes on as before.</summary>
public sealed class MismatchedPeerTests : IAsyncDisposable
{
    private const string Key = "AAAAAAAAAAAAAAAAAAAAAA==";
    private const string OtherKey = "AQEBAQEBAQEBAQEBAQEBAQ==";
    private const string NodeId = "5f2504e0-4f89-41d3-9a0c-0305e82c3301";

    private readonly string _directory = Directory.CreateTempSubdirectory("k8sconsul-e2e-").FullName;

    [Theory]
    [InlineData("a wrong key", Key, new[] { "-encrypt=" + OtherKey }, "No installed keys could decrypt the message")]
    [InlineData("no key", Key, new string[0], "Remote state is encrypted and encryption is not configured")]
    [InlineData("a key where there is none", null, new[] { "-encrypt=" + Key }, "EOF|Remote state is not encrypted|Encryption is configured but remote state is not encrypted")]
    [InlineData("a node ID twice", null, new[] { "-node-id=" + NodeId }, "Member 'first' has conflicting node ID '" + NodeId + "' with this agent's ID")]
    [InlineData("another datacenter", null, new[] { "-datacenter=dc2" }, "Member 'first' part of wrong datacenter 'dc1'")]
    public async Task Who_does_not_belong_is_told_why_and_ends(string name, string? key, string[] arguments, string reason)
    {
        Assert.NotEmpty(name);
        foreach (string? program in (string?[])[AgentProcess.Program, RealConsul.Find()])
        {
            if (program is null)
            {
                continue;
            }

            string place = Directory.CreateDirectory(Path.Combine(_directory, Path.GetFileName(program))).FullName;
            string[] encrypt = key is null ? [] : ["-encrypt=" + key];
            await using var first = new AgentProcess("first", place, ["-server", "-bootstrap", "-node-id=" + NodeId, .. encrypt]) { Executable = program };
            first.Start();
            await WaitForLeaderAsync(first);
            await using var joining = new AgentProcess("joining", place, ["-retry-max=1", "-retry-join=" + first.LanAddress, .. arguments]) { Executable = program };
            joining.Start();
            Assert.Equal(1, await joining.EndAsync());
            Assert.Contains("couldn't join: number_of_nodes=0", joining.Log, StringComparison.Ordinal);
            Assert.Contains("Failed to join 127.0.0.1: ", joining.Log, StringComparison.Ordinal);
            Assert.Matches(reason, joining.Log);
            Assert.Contains("Retry join failed: error=\"agent: max join LAN retry exhausted, exiting\"", joining.Log, StringComparison.Ordinal);
            Assert.True(first.IsRunning, first.Log);
            Assert.Single(await Cluster.MembersAsync(first));
            AgentPair.AssertNoStackFrames(first.Log + joining.Log);
        }

        RealConsul.Locate();
    }

    [Fact]
    public async Task Two_bootstrapped_servers_that_meet_both_go_on_leading()
    {
        await using var first = new AgentProcess("first", _directory, "-server", "-bootstrap");
        await using var second = new AgentProcess("second", _directory, "-server", "-bootstrap", "-retry-join=" + first.LanAddress);
        first.Start();
        second.Start();
        foreach (AgentProcess server in (AgentProcess[])[first, second])
        {
            AgentProcess other = server == first ? second : first;
            await Eventually.TrueAsync(
                "the other one is refused",
                () => Task.FromResult(server.Log.Contains("Two nodes are in bootstrap mode. Only one node should be in bootstrap mode, not adding Raft peer.: node_to_add=" + other.Name, StringComparison.Ordinal)),
                () => server.Log);
        }

        foreach (AgentProcess server in (AgentProcess[])[first, second])
        {
            await WaitForLeaderAsync(server);
            Assert.DoesNotContain("raft has stopped", server.Log, StringComparison.Ordinal);
            Assert.Equal($"[\"{server.RpcAddress}\"]", (await server.Http.GetStringAsync("/v1/status/peers")).Trim());
        }
    }

    [Fact]
    public async Task Two_nodes_of_one_name_are_told_of_and_the_first_keeps_it()
    {
        await using var first = new AgentProcess("first", _directory, "-server", "-bootstrap");
        first.Start();
        await WaitForLeaderAsync(first);
        await using var second = new AgentProcess("second", _directory, "-node=first", "-retry-join=" + first.LanAddress);
        second.Start();
        await Eventually.TrueAsync(
            "the conflict is told",
            () => Task.FromResult(second.Log.Contains("Node name conflicts with another node at " + first.LanAddress + ". Names must be unique!", StringComparison.Ordinal)),
            () => second.Log);
        Assert.Single(await Cluster.MembersAsync(first));
        await WaitForLeaderAsync(first);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static Task WaitForLeaderAsync(AgentProcess server) => Eventually.TrueAsync(
        server.Name + " takes a write",
        async () => (await (await server.Http.PutAsync("/v1/kv/a", new StringContent("x"))).Content.ReadAsStringAsync()).Trim() == "true",
        () => server.Log);
}
