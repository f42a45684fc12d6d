using System.Diagnostics;
using System.Text;
using System.Text.Json;
using K8sConsul.Tests;

namespace K8sConsul.Agent.Tests.Checks;

/// <summary>A real Consul, started for one test. The folder that holds it is named by K8SCONSUL_TESTBED.</summary>
internal sealed class RealConsul : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly string _directory;

    private RealConsul(Process process, int port, string directory)
    {
        _process = process;
        _directory = directory;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>Skips the calling test where there is none, except in CI.</summary>
    /// <param name="dataDirectory">Its data; null: a new one, removed at the end.</param>
    public static async Task<RealConsul> StartAsync(string? dataDirectory = null)
    {
        string? folder = Environment.GetEnvironmentVariable("K8SCONSUL_TESTBED");
        string program = Path.Combine(folder ?? "", "bin", "consul-real");
        if (folder is null || !File.Exists(program))
        {
            const string Reason = "no real Consul on this machine (K8SCONSUL_TESTBED)";
            Assert.False(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal), Reason);
            Assert.Skip(Reason);
        }

        string directory = Directory.CreateTempSubdirectory("real-consul-").FullName;
        int[] ports = Ports.Take(5);
        File.WriteAllText(Path.Combine(directory, "c.json"), $$$"""
            {"node_name":"n1","server":true,"bootstrap":true,"bind_addr":"127.0.0.1","data_dir":"{{{dataDirectory ?? Path.Combine(directory, "data")}}}","enable_script_checks":true,"check_update_interval":"0s",
             "performance":{"raft_multiplier":1},"ports":{"http":{{{ports[0]}}},"dns":-1,"server":{{{ports[1]}}},"serf_lan":{{{ports[2]}}},"serf_wan":{{{ports[3]}}}}}
            """);
        Process process = Process.Start(new ProcessStartInfo(program, ["agent", "-config-file", Path.Combine(directory, "c.json"), "-log-level", "err"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        RealConsul consul = new(process, ports[0], directory);
        await consul.UntilAsync(async () => (await consul.GetAsync("/v1/status/leader")).Contains("127", StringComparison.Ordinal), "the real Consul has a leader");
        return consul;
    }

    /// <summary>An empty text when it worked, else status and body.</summary>
    public async Task<string> PutAsync(string path, string? json = null)
    {
        using StringContent content = new(json ?? "", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PutAsync(new Uri(path, UriKind.Relative), content);
        string body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? body : $"{(int)response.StatusCode} {body}";
    }

    public async Task<string> GetAsync(string path)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri(path, UriKind.Relative));
            return await response.Content.ReadAsStringAsync();
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return "";
        }
    }

    /// <summary>Status and output of every check.</summary>
    public async Task<Dictionary<string, (string Status, string Output)>> ChecksAsync()
    {
        using JsonDocument json = JsonDocument.Parse(await GetAsync("/v1/agent/checks"));
        return json.RootElement.EnumerateObject().ToDictionary(
            static c => c.Name, static c => (c.Value.GetProperty("Status").GetString()!, c.Value.GetProperty("Output").GetString()!));
    }

    public async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"did not happen within 60 s: {what}");
            await Task.Delay(200);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
