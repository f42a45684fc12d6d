using System.Net;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using K8sConsul.Tests;

namespace K8sConsul.Grpc.Tests;

public sealed class FailureTests
{
    [Theory]
    [InlineData("no, thanks", "rpc error: code = FailedPrecondition desc = no, thanks")]
    [InlineData("50% ünder\n", "rpc error: code = FailedPrecondition desc = 50% ünder\n")]
    [InlineData("", "rpc error: code = FailedPrecondition desc = ")]
    [InlineData("crash", "rpc error: code = Unknown desc = disk is full")]
    public async Task A_handlers_refusal_reaches_the_caller(string request, string text)
    {
        await using GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host);
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(async () => await channel.UnaryAsync(Echo.Fail, Echo.Text(request)));
        Assert.Equal(text, e.Message);
    }

    [Fact]
    public async Task Methods_and_services_that_do_not_exist_are_told_apart()
    {
        await using GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host);
        GrpcException method = await Assert.ThrowsAsync<GrpcException>(async () => await channel.UnaryAsync(Echo.Missing, Echo.Text("")));
        Assert.Equal("rpc error: code = Unimplemented desc = unknown method Missing for service test.Echo", method.Message);
        GrpcException service = await Assert.ThrowsAsync<GrpcException>(async () => await channel.UnaryAsync(GrpcHealth.Check, ""));
        Assert.Equal("rpc error: code = Unimplemented desc = unknown service grpc.health.v1.Health", service.Message);
    }

    [Fact]
    public async Task A_passed_deadline_ends_the_call_on_both_sides()
    {
        ManualTime clientTime = new();
        TaskCompletionSource entered = new();
        TaskCompletionSource left = new();
        await using GrpcHost host = await Echo.StartAsync(Echo.Table(entered, left));
        using GrpcChannel channel = Echo.Channel(host, new GrpcChannelOptions { Time = clientTime });
        Task<StringValue> call = channel.UnaryAsync(Echo.Stuck, Echo.Text(""), new GrpcCallOptions(Timeout: TimeSpan.FromMinutes(5))).AsTask();
        await Within.Limit(entered.Task, "the handler starts");
        clientTime.Advance(TimeSpan.FromMinutes(5));
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(() => Within.Limit(call, "the call ends at its deadline"));
        Assert.Equal("rpc error: code = DeadlineExceeded desc = context deadline exceeded", e.Message);
        await Within.Limit(left.Task, "the handler learns that the client has gone");
    }

    [Fact]
    public async Task The_server_keeps_the_deadline_by_its_own_clock()
    {
        ManualTime serverTime = new();
        TaskCompletionSource entered = new();
        await using GrpcHost host = await Echo.StartAsync(Echo.Table(entered), new GrpcServerOptions { Time = serverTime });
        using GrpcChannel channel = Echo.Channel(host);
        Task<StringValue> call = channel.UnaryAsync(Echo.Stuck, Echo.Text(""), new GrpcCallOptions(Timeout: TimeSpan.FromMinutes(5))).AsTask();
        await Within.Limit(entered.Task, "the handler starts");
        serverTime.Advance(TimeSpan.FromMinutes(5));
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(() => Within.Limit(call, "the server ends the call"));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, e.Status.Code);
    }

    [Fact]
    public async Task Cancelling_reaches_the_handler_and_throws_at_the_caller()
    {
        TaskCompletionSource entered = new();
        TaskCompletionSource left = new();
        await using GrpcHost host = await Echo.StartAsync(Echo.Table(entered, left));
        using GrpcChannel channel = Echo.Channel(host);
        using CancellationTokenSource stop = new();
        Task<StringValue> call = channel.UnaryAsync(Echo.Stuck, Echo.Text(""), default, stop.Token).AsTask();
        await Within.Limit(entered.Task, "the handler starts");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Limit(call, "the cancelled call ends"));
        await Within.Limit(left.Task, "the handler learns that the client has gone");
    }

    [Fact]
    public async Task A_read_that_is_cancelled_does_not_end_the_stream()
    {
        await using GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host);
        using GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call = channel.Bidi(Echo.Raw);
        await call.ResponseHeadersAsync();
        using CancellationTokenSource stop = new();
        Task<bool> read = call.Responses.WaitToReadAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Limit(read, "the cancelled read ends"));
        await call.Requests.WriteAsync(new byte[] { 1 });
        Assert.True((await call.Responses.ReadAsync()).Has);
    }

    [Fact]
    public async Task Disposing_a_stream_cancels_its_handler()
    {
        TaskCompletionSource left = new();
        await using GrpcHost host = await Echo.StartAsync(new GrpcMethodTable().Bidi(Echo.Raw, async (requests, _, context) =>
        {
            try
            {
                await requests.WaitToReadAsync(context.Stop);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                left.TrySetResult();
                throw;
            }
        }));
        using GrpcChannel channel = Echo.Channel(host);
        GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call = channel.Bidi(Echo.Raw);
        await call.ResponseHeadersAsync();
        call.Dispose();
        call.Dispose();
        await Within.Limit(left.Task, "the handler learns that the stream was disposed");
    }

    [Fact]
    public async Task Messages_above_the_limit_are_refused_by_sender_and_receiver()
    {
        await using GrpcHost host = await Echo.StartAsync(options: new GrpcServerOptions { MessageBytesMax = 1000 });
        using GrpcChannel channel = Echo.Channel(host);
        GrpcException byServer = await Assert.ThrowsAsync<GrpcException>(async () => await channel.UnaryAsync(Echo.RawUnary, new byte[1001]));
        Assert.Equal("rpc error: code = ResourceExhausted desc = grpc: received message larger than max (1001 vs. 1000)", byServer.Message);
        using GrpcChannel small = Echo.Channel(host, new GrpcChannelOptions { MessageBytesMax = 500 });
        GrpcException bySender = await Assert.ThrowsAsync<GrpcException>(async () => await small.UnaryAsync(Echo.RawUnary, new byte[501]));
        Assert.Equal("rpc error: code = ResourceExhausted desc = trying to send message larger than max (501 vs. 500)", bySender.Message);
    }

    [Fact]
    public async Task Nobody_listening_reads_as_in_Go()
    {
        int port = FreePort();
        using GrpcChannel channel = new("127.0.0.1", port);
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(async () => await channel.UnaryAsync(Echo.Unary, Echo.Text("")));
        Assert.Equal(
            $"rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing dial tcp 127.0.0.1:{port}: connect: connection refused\"",
            e.Message);
    }

    [Fact]
    public async Task A_writer_is_told_when_the_call_was_never_sent()
    {
        using GrpcChannel channel = new("127.0.0.1", FreePort());
        using GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call = channel.Bidi(Echo.Raw);
        await Assert.ThrowsAsync<GrpcException>(async () => await call.Responses.WaitToReadAsync());
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(() => Within.Limit(WriteUntilRefused(call), "a write fails"));
        Assert.Equal(GrpcStatusCode.Unavailable, e.Status.Code);
    }

    [Fact]
    public async Task A_channel_works_again_once_its_peer_is_back()
    {
        GrpcHost host = await Echo.StartAsync();
        IPEndPoint endPoint = host.EndPoint;
        using GrpcChannel channel = Echo.Channel(host);
        await channel.UnaryAsync(Echo.Unary, Echo.Text("before"));
        await host.DisposeAsync();
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(async () => await channel.UnaryAsync(Echo.Unary, Echo.Text("gone")));
        Assert.Equal(GrpcStatusCode.Unavailable, e.Status.Code);
        await using GrpcHost again = await GrpcHost.StartAsync(endPoint, Echo.Table(), new GrpcServerOptions(), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        Assert.Equal("after", (await channel.UnaryAsync(Echo.Unary, Echo.Text("after"))).Value);
    }

    [Fact]
    public async Task A_port_in_use_reads_as_in_Go()
    {
        await using GrpcHost host = await Echo.StartAsync();
        GrpcBindException e = await Assert.ThrowsAsync<GrpcBindException>(
            () => GrpcHost.StartAsync(host.EndPoint, Echo.Table(), new GrpcServerOptions(), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance));
        Assert.Equal($"listen tcp 127.0.0.1:{host.EndPoint.Port}: bind: address already in use", e.Message);
    }

    [Fact]
    public async Task An_address_of_another_machine_reads_as_in_Go()
    {
        IPEndPoint foreign = new(IPAddress.Parse("192.0.2.1"), 18300);
        GrpcBindException e = await Assert.ThrowsAsync<GrpcBindException>(
            () => GrpcHost.StartAsync(foreign, Echo.Table(), new GrpcServerOptions(), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance));
        Assert.Equal("listen tcp 192.0.2.1:18300: bind: cannot assign requested address", e.Message);
    }

    [Fact]
    public async Task Stopping_the_host_ends_streams_that_would_never_end()
    {
        GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host);
        using GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call = channel.Bidi(Echo.Raw);
        await call.ResponseHeadersAsync();
        await Within.Limit(host.DisposeAsync().AsTask(), "the host stops");
        GrpcException e = await Assert.ThrowsAsync<GrpcException>(async () => await call.Responses.WaitToReadAsync());
        Assert.True(e.Status.Code == GrpcStatusCode.Unavailable, e.ToString());
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task WriteUntilRefused(GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call)
    {
        for (int i = 0; i < 100; i++)
        {
            await call.Requests.WriteAsync(new byte[100_000]);
        }
    }
}
