namespace K8sConsul.EndToEnd.Tests.Operations;

/// <summary>How an agent ends, by signal and configuration: whether it leaves first, and its exit code.</summary>
public sealed class SignalTests : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("k8sconsul-e2e-").FullName;

    [Theory]
    [InlineData("INT", false, "", "left")]
    [InlineData("TERM", false, "", "left")]
    [InlineData("INT", false, "skip_leave_on_interrupt = true", "failed")]
    [InlineData("TERM", false, "leave_on_terminate = false", "failed")]
    [InlineData("INT", true, "", "failed")]
    [InlineData("TERM", true, "", "failed")]
    [InlineData("INT", true, "skip_leave_on_interrupt = false", "left")]
    [InlineData("TERM", true, "leave_on_terminate = true", "left")]
    public async Task An_agent_leaves_or_does_not_as_the_real_one(string signal, bool isServer, string configuration, string expected)
    {
        var ends = new List<(int Code, string Fate, string Log)>();
        foreach (string? program in (string?[])[AgentProcess.Program, RealConsul.Find()])
        {
            if (program is not null)
            {
                ends.Add(await EndAsync(program, signal, isServer, configuration));
            }
        }

        RealConsul.Locate();
        Assert.Equal(expected, ends[0].Fate);
        Assert.Equal(expected, ends[1].Fate);

        int code = expected == "left" ? 0 : 1;
        Assert.Equal(code, ends[0].Code);
        if (isServer && expected == "left" && ends[1].Code == 1)
        {
            // A server's peers hang up on it as soon as it is removed, and the real one takes the broken pipe (SIGPIPE) for a second signal. When it is
            // spared that it may not have heard of its removal, and waits for it longer than the program waits for the leave.
            Assert.Matches("Caught second signal, Exiting|Timeout on graceful leave", ends[1].Log);
        }
        else
        {
            Assert.Equal(code, ends[1].Code);
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The exit code, and what a server that saw it go takes it for.</summary>
    private async Task<(int Code, string Fate, string Log)> EndAsync(string program, string signal, bool isServer, string configuration)
    {
        string place = Directory.CreateDirectory(Path.Combine(_directory, Path.GetFileName(program))).FullName;
        await using var witness = new AgentProcess("witness", place, "-server", "-bootstrap") { Executable = program };
        await using var agent = new AgentProcess("agent", place, ["-retry-join=" + witness.LanAddress, "-hcl=" + configuration, .. isServer ? (string[])["-server"] : []]) { Executable = program };
        witness.Start();
        agent.Start();
        await Eventually.TrueAsync("the witness sees the agent", async () => (await Cluster.MembersAsync(witness)).Exists(m => m is { Name: "agent", Status: 1 }), () => agent.Log);
        await Eventually.TrueAsync("the agent knows the leader", async () => (await agent.Http.GetStringAsync("/v1/status/leader")).Trim().Length > 2, () => agent.Log);
        await Eventually.TrueAsync("the agent runs", () => Task.FromResult(agent.Log.Contains("Consul agent running!", StringComparison.Ordinal)), () => agent.Log);
        int code = await agent.SignalAsync(signal);
        const int Left = 3;
        const int Failed = 4;
        string? fate = null;
        await Eventually.TrueAsync(
            "the witness knows what has become of the agent",
            async () =>
            {
                fate = (await Cluster.MembersAsync(witness)).Find(m => m.Name == "agent")?.Status switch { Left or null => "left", Failed => "failed", _ => null };
                return fate is not null;
            },
            () => witness.Log);
        BadInput.AgentPair.AssertNoStackFrames(agent.Log);
        return (code, fate!, agent.Log);
    }
}
