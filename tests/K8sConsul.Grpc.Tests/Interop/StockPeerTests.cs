using System.Diagnostics;

namespace K8sConsul.Grpc.Tests;

/// <summary>The same calls with grpcio (Python) on the other side.</summary>
public sealed class StockPeerTests
{
    [Fact]
    public async Task A_stock_client_gets_from_us_what_it_gets_from_its_own()
    {
        string python = await Python.FindAsync();
        await using GrpcHost host = await Echo.StartAsync();
        using Process client = Python.Start(python, "client", host.EndPoint.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Task<string> errors = client.StandardError.ReadToEndAsync();
        string output = await Within.Limit(client.StandardOutput.ReadToEndAsync(), "the stock client ends");
        Assert.Equal(
            """
            unary hello True True
            concurrent True
            bidi 15000
            Fail FAILED_PRECONDITION no!
            Nothing UNIMPLEMENTED unknown method Nothing for service test.Echo
            Stuck DEADLINE_EXCEEDED 
            empty [] OK

            """,
            output + await errors);
    }

    [Fact]
    public async Task We_get_from_a_stock_server_what_its_own_client_gets()
    {
        string python = await Python.FindAsync();
        using Process server = Python.Start(python, "server");
        string? port = await Within.Limit(server.StandardOutput.ReadLineAsync(), "the stock server prints its port");
        using GrpcChannel channel = new("127.0.0.1", int.Parse(port!, System.Globalization.CultureInfo.InvariantCulture));
        byte[] big = new byte[2_000_000];
        new Random(1).NextBytes(big);
        Assert.Equal(big, (await channel.UnaryAsync(Echo.RawUnary, big)).ToArray());
        Assert.Empty((await channel.UnaryAsync(Echo.RawUnary, ReadOnlyMemory<byte>.Empty)).ToArray());

        Task<ReadOnlyMemory<byte>>[] calls = [.. Enumerable.Range(0, 1000).Select(i => channel.UnaryAsync(Echo.RawUnary, BitConverter.GetBytes(i)).AsTask())];
        ReadOnlyMemory<byte>[] answers = await Within.Limit(Task.WhenAll(calls), "1,000 calls to the stock server");
        Assert.All(answers.Select((a, i) => (a, i)), pair => Assert.Equal(pair.i, BitConverter.ToInt32(pair.a.Span)));

        int streamed = 0;
        using (GrpcServerStreamingCall<ReadOnlyMemory<byte>> many = channel.ServerStreaming(Method("Many"), new byte[] { 1, 2, 3 }))
        {
            await foreach (ReadOnlyMemory<byte> message in many.Responses.ReadAllAsync())
            {
                Assert.Equal([1, 2, 3], message.ToArray());
                streamed++;
            }
        }

        Assert.Equal(1000, streamed);
        using (GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> bidi = channel.Bidi(Method("Raw")))
        {
            for (byte i = 0; i < 10; i++)
            {
                await bidi.Requests.WriteAsync(new[] { i });
                Assert.Equal([i], (await bidi.Responses.ReadAsync()).Message.ToArray());
            }

            await bidi.CompleteRequestsAsync();
            Assert.False(await bidi.Responses.WaitToReadAsync());
        }

        Assert.Equal("rpc error: code = FailedPrecondition desc = 50% ünder\n", await FailureAsync(channel, "Fail", timeout: null));
        Assert.Equal("rpc error: code = Unimplemented desc = Method not found!", await FailureAsync(channel, "Nothing", timeout: null));

        // The text depends on which side notices first.
        Assert.StartsWith("rpc error: code = DeadlineExceeded desc = ", await FailureAsync(channel, "Slow", TimeSpan.FromMilliseconds(200)));
        server.StandardInput.Close();
        await Within.Limit(server.WaitForExitAsync(), "the stock server ends");
    }

    private static GrpcMethod<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Method(string name) => new("test.Echo", name, GrpcMarshaller.Bytes, GrpcMarshaller.Bytes);

    private static async Task<string> FailureAsync(GrpcChannel channel, string method, TimeSpan? timeout) =>
        (await Assert.ThrowsAsync<GrpcException>(async () =>
            await channel.UnaryAsync(Method(method), ReadOnlyMemory<byte>.Empty, new GrpcCallOptions(timeout)))).Message;
}

/// <summary>A Python that has grpcio (Debian: python3-grpcio).</summary>
internal static class Python
{
    public static async Task<string> FindAsync()
    {
        foreach (string candidate in new[] { "python3", "/usr/bin/python3" })
        {
            try
            {
                using Process probe = Process.Start(new ProcessStartInfo(candidate, ["-c", "import grpc"]) { RedirectStandardError = true, UseShellExecute = false })!;
                await probe.WaitForExitAsync();
                if (probe.ExitCode == 0)
                {
                    return candidate;
                }
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // No such program: the next candidate.
            }
        }

        const string Reason = "no python3 with grpcio on this machine (Debian: python3-grpcio)";
        Assert.False(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal), Reason);
        Assert.Skip(Reason);
        return "";
    }

    public static Process Start(string python, params string[] arguments) => Process.Start(new ProcessStartInfo(
        python, [Path.Combine(AppContext.BaseDirectory, "Interop", "peer.py"), .. arguments])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = string.Equals(arguments[0], "client", StringComparison.Ordinal),
    })!;
}
