namespace K8sConsul.EndToEnd.Tests;

/// <summary>An agent that is told to stop is gone soon, and comes back with what it had.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task A_terminated_server_exits_and_returns_with_its_data()
    {
        string directory = Directory.CreateTempSubdirectory("k8sconsul-e2e-").FullName;
        try
        {
            await using var server = new AgentProcess("alone", directory, "-server", "-bootstrap");
            server.Start();
            await Eventually.TrueAsync(
                "the first write is taken",
                async () => await (await server.Http.PutAsync("/v1/kv/kept", new StringContent("value"))).Content.ReadAsStringAsync() == "true",
                () => server.Log);
            Assert.Equal(1, await server.SignalAsync("TERM"));
            Assert.Contains("Exit code: code=1", server.Log, StringComparison.Ordinal);
            Assert.DoesNotContain("[ERROR]", server.Log[server.Log.IndexOf("Caught: signal=terminated", StringComparison.Ordinal)..], StringComparison.Ordinal);
            server.Start();
            await Eventually.TrueAsync(
                "the value is there after a restart",
                async () => await server.Http.GetStringAsync("/v1/kv/kept?raw") == "value",
                () => server.Log);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
