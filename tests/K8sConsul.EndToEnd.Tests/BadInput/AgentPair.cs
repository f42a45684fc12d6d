namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>A server of ours and a real one, alike in everything but their ports, started once for many requests.</summary>
public sealed class AgentPair : IAsyncLifetime
{
    private const string KeptKey = "/v1/kv/kept/by/the/test";
    private const string KeptValue = "written before anything bad came";

    private readonly string _directory = Directory.CreateTempSubdirectory("k8sconsul-e2e-").FullName;

    internal AgentProcess Ours { get; private set; } = null!;

    internal AgentProcess? Real { get; private set; }

    public async ValueTask InitializeAsync()
    {
        // One raises the limits as the other does; the default of connections per client would be met by the tests themselves.
        string[] arguments = ["-server", "-bootstrap", "-hcl=limits { http_max_conns_per_client = 10000 }"];
        Ours = new AgentProcess("node1", Path.Combine(_directory, "ours"), arguments);
        Ours.Start();
        if (RealConsul.Find() is { } program)
        {
            Real = new AgentProcess("node1", Path.Combine(_directory, "real"), arguments) { Executable = program };
            Real.Start();
        }

        foreach (AgentProcess agent in Real is null ? [Ours] : new[] { Ours, Real })
        {
            await Eventually.TrueAsync(
                "the first write is taken",
                async () => (await (await agent.Http.PutAsync(KeptKey, new StringContent(KeptValue))).Content.ReadAsStringAsync()).Trim() == "true",
                () => agent.Log);

            // The node is in the catalog: what registers against it is answered alike from now on.
            await Eventually.TrueAsync(
                "the node is registered",
                async () => (await agent.Http.GetStringAsync("/v1/catalog/node/node1")).Contains("node1", StringComparison.Ordinal),
                () => agent.Log);
        }
    }

    /// <summary>Ours lives, has what it had, and has shown nobody its insides.</summary>
    internal async Task AssertUnharmedAsync()
    {
        Assert.True(Ours.IsRunning, Ours.Log);
        Assert.Equal(KeptValue, await Ours.Http.GetStringAsync(KeptKey + "?raw"));
        AssertNoStackFrames(Ours.Log);
    }

    internal static void AssertNoStackFrames(string text)
    {
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await Ours.DisposeAsync();
        if (Real is not null)
        {
            await Real.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
