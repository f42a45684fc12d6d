using System.Net;
using System.Net.Sockets;
using System.Text;

namespace K8sConsul.Cli.Tests;

public sealed class QuickKvReadTests
{
    private const string Usual = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Consul-Index: 1\r\nContent-Length: 5\r\nConnection: close\r\n\r\nvalue";

    [Fact]
    public async Task The_usual_answer_is_read_and_gets_its_newline()
    {
        (string line, string request) = await ReadAsync("a/b.c-d_1", "t0k", [Usual]);
        Assert.Equal("value\n", line);
        Assert.StartsWith("GET /v1/kv/a/b.c-d_1?raw= HTTP/1.1\r\nHost: 127.0.0.1:", request, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Consul-Token: t0k\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_may_come_byte_by_byte_and_with_any_case_of_names()
    {
        string answer = Usual.Replace("Content-Length: ", "content-LENGTH:");
        Assert.Equal("value\n", (await ReadAsync("k", string.Empty, [.. answer.Select(letter => $"{letter}")])).Line);
    }

    [Fact]
    public async Task A_value_may_be_empty_or_long_or_no_text()
    {
        Assert.Equal("\n", (await ReadAsync("k", string.Empty, ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"])).Line);
        string value = string.Concat(Enumerable.Range(0, 524_288).Select(i => (char)(i % 256)));
        Assert.Equal(value + "\n", (await ReadAsync("k", string.Empty, [$"HTTP/1.1 200 OK\r\nContent-Length: {value.Length}\r\n\r\n", value])).Line);
    }

    [Fact]
    public async Task A_cut_answer_is_left_to_the_long_way()
    {
        for (int length = 0; length < Usual.Length; length++)
        {
            Assert.Equal(string.Empty, (await ReadAsync("k", string.Empty, [Usual[..length]])).Line);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 500 Error\r\nContent-Length: 1\r\n\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nvalue")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nvalue")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nvalue")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nvalue")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nvalue")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n\r\n")]
    [InlineData("\n\n\n\n\n\n\n\n\n\n\n\n\n\n")]
    public async Task Whatever_is_not_usual_is_left_to_the_long_way(string answer)
    {
        Assert.Equal(string.Empty, (await ReadAsync("k", string.Empty, [answer])).Line);
    }

    [Fact]
    public async Task Noise_never_breaks_the_reader()
    {
        var random = new Random(5);
        for (int round = 0; round < 300; round++)
        {
            char[] noise = [.. Usual];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                noise[random.Next(noise.Length)] = (char)random.Next(256);
            }

            string line = (await ReadAsync("k", string.Empty, [new string(noise)])).Line;
            Assert.True(line.Length is 0 or 6, $"{line.Length} bytes in round {round}");
        }
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("ü")]
    [InlineData("a%2Fb")]
    [InlineData("a?b")]
    [InlineData("a\r\nX: y")]
    [InlineData("")]
    public async Task A_key_that_needs_thought_is_left_to_the_long_way(string key)
    {
        (string line, string request) = await ReadAsync(key, string.Empty, [Usual]);
        Assert.Equal(string.Empty, line);
        Assert.Equal(string.Empty, request);
    }

    [Fact]
    public async Task A_token_that_would_break_the_header_is_left_to_the_long_way()
    {
        Assert.Equal(string.Empty, (await ReadAsync("k", "a\r\nX: y", [Usual])).Request);
    }

    [Theory]
    [InlineData("127.0.0.1:8500", 0x0100007f_3421ul)]
    [InlineData("1.2.3.4:5", 0x04030201_0500ul)]
    [InlineData("255.255.255.255:65535", 0xffffffff_fffful)]
    [InlineData("127.0.0.1", 0ul)]
    [InlineData("127.0.0.1:", 0ul)]
    [InlineData("127.0.0.1:0", 0ul)]
    [InlineData("127.0.0.1:65536", 0ul)]
    [InlineData("127.0.0.1:99999999999999999999", 0ul)]
    [InlineData("127.0.0:8500", 0ul)]
    [InlineData("127.0.0.0.1:8500", 0ul)]
    [InlineData("256.0.0.1:8500", 0ul)]
    [InlineData("127..0.1:8500", 0ul)]
    [InlineData("http://127.0.0.1:8500", 0ul)]
    [InlineData("localhost:8500", 0ul)]
    [InlineData("[::1]:8500", 0ul)]
    [InlineData("127.0.0.1:8500:1", 0ul)]
    [InlineData("", 0ul)]
    public void Only_a_dotted_quad_with_a_port_is_an_end_point(string address, ulong bytes)
    {
        Assert.Equal(bytes, QuickKvRead.ParseEndPoint(address));
    }

    [Fact]
    public void Nobody_listening_is_left_to_the_long_way()
    {
        Assert.True(QuickKvRead.TryReadLine("127.0.0.1:1", string.Empty, "k").IsEmpty);
    }

    private static async Task<(string Line, string Request)> ReadAsync(string key, string token, string[] pieces)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string address = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        using var given = new CancellationTokenSource();
        Task<string> serving = ServeAsync(listener, pieces, given.Token);
        string line = await Task.Factory.StartNew(
            () => Encoding.Latin1.GetString(QuickKvRead.TryReadLine(address, token, key)),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await given.CancelAsync();
        return (line, await serving);
    }

    /// <summary>The request; empty when there was none until <paramref name="given"/>.</summary>
    private static async Task<string> ServeAsync(TcpListener listener, string[] pieces, CancellationToken given)
    {
        try
        {
            using Socket peer = await listener.AcceptSocketAsync(given);
            peer.NoDelay = true;
            byte[] request = new byte[8192];
            int count = await peer.ReceiveAsync(request, CancellationToken.None);
            foreach (string piece in pieces)
            {
                await peer.SendAsync(Encoding.Latin1.GetBytes(piece), CancellationToken.None);
            }

            peer.Shutdown(SocketShutdown.Send);
            while (await peer.ReceiveAsync(new byte[1024], CancellationToken.None) > 0)
            {
            }

            return Encoding.Latin1.GetString(request, 0, count);
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException)
        {
            return string.Empty;
        }
    }
}
