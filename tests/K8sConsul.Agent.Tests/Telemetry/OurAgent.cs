using System.Globalization;
using System.Net;
using K8sConsul.Agent.Configuration;
using K8sConsul.Agent.Lifecycle;
using K8sConsul.Agent.Logging;
using K8sConsul.Logging;
using K8sConsul.Tests;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Tests.Telemetry;

/// <summary>An agent of ours in development mode, in this process, on free ports of the loopback address.</summary>
internal sealed class OurAgent : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConsulAgent _agent;
    private readonly LogHub _log;

    private OurAgent(ConsulAgent agent, LogHub log, int httpPort, int dnsPort)
    {
        (_agent, _log) = (agent, log);
        DnsEndPoint = new IPEndPoint(IPAddress.Loopback, dnsPort);
        Http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{httpPort}")) };
    }

    public HttpClient Http { get; }

    public IPEndPoint DnsEndPoint { get; }

    public string DescribeMetrics() => _agent.DescribeMetrics();

    /// <summary>Starts it and waits until it leads its one-server cluster.</summary>
    public static async Task<OurAgent> StartAsync(string settings)
    {
        int[] ports = Ports.Take(4);
        string common = string.Create(
            CultureInfo.InvariantCulture,
            $$"""node_name = "n1" ports { http = {{ports[0]}} dns = {{ports[1]}} server = {{ports[2]}} serf_lan = {{ports[3]}} serf_wan = -1 }""");
        ConfigOutcome outcome = new ConfigLoader(ConfigHost.System()).Load(new ConfigInputs { DevMode = true, HclFragments = [common, settings] });
        Assert.True(outcome.Config is not null, outcome.Error);
        var log = new LogHub(LogLevel.Error, json: false, TimeProvider.System, LogNames.Naming);
        var agent = new OurAgent(
            new ConsulAgent(new AgentSetup(outcome.Config, log, TimeProvider.System, _ => Task.FromResult<string?>(null))), log, ports[0], ports[1]);
        await agent._agent.StartAsync(CancellationToken.None);
        await agent.UntilAsync("the server is in its own catalog", async () =>
            (await agent.Http.GetStringAsync("/v1/catalog/service/consul")).Contains("n1", StringComparison.Ordinal));
        return agent;
    }

    public async Task UntilAsync(string what, Func<Task<bool>> ask)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            try
            {
                if (await ask())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // No leader yet.
            }

            await Task.Delay(20);
        }

        Assert.Fail($"{what}: not within {Patience}");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _agent.DisposeAsync();
        _log.Dispose();
    }
}
