using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace K8sConsul.EndToEnd.Tests.BadInput;

/// <summary>Garbage on every port that is not HTTP: the agent stays well, small, and nearly silent.</summary>
public sealed class GarbageTests(AgentPair pair, ITestOutputHelper output) : IClassFixture<AgentPair>
{
    private const int RandomDatagrams = 1_000;
    private const int RandomStreams = 100;
    private const long GrowthBytesMax = 256L * 1024 * 1024;

    /// <summary>Streams may be told of one by one, for each has a peer to be named; datagrams may not.</summary>
    private const int LinesPerDatagramBurstMax = 200;
    private const int LinesPerStreamMax = 4;

    [Fact]
    public async Task Garbage_on_the_DNS_port_for_UDP_leaves_DNS_answering() =>
        await UnderGarbageAsync("agent.dns", () => Garbage.SendDatagramsAsync(pair.Ours.DnsPort, Garbage.DnsMessages(RandomDatagrams)), LinesPerDatagramBurstMax);

    [Fact]
    public async Task Garbage_on_the_DNS_port_for_TCP_leaves_DNS_answering() =>
        await UnderGarbageAsync("agent.dns", () => Garbage.SendStreamsAsync(
                pair.Ours.DnsPort,
                Garbage.Streams(RandomStreams).Concat(Garbage.DnsMessages(randomCount: 20).Select(m => (byte[])[0, (byte)m.Length, .. m]))),
            LinesPerDatagramBurstMax);

    [Fact]
    public async Task Garbage_on_the_LAN_port_for_UDP_leaves_the_pool_as_it_is() =>
        await UnderGarbageAsync("agent.server.memberlist", () => Garbage.SendDatagramsAsync(pair.Ours.LanPort, Garbage.GossipMessages(RandomDatagrams / 10)), (RandomDatagrams / 10 * 19) + LinesPerDatagramBurstMax);

    [Fact]
    public async Task Garbage_on_the_LAN_port_for_TCP_leaves_the_pool_as_it_is() =>
        await UnderGarbageAsync("agent.server.memberlist", () => Garbage.SendStreamsAsync(pair.Ours.LanPort, Garbage.Streams(RandomStreams).Concat(Garbage.GossipMessages(randomCount: 5))),
            (RandomStreams + 120) * LinesPerStreamMax);

    [Fact]
    public async Task Garbage_on_the_WAN_port_leaves_the_pool_as_it_is() =>
        await UnderGarbageAsync("agent.server.memberlist", () => Garbage.SendStreamsAsync(pair.Ours.WanPort, Garbage.Streams(RandomStreams)), (RandomStreams + 20) * LinesPerStreamMax);

    [Fact]
    public async Task Garbage_on_the_server_port_leaves_the_server_leading() =>
        await UnderGarbageAsync("agent.server", () => Garbage.SendStreamsAsync(pair.Ours.ServerPort, Garbage.Streams(RandomStreams)), (RandomStreams + 20) * LinesPerStreamMax);

    [Fact]
    public async Task Requests_that_never_end_hold_nobody_else_up()
    {
        const int Slow = 150;
        var slow = new List<Socket>();
        try
        {
            for (int i = 0; i < Slow; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                slow.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, pair.Ours.HttpPort);
                await socket.SendAsync(i % 2 == 0
                    ? "PUT /v1/kv/slow HTTP/1.1\r\nHost: a\r\nContent-Len"u8.ToArray()
                    : "PUT /v1/kv/slow HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc"u8.ToArray());
            }

            await pair.AssertUnharmedAsync();
            foreach (Socket socket in slow)
            {
                await socket.SendAsync("x"u8.ToArray());
            }

            await pair.AssertUnharmedAsync();
        }
        finally
        {
            slow.ForEach(socket => socket.Dispose());
        }

        await pair.AssertUnharmedAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await pair.Ours.Http.GetAsync("/v1/kv/slow")).StatusCode);
    }

    private async Task UnderGarbageAsync(string source, Func<Task> send, int linesMax)
    {
        await AssertServingAsync();
        long before = ResidentBytes();
        int linesBefore = Lines(source);
        await send();
        await AssertServingAsync();
        long grown = ResidentBytes() - before;
        int lines = Lines(source) - linesBefore;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{lines} lines of log, {grown / 1024} KiB grown"));
        Assert.True(lines <= linesMax, $"{lines} lines: {pair.Ours.Log}");
        Assert.True(grown < GrowthBytesMax, string.Create(CultureInfo.InvariantCulture, $"grown by {grown} bytes"));
    }

    /// <summary>Of one part of the agent: another's may still be telling of an earlier burst.</summary>
    private int Lines(string source) => pair.Ours.Log.Split('\n').Count(line => line.Contains($"] {source}", StringComparison.Ordinal) || line.Contains($"]  {source}", StringComparison.Ordinal));

    private async Task AssertServingAsync()
    {
        await pair.AssertUnharmedAsync();
        Assert.NotEqual("\"\"", (await pair.Ours.Http.GetStringAsync("/v1/status/leader")).Trim());
        Assert.Equal("true", (await (await pair.Ours.Http.PutAsync("/v1/kv/after", new StringContent("x"))).Content.ReadAsStringAsync()).Trim());
        List<Cluster.Member> members = await Cluster.MembersAsync(pair.Ours);
        Assert.Equal([new Cluster.Member("node1", 1)], members);
        await AssertDnsAnswersAsync();
    }

    private async Task AssertDnsAnswersAsync()
    {
        using var udp = new UdpClient(AddressFamily.InterNetwork);
        udp.Connect(IPAddress.Loopback, pair.Ours.DnsPort);

        // A burst may have filled the socket's buffer; a resolver asks again.
        await Eventually.TrueAsync("DNS answers", async () =>
        {
            await udp.SendAsync(Garbage.Question);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            UdpReceiveResult answer = await udp.ReceiveAsync(patience.Token);
            return answer.Buffer is [0x12, 0x34, ..] && (answer.Buffer[3] & 0xF) == 0 && answer.Buffer[7] == 1;
        });
    }

    private long ResidentBytes()
    {
        string line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pair.Ours.ProcessId}/status"))
            .First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }
}
