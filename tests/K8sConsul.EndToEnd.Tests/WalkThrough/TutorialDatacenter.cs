using System.Globalization;

namespace K8sConsul.EndToEnd.Tests.WalkThrough;

/// <summary>
/// The two machines of the tutorial: agent-one is a server at 172.20.20.10, agent-two a client at 172.20.20.11 that has not
/// joined yet. Their node IDs are given, so that tables can be compared. A web application stands at port 8080 of agent-two.
/// </summary>
internal sealed class TutorialDatacenter : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("k8sconsul-walk-").FullName;

    private TutorialDatacenter(string program)
    {
        Network = LoopbackNetwork.Take();
        One = Agent(program, 1, "-server", "-bootstrap-expect=1");
        Two = Agent(program, 2);
        Web = new WebApplication(Two.Address, 8080);
    }

    public LoopbackNetwork Network { get; }

    public AgentProcess One { get; }

    public AgentProcess Two { get; }

    public WebApplication Web { get; }

    public string ConfigurationOf(AgentProcess agent) => Path.Combine(_directory, agent.Name + ".d");

    public string PidFileOf(AgentProcess agent) => Path.Combine(_directory, agent.Name + ".pid");

    public static async Task<TutorialDatacenter> StartAsync(string program)
    {
        var datacenter = new TutorialDatacenter(program);
        try
        {
            datacenter.One.Start();
            datacenter.Two.Start();
            await Eventually.TrueAsync(
                "agent-one is in its own catalog with all that it tells of itself",
                async () => (await datacenter.One.Http.GetStringAsync("/v1/catalog/node/agent-one")).Contains("consul-network-segment", StringComparison.Ordinal),
                () => datacenter.One.Log);
            await Eventually.TrueAsync(
                "agent-two answers",
                async () => (await datacenter.Two.Http.GetStringAsync("/v1/agent/self")).Length > 0,
                () => datacenter.Two.Log);
            return datacenter;
        }
        catch
        {
            await datacenter.DisposeAsync();
            throw;
        }
    }

    public async Task JoinAsync()
    {
        using HttpResponseMessage answer = await Two.Http.PutAsync("/v1/agent/join/" + One.Address, content: null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await Eventually.TrueAsync(
            "agent-two is in the catalog with all that it tells of itself",
            async () => (await One.Http.GetStringAsync("/v1/catalog/node/agent-two")).Contains("consul-network-segment", StringComparison.Ordinal),
            () => Two.Log);
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
        await Web.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private AgentProcess Agent(string program, int number, params string[] role)
    {
        string name = number == 1 ? "agent-one" : "agent-two";
        string configuration = Path.Combine(_directory, name + ".d");
        Directory.CreateDirectory(configuration);
        return AgentProcess.At(
            string.Create(CultureInfo.InvariantCulture, $"{Network.Prefix}{9 + number}"),
            program,
            name,
            _directory,
            [
                "-config-dir=" + configuration, "-pid-file=" + Path.Combine(_directory, name + ".pid"), "-enable-script-checks",
                string.Create(CultureInfo.InvariantCulture, $"-node-id={new string((char)('0' + number), 8)}-0000-4000-8000-000000000000"),
                "-hcl=disable_update_check = true performance { raft_multiplier = 1 }", .. role,
            ]);
    }
}
