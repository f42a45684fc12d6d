using System.Text.Json.Nodes;
using K8sConsul.Tests;

namespace K8sConsul.Agent.Tests.Membership;

/// <summary>A Consul 1.8.7 server agent of its own, alone in its cluster.</summary>
internal sealed class RealConsul : RealPeer
{
    private static readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly string _program;
    private readonly int _httpPort;
    private readonly string _folder;

    private RealConsul(string program, string folder, int httpPort, int lanPort, int wanPort, int rpcPort, IEnumerable<string> arguments)
        : base(program, arguments)
    {
        (_program, _folder, _httpPort, RpcPort) = (program, folder, httpPort, rpcPort);
        (Address, WanAddress) = ($"127.0.0.1:{lanPort}", $"127.0.0.1:{wanPort}");
    }

    /// <summary>In the LAN pool.</summary>
    public string Address { get; }

    public string WanAddress { get; }

    public int RpcPort { get; }

    public string Folder => _folder;

    public static async Task<RealConsul> StartAsync(params string[] more)
    {
        string? testbed = Environment.GetEnvironmentVariable("K8SCONSUL_TESTBED");
        string? program = testbed is null ? null : Path.Combine(testbed, "bin", "consul-real");
        program = Require(File.Exists(program) ? program : null, "the real consul (K8SCONSUL_TESTBED)");
        string folder = Directory.CreateTempSubdirectory("consul-").FullName;
        (int http, int lan, int wan, int rpc) = (Ports.Take(), Ports.Take(), Ports.Take(), Ports.Take());
        string[] arguments =
        [
            "agent", "-server", "-bootstrap-expect=1", "-node=srv1", "-bind=127.0.0.1", "-client=127.0.0.1", $"-data-dir={folder}", $"-http-port={http}",
            $"-serf-lan-port={lan}", $"-serf-wan-port={wan}", $"-server-port={rpc}", "-dns-port=-1", "-log-level=debug", .. more,
        ];
        var consul = new RealConsul(program, folder, http, lan, wan, rpc, arguments);
        await consul.UntilAsync(async () => (await consul.TryGetAsync("/v1/status/leader"))?.ToString() is { Length: > 2 }, "consul to elect itself");
        return consul;
    }

    public Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments) =>
        RunAsync(_program, [.. arguments[..1], $"-http-addr=127.0.0.1:{_httpPort}", .. arguments[1..]]);

    public async Task<JsonNode?> TryGetAsync(string path)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync($"http://127.0.0.1:{_httpPort}{path}", TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async Task<JsonObject?> MemberAsync(string name, bool wan = false) =>
        (await TryGetAsync("/v1/agent/members" + (wan ? "?wan=1" : string.Empty)))?.AsArray().Select(m => m!.AsObject()).FirstOrDefault(m => m["Name"]!.GetValue<string>() == name);

    public Task UntilMemberStatusAsync(string name, int status) => UntilAsync(
        async () => (await MemberAsync(name))?["Status"]?.GetValue<int>() == status, $"consul to see {name} with status {status}");

    /// <summary>passing, critical, or null when the catalog does not know the node.</summary>
    public async Task<string?> SerfHealthAsync(string name) =>
        (await TryGetAsync($"/v1/health/node/{name}"))?.AsArray().FirstOrDefault(c => c!["CheckID"]!.GetValue<string>() == "serfHealth")?["Status"]?.GetValue<string>();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
