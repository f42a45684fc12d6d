using System.Net;
using System.Net.Sockets;
using System.Text;
using K8sConsul.Agent.Telemetry;
using K8sConsul.Server.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Agent.Tests.Telemetry;

/// <summary>What statsd, statsite and DogStatsD are sent. Every expected line but for its number was seen to leave Consul 1.8.7.</summary>
public sealed class MetricsPusherTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MetricsRegistry _registry = new(new MetricsOptions { HostName = "vm" }, TimeProvider.System);

    public void Dispose() => _registry.Dispose();

    [Fact]
    public void Statsd_lines()
    {
        var lines = new StatsdLines();
        Assert.Equal("consul.raft.apply:1.000000|c\n", lines.Line(_registry.Counter("raft.apply"), 1));
        Assert.Equal("consul.vm.raft.applied_index:13.000000|g\n", lines.Line(_registry.Gauge("raft.applied_index"), 13));
        Assert.Equal("consul.dns.domain_query.peer:0.215310|ms\n", lines.Line(_registry.Sample("dns.domain_query", isHot: false, new MetricLabel("node", "peer")), 0.21531f));
        Assert.Equal("consul.health.service.query-tags.web.:1.000000|c\n", lines.Line(QueryTags("web", string.Empty), 1));
        Assert.Equal("consul.serf.events.consul_new-leader:1.000000|c\n", lines.Line(_registry.Counter("serf.events.consul:new-leader"), 1));
    }

    [Fact]
    public void DogStatsD_lines()
    {
        var lines = new DogStatsdLines("consul", "vm", ["env:test", "plain"]);
        Assert.Equal("consul.raft.apply:1|c|#env:test,plain\n", lines.Line(_registry.Counter("raft.apply"), 1));
        Assert.Equal("consul.raft.applied_index:13.000000|g|#env:test,plain\n", lines.Line(_registry.Gauge("raft.applied_index"), 13));
        Assert.Equal("consul.health.service.query-tags:1|c|#env:test,plain,service:web,tag\n", lines.Line(QueryTags("web", string.Empty), 1));
        Assert.Equal("consul.health.service.query-tags:1|c|#service:web,tag:x\n", new DogStatsdLines("consul", "vm", []).Line(QueryTags("web", "x"), 1));
        Assert.Equal("consul.raft.apply:1|c\n", new DogStatsdLines("consul", "vm", []).Line(_registry.Counter("raft.apply"), 1));
    }

    [Theory]
    [InlineData("a\nconsul.forged:1|c")]
    [InlineData("a|c|#x\r\n")]
    public void A_label_from_a_request_cannot_forge_a_line(string service)
    {
        Counter counter = QueryTags(service, "t");
        foreach (ILineFormat lines in (ILineFormat[])[new StatsdLines(), new DogStatsdLines("consul", "vm", [])])
        {
            string line = lines.Line(counter, 1);
            Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
            Assert.DoesNotContain("forged:", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Udp_packets_hold_whole_lines_and_fit_a_frame()
    {
        using var daemon = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        daemon.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var pusher = new MetricsPusher(new StatsdLines(), new UdpLineTransport(daemon.LocalEndPoint!.ToString()!, packsLines: true), TimeProvider.System, NullLogger.Instance);
        Counter counter = _registry.Counter("raft.apply");
        for (int i = 0; i < 200; i++)
        {
            pusher.Observed(counter, i);
        }

        pusher.Start();
        var lines = new List<string>();
        byte[] buffer = new byte[65_536];
        using var limit = new CancellationTokenSource(Patience);
        while (lines.Count < 200)
        {
            int length = await daemon.ReceiveAsync(buffer, limit.Token);
            Assert.InRange(length, 1, 1400);
            string packet = Encoding.UTF8.GetString(buffer, 0, length);
            Assert.EndsWith("\n", packet, StringComparison.Ordinal);
            lines.AddRange(packet.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"consul.raft.apply:{i}.000000|c"), lines);
    }

    [Fact]
    public async Task DogStatsD_gets_each_observation_in_a_packet_of_its_own()
    {
        using var daemon = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        daemon.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var pusher = new MetricsPusher(
            new DogStatsdLines("consul", "vm", []), new UdpLineTransport(daemon.LocalEndPoint!.ToString()!, packsLines: false), TimeProvider.System, NullLogger.Instance);
        pusher.Observed(_registry.Counter("a"), 1);
        pusher.Observed(_registry.Counter("b"), 2);
        pusher.Start();
        byte[] buffer = new byte[65_536];
        using var limit = new CancellationTokenSource(Patience);
        Assert.Equal("consul.a:1|c", Encoding.UTF8.GetString(buffer, 0, await daemon.ReceiveAsync(buffer, limit.Token)));
        Assert.Equal("consul.b:2|c", Encoding.UTF8.GetString(buffer, 0, await daemon.ReceiveAsync(buffer, limit.Token)));
    }

    [Fact]
    public async Task Statsite_is_connected_to_again_after_it_went_away()
    {
        using var daemon = new TcpListener(IPAddress.Loopback, 0);
        daemon.Start();
        using var transport = new TcpLineTransport(daemon.LocalEndpoint.ToString()!);
        using var limit = new CancellationTokenSource(Patience);
        await transport.SendAsync(["consul.a:1.000000|c\n", "consul.b:1.000000|c\n"], limit.Token);
        using (Socket first = await daemon.AcceptSocketAsync(limit.Token))
        {
            Assert.Equal("consul.a:1.000000|c\nconsul.b:1.000000|c\n", await ReadAsync(first, 40, limit.Token));
            first.LingerState = new LingerOption(enable: true, 0);
        }

        // The reset is on its way: some send notices it, and the next one connects.
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true)
            {
                await transport.SendAsync(["x\n"], limit.Token);
                await Task.Yield();
            }
        });
        await transport.SendAsync(["consul.c:1.000000|c\n"], limit.Token);
        using Socket second = await daemon.AcceptSocketAsync(limit.Token);
        Assert.Equal("consul.c:1.000000|c\n", await ReadAsync(second, 20, limit.Token));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:port")]
    public async Task An_address_without_a_port_fails_by_name(string address)
    {
        using var transport = new UdpLineTransport(address, packsLines: true);
        SocketException failure = await Assert.ThrowsAsync<SocketException>(async () => await transport.SendAsync(["x\n"], CancellationToken.None));
        Assert.Contains(address, failure.Message, StringComparison.Ordinal);
    }

    private Counter QueryTags(string service, string tag) =>
        _registry.Counter("health.service.query-tags", isHot: false, new MetricLabel("service", service), new MetricLabel("tag", tag));

    private static async Task<string> ReadAsync(Socket socket, int bytes, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[bytes];
        for (int read = 0; read < bytes;)
        {
            int more = await socket.ReceiveAsync(buffer.AsMemory(read), cancellationToken);
            Assert.NotEqual(0, more);
            read += more;
        }

        return Encoding.UTF8.GetString(buffer);
    }
}
