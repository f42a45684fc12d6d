using System.Text;

namespace K8sConsul.Cli.Tests.Transcripts;

/// <summary>Where the program of 1.8.7 is wrong and ours is not. Every other difference is a mistake of ours.</summary>
public sealed class DeliberateDifferenceTests
{
    /// <summary>The real one prints the same, stores an empty value all the same, and ends with 0.</summary>
    [Theory]
    [InlineData("!!!", 0)]
    [InlineData("aGVsbG8", 4)]
    [InlineData("aGV!bG8=", 3)]
    public async Task A_put_of_bad_base64_fails_and_stores_nothing(string data, int offset)
    {
        (RunResult result, List<PeerRequest> requests) = await RunAsync(new ProgramRun(["kv", "put", "-base64", "k", data]), "true");
        Assert.Equal(new RunResult(string.Empty, $"Error! Cannot base 64 decode data: illegal base64 data at input byte {offset}\n", 1), result);
        Assert.Empty(requests);
    }

    /// <summary>The real one forgets it, and registers the service with the agent's token.</summary>
    [Fact]
    public async Task A_service_s_own_token_is_sent()
    {
        (RunResult result, List<PeerRequest> requests) = await RunAsync(new ProgramRun(["services", "register", "{dir}/tok.json"]), "");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("\"Token\":\"abc\"", Encoding.UTF8.GetString(Assert.Single(requests).Body), StringComparison.Ordinal);
    }

    /// <summary>The real one registers it; here there is no Connect, and the agent's reader of configuration says so.</summary>
    [Fact]
    public async Task A_sidecar_is_refused_and_not_forgotten()
    {
        (RunResult result, List<PeerRequest> requests) = await RunAsync(new ProgramRun(["services", "register", "{dir}/conn.json"]), "");
        Assert.StartsWith("Error: services[0].connect.sidecar_service: ", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(requests);
    }

    /// <summary>The real one takes the flag and does not send it.</summary>
    [Theory]
    [InlineData("nodes", "/v1/catalog/nodes?stale=")]
    [InlineData("services", "/v1/catalog/services?stale=")]
    public async Task A_listing_of_the_catalog_may_be_stale(string command, string target)
    {
        (_, List<PeerRequest> requests) = await RunAsync(new ProgramRun(["catalog", command, "-stale"]), command == "nodes" ? "[]" : "{}");
        Assert.Equal(target, Assert.Single(requests).Target);
    }

    /// <summary>The real one crashes.</summary>
    [Fact]
    public async Task An_import_of_null_is_refused()
    {
        (RunResult result, _) = await RunAsync(new ProgramRun(["kv", "import", "[null]"]), "true");
        Assert.Equal("Cannot unmarshal data: json: cannot unmarshal null into Go value of type impexp.Entry\n", result.Error);
        Assert.Equal(1, result.ExitCode);
    }

    /// <summary>The real one takes the path for a part of the host's name.</summary>
    [Fact]
    public async Task An_address_may_have_a_path()
    {
        (RunResult result, List<PeerRequest> requests) = await RunAsync(new ProgramRun(["kv", "get", "k"]), "v", "/behind/a/proxy");
        Assert.Equal("v\n", result.Output);
        Assert.Equal("/behind/a/proxy/v1/kv/k?raw=", Assert.Single(requests).Target);
    }

    /// <summary>The real one leaves it to the umask, which lets everybody read it.</summary>
    [Fact]
    public async Task A_saved_snapshot_is_its_owner_s_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }

        byte[] archive = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Testdata", "consul-1.8.7.snap"));
        using Workplace place = Workplace.Create();
        string file = Path.Combine(place.Folder, "saved.snap");
        await using var agent = new HttpPeer(_ => Task.FromResult(new PeerAnswer(200, [new("X-Consul-Index", "16")], archive)));
        RunResult result = await Runs.OursAsync(new ProgramRun(["snapshot", "save", file]), new Normaliser(), agent.Address);
        Assert.Equal(new RunResult("Saved and verified snapshot to index 16\n", string.Empty, 0), result);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(archive, await File.ReadAllBytesAsync(file));
    }

    private static async Task<(RunResult Result, List<PeerRequest> Requests)> RunAsync(ProgramRun invocation, string answer, string pathPrefix = "")
    {
        using Workplace place = Workplace.Create();
        var words = new Normaliser();
        words.Add(place.Folder, "{dir}");
        List<PeerRequest> requests = [];
        await using var agent = new HttpPeer(request =>
        {
            requests.Add(request);
            return Task.FromResult(new PeerAnswer(200, [], Encoding.UTF8.GetBytes(answer)));
        });
        return (await Runs.OursAsync(invocation, words, agent.Address + pathPrefix), requests);
    }
}
