using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using K8sConsul.Tests;

namespace K8sConsul.Testing;

/// <summary>
/// A real Consul in dev mode on free ports of the loopback, for tests that compare answers. The program is found through
/// the environment variable K8SCONSUL_TESTBED; without it the calling test is skipped, except under CI=true where that fails.
/// </summary>
internal sealed class RealConsulAgent : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly StringBuilder _output = new();

    private RealConsulAgent(Process process, DirectoryInfo folder, int httpPort, int dnsPort, int serverPort)
    {
        _process = process;
        _folder = folder;
        ServerPort = serverPort;
        DnsEndPoint = new IPEndPoint(IPAddress.Loopback, dnsPort);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{httpPort.ToString(CultureInfo.InvariantCulture)}") };
    }

    public HttpClient Http { get; }

    public int ServerPort { get; }

    public IPEndPoint DnsEndPoint { get; }

    /// <summary>Starts the agent and waits until it leads its one-server cluster.</summary>
    /// <param name="settings">More configuration, as the members of a JSON object ("" for none).</param>
    public static async Task<RealConsulAgent> StartAsync(string settings = "")
    {
        string program = FindProgram();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("k8sconsul-real-");
        int[] ports = Ports.Take(4);
        string config = Path.Combine(folder.FullName, "agent.json");
        await File.WriteAllTextAsync(
            config,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                {"node_name":"n1","node_id":"eeeeeeee-eeee-4eee-8eee-eeeeeeeeeeee","ports":{"http":{{ports[0]}},"dns":{{ports[1]}},"server":{{ports[2]}},"serf_lan":{{ports[3]}},"serf_wan":-1,"grpc":-1}{{(settings.Length > 0 ? "," : "")}}{{settings}}}
                """));
        var start = new ProcessStartInfo(program, ["agent", "-dev", "-config-file", config])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var agent = new RealConsulAgent(Process.Start(start)!, folder, ports[0], ports[1], ports[2]);
        agent._process.OutputDataReceived += (_, line) => agent.Keep(line.Data);
        agent._process.ErrorDataReceived += (_, line) => agent.Keep(line.Data);
        agent._process.BeginOutputReadLine();
        agent._process.BeginErrorReadLine();
        await agent.WaitForLeaderAsync();
        return agent;
    }

    public async Task PutAsync(string path, string json)
    {
        using var content = new StringContent(json);
        using HttpResponseMessage answer = await Http.PutAsync(new Uri(path, UriKind.Relative), content);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"PUT {path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    public async Task PostAsync(string path, string json)
    {
        using var content = new StringContent(json);
        using HttpResponseMessage answer = await Http.PostAsync(new Uri(path, UriKind.Relative), content);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"POST {path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string FindProgram()
    {
        string? testbed = Environment.GetEnvironmentVariable("K8SCONSUL_TESTBED");
        string program = Path.Combine(testbed ?? "", "bin", "consul-real");
        if (testbed is null || !File.Exists(program))
        {
            const string Reason = "K8SCONSUL_TESTBED names no folder that holds bin/consul-real.";
            if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal))
            {
                Assert.Fail(Reason);
            }

            Assert.Skip(Reason);
        }

        return program;
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }

    private async Task WaitForLeaderAsync()
    {
        // Polling a foreign process is the one wait that no event can replace.
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(60);)
        {
            if (_process.HasExited)
            {
                break;
            }

            try
            {
                // The first catalog entry of the server itself means: leader elected and reconciled.
                string services = await Http.GetStringAsync(new Uri("/v1/catalog/service/consul", UriKind.Relative));
                if (services.Contains("n1", StringComparison.Ordinal))
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet, or no leader yet (500).
            }

            await Task.Delay(50);
        }

        lock (_output)
        {
            throw new InvalidOperationException($"The real Consul did not come up:\n{_output}");
        }
    }
}
