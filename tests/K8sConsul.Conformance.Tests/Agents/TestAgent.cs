using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using K8sConsul.Conformance.Tests.Scripts;

namespace K8sConsul.Conformance.Tests.Agents;

/// <summary>A one-server cluster of either program on free ports of the loopback, started as a process.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    /// <summary>Both programs get it, so that it needs no normalisation.</summary>
    public const string NodeId = "6cd3c1ce-3b2b-4e2b-8d33-a6a6c3f1d1aa";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly StringBuilder _output = new();
    private bool _nodeWasCompleted;

    private TestAgent(Process process, DirectoryInfo folder, int[] ports)
    {
        _process = process;
        _folder = folder;
        Ports = [(ports[0], "http-port"), (ports[1], "dns-port"), (ports[2], "server-port"), (ports[3], "serf-port")];
    }

    public IReadOnlyList<(int Port, string Role)> Ports { get; }

    public int HttpPort => Ports[0].Port;

    public int ServerPort => Ports[2].Port;

    public int SerfPort => Ports[3].Port;

    /// <summary>
    /// Starts an agent whose node was first registered by the leader and then completed by the agent itself. Rarely it is the
    /// other way round, and the node has one index where transcripts tell two; such an agent is replaced.
    /// </summary>
    public static async Task<TestAgent> StartAsync(string program, Script script)
    {
        while (true)
        {
            TestAgent agent = await StartOnceAsync(program, script);
            if (agent._nodeWasCompleted)
            {
                return agent;
            }

            await agent.DisposeAsync();
        }
    }

    private static async Task<TestAgent> StartOnceAsync(string program, Script script)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("k8sconsul-conformance-");
        int[] ports = K8sConsul.Tests.Ports.Take(4);
        string config = Path.Combine(folder.FullName, "agent.json");
        await File.WriteAllTextAsync(config, string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"node_name":"n1","node_id":"{{NodeId}}","enable_debug":false,"disable_update_check":true,
             "ports":{"http":{{ports[0]}},"dns":{{ports[1]}},"server":{{ports[2]}},"serf_lan":{{ports[3]}},"serf_wan":-1,"grpc":-1}
             {{(script.Config.Length > 0 ? "," : string.Empty)}}{{script.Config}}}
            """));
        string[] mode = script.Mode switch
        {
            "dev" => ["-dev"],
            "server" => ["-server", "-bootstrap-expect=1", "-bind=127.0.0.1", "-client=127.0.0.1", "-data-dir=" + Path.Combine(folder.FullName, "data")],
            _ => throw new FormatException($"unknown mode {script.Mode}"),
        };
        var start = new ProcessStartInfo(program, ["agent", .. mode, "-config-file", config])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var agent = new TestAgent(Process.Start(start)!, folder, ports);
        agent._process.OutputDataReceived += (_, line) => agent.Keep(line.Data);
        agent._process.ErrorDataReceived += (_, line) => agent.Keep(line.Data);
        agent._process.BeginOutputReadLine();
        agent._process.BeginErrorReadLine();
        try
        {
            await agent.WaitUntilSyncedAsync();
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }

        return agent;
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Waits until the server leads, is in the catalog, and the agent has synced its own node.</summary>
    private async Task WaitUntilSyncedAsync()
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < StartLimit && !_process.HasExited;)
        {
            try
            {
                WireAnswer node = await GetAsync("/v1/catalog/node/n1");
                WireAnswer checks = await GetAsync("/v1/health/node/n1");
                if (Encoding.UTF8.GetString(node.Body).Contains("lan_ipv4", StringComparison.Ordinal)
                    && Encoding.UTF8.GetString(checks.Body).Contains("serfHealth", StringComparison.Ordinal))
                {
                    _nodeWasCompleted = JsonView.Find(node.Body, "Node/CreateIndex") != JsonView.Find(node.Body, "Node/ModifyIndex");
                    return;
                }
            }
            catch (Exception failure) when (failure is SocketException or IOException)
            {
                // Not listening yet.
            }

            // Polling a foreign process is the one wait that no event can replace.
            await Task.Delay(50);
        }

        throw new InvalidOperationException($"{_process.StartInfo.FileName} did not come up:\n{Output}");
    }

    private Task<WireAnswer> GetAsync(string path) => WireClient.SendAsync(HttpPort, "GET", path, [], body: null, chunked: false, headersOnly: false);

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
