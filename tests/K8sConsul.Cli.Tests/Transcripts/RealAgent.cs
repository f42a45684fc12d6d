using System.Diagnostics;
using System.Text.Json.Nodes;
using K8sConsul.Cli.Tests.GoFlags;
using K8sConsul.Tests;

namespace K8sConsul.Cli.Tests.Transcripts;

/// <summary>HashiCorp's agent in development mode, on ports of its own.</summary>
internal sealed class RealAgent : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly int[] _ports;

    private RealAgent(Process process, int[] ports)
    {
        _process = process;
        _ports = ports;
    }

    public string Address => $"127.0.0.1:{_ports[0]}";

    public Normaliser Words { get; } = new();

    public static async Task<RealAgent> StartAsync(Workplace place)
    {
        int[] ports = Ports.Take(4);
        string[] arguments =
        [
            "agent", "-dev", "-node", "n1", "-bind", "127.0.0.1", "-client", "127.0.0.1", "-dns-port", "-1", "-grpc-port", "-1",
            "-http-port", $"{ports[0]}", "-server-port", $"{ports[1]}", "-serf-lan-port", $"{ports[2]}", "-serf-wan-port", $"{ports[3]}",
            "-log-level", "err",
        ];
        Process process = Process.Start(new ProcessStartInfo(RealConsul.Locate(), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var agent = new RealAgent(process, ports);
        await agent.PrepareAsync(place);
        return agent;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task PrepareAsync(Workplace place)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{Address}") };
        JsonNode node = await AwaitNodeAsync(http);
        Words.Add(place.Folder, "{dir}");
        Words.Add($"{node["ID"]}", "11111111-1111-1111-1111-111111111111");
        Words.Add($"{node["ID"]}"[..8], "11111111");
        Words.Add(await CreateSessionAsync(http), Invocations.Session1);
        Words.Add(await CreateSessionAsync(http), Invocations.Session2);
        Words.Add($"127.0.0.1:{_ports[2]}", "{serf}");
        Words.Add($"127.0.0.1:{_ports[3]}", "{wan}");
        string[] names = ["28500", "28300", "28301", "28302"];
        for (int i = 0; i < names.Length; i++)
        {
            Words.Add($"{_ports[i]}", names[i]);
        }

        // Back again, for what is shown: only arguments name the addresses by role.
        Words.Add("{serf}", "127.0.0.1:28301");
        Words.Add("{wan}", "127.0.0.1:28302");
    }

    private static async Task<JsonNode> AwaitNodeAsync(HttpClient http)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < _patience)
        {
            try
            {
                // A blocking query sleeps in the agent and not here.
                JsonArray nodes = JsonNode.Parse(await http.GetStringAsync("/v1/catalog/nodes?index=1&wait=2s"))!.AsArray();
                JsonArray services = JsonNode.Parse(await http.GetStringAsync("/v1/catalog/service/consul"))!.AsArray();
                if (nodes.Count > 0 && services.Count > 0)
                {
                    return nodes[0]!;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet, or without a leader.
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }

        throw new TimeoutException($"the agent had no leader and no node after {_patience}");
    }

    private static async Task<string> CreateSessionAsync(HttpClient http)
    {
        using HttpResponseMessage response = await http.PutAsync("/v1/session/create", new StringContent("{\"NodeChecks\":[]}"));
        return $"{JsonNode.Parse(await response.Content.ReadAsStringAsync())!["ID"]}";
    }
}
