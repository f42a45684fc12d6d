using Google.Protobuf.WellKnownTypes;

namespace K8sConsul.Grpc.Tests;

public sealed class CallTests
{
    [Fact]
    public async Task A_unary_call_returns_the_answer()
    {
        await using GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host);
        Assert.Equal("hello", (await channel.UnaryAsync(Echo.Unary, Echo.Text("hello"))).Value);
        Assert.Equal("", (await channel.UnaryAsync(Echo.Unary, Echo.Text(""))).Value);
    }

    [Fact]
    public async Task Server_streaming_gives_every_message_in_order()
    {
        await using GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host);
        using GrpcServerStreamingCall<Int32Value> call = channel.ServerStreaming(Echo.Count, new Int32Value { Value = 5000 });
        int expected = 0;
        await foreach (Int32Value value in call.Responses.ReadAllAsync())
        {
            Assert.Equal(expected++, value.Value);
        }

        Assert.Equal(5000, expected);
    }

    [Fact]
    public async Task A_stream_without_messages_ends_well()
    {
        await using GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host);
        using GrpcServerStreamingCall<Int32Value> call = channel.ServerStreaming(Echo.Count, new Int32Value());
        Assert.False(await call.Responses.WaitToReadAsync());
        Assert.False(await call.Responses.WaitToReadAsync());
    }

    [Fact]
    public async Task Both_sides_of_a_bidi_stream_talk_in_turns()
    {
        await using GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host);
        using GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call = channel.Bidi(Echo.Raw);
        for (byte i = 0; i < 50; i++)
        {
            await call.Requests.WriteAsync(new[] { i });
            (bool has, ReadOnlyMemory<byte> answer) = await call.Responses.ReadAsync();
            Assert.True(has);
            Assert.Equal([i], answer.ToArray());
        }

        await call.CompleteRequestsAsync();
        Assert.False(await call.Responses.WaitToReadAsync());
    }

    [Fact]
    public async Task The_servers_headers_come_before_any_message_of_a_bidi_stream()
    {
        await using GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host);
        using GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call = channel.Bidi(Echo.Raw);
        await Within.Limit(call.ResponseHeadersAsync().AsTask(), "response headers of a silent stream");
    }

    [Fact]
    public async Task Many_small_messages_written_before_one_flush_all_arrive()
    {
        const int Count = 20_000;
        await using GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host);
        using GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call = channel.Bidi(Echo.Raw);
        Task send = Task.Run(async () =>
        {
            for (int i = 0; i < Count; i++)
            {
                call.Requests.Write(BitConverter.GetBytes(i));
                if (i % 1000 == 999)
                {
                    await call.Requests.FlushAsync();
                }
            }

            await call.CompleteRequestsAsync();
        });
        int expected = 0;
        await foreach (ReadOnlyMemory<byte> answer in call.Responses.ReadAllAsync())
        {
            Assert.Equal(expected++, BitConverter.ToInt32(answer.Span));
        }

        await send;
        Assert.Equal(Count, expected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData(100_000)]
    [InlineData(3_900_000)]
    public async Task A_message_of_any_size_below_the_limit_passes(int size)
    {
        byte[] bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        await using GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host);
        Assert.Equal(bytes, (await channel.UnaryAsync(Echo.RawUnary, bytes)).ToArray());
        using GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call = channel.Bidi(Echo.Raw);
        await call.Requests.WriteAsync(bytes);
        Assert.Equal(bytes, (await call.Responses.ReadAsync()).Message.ToArray());
    }

    [Fact]
    public async Task Metadata_goes_there_and_comes_back_as_trailers()
    {
        await using GrpcHost host = await Echo.StartAsync(new GrpcMethodTable().Unary(Echo.Unary, static (request, context) =>
        {
            context.Trailers.Add("x-seen", context.RequestHeaders.Get("x-token") ?? "nothing");
            throw new GrpcException(GrpcStatusCode.Aborted, "see trailers");
        }));
        using GrpcChannel channel = Echo.Channel(host);
        GrpcMetadata headers = new();
        headers.Add("x-token", "secret");
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(
            async () => await channel.UnaryAsync(Echo.Unary, Echo.Text(""), new GrpcCallOptions(Headers: headers)));
        Assert.Equal(GrpcStatusCode.Aborted, e.Status.Code);
        Assert.Equal("secret", e.Trailers.Get("x-seen"));
    }

    [Fact]
    public async Task The_handler_knows_its_peer_and_the_callers_timeout()
    {
        GrpcServerContext? seen = null;
        await using GrpcHost host = await Echo.StartAsync(new GrpcMethodTable().Unary(Echo.Unary, (request, context) =>
        {
            seen = context;
            Assert.Equal("127.0.0.1", ((System.Net.IPEndPoint)context.Peer!).Address.ToString());
            return ValueTask.FromResult(request);
        }));
        using GrpcChannel channel = Echo.Channel(host);
        await channel.UnaryAsync(Echo.Unary, Echo.Text(""), new GrpcCallOptions(Timeout: TimeSpan.FromSeconds(20)));
        Assert.Equal(TimeSpan.FromSeconds(20), seen!.Timeout);
        Assert.Equal("/test.Echo/Unary", seen.Path);
    }

    [Fact]
    public async Task Five_thousand_calls_at_once_all_get_their_own_answer()
    {
        await using GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host);
        Task<StringValue>[] calls = [.. Enumerable.Range(0, 5000).Select(i => channel.UnaryAsync(Echo.Unary, Echo.Text($"n{i}")).AsTask())];
        StringValue[] answers = await Within.Limit(Task.WhenAll(calls), "5,000 unary calls");
        Assert.All(answers.Select((a, i) => (a.Value, i)), pair => Assert.Equal($"n{pair.i}", pair.Value));
    }

    [Fact]
    public async Task Health_is_served_and_asked()
    {
        await using GrpcHost host = await Echo.StartAsync(new GrpcMethodTable().AddHealth(static name => name switch
        {
            "" => GrpcServingStatus.Serving,
            "down" => GrpcServingStatus.NotServing,
            "unknown" => GrpcServingStatus.Unknown,
            _ => null,
        }));
        using GrpcChannel channel = Echo.Channel(host);
        Assert.Equal(GrpcServingStatus.Serving, await channel.UnaryAsync(GrpcHealth.Check, ""));
        Assert.Equal(GrpcServingStatus.NotServing, await channel.UnaryAsync(GrpcHealth.Check, "down"));
        Assert.Equal(GrpcServingStatus.Unknown, await channel.UnaryAsync(GrpcHealth.Check, "unknown"));
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(async () => await channel.UnaryAsync(GrpcHealth.Check, "x"));
        Assert.Equal("rpc error: code = NotFound desc = unknown service", e.Message);
    }
}
