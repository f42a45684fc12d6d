using System.Net;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Grpc.Tests;

/// <summary>A service with one method of each kind, and its host on a free port.</summary>
internal static class Echo
{
    public static readonly GrpcMethod<StringValue, StringValue> Unary = Strings("Unary");
    public static readonly GrpcMethod<StringValue, StringValue> Fail = Strings("Fail");
    public static readonly GrpcMethod<StringValue, StringValue> Stuck = Strings("Stuck");
    public static readonly GrpcMethod<StringValue, StringValue> Missing = Strings("Missing");
    public static readonly GrpcMethod<Int32Value, Int32Value> Count = new(
        "test.Echo", "Count", GrpcMarshaller.Protobuf(Int32Value.Parser), GrpcMarshaller.Protobuf(Int32Value.Parser));
    public static readonly GrpcMethod<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Raw = new("test.Echo", "Raw", GrpcMarshaller.Bytes, GrpcMarshaller.Bytes);
    public static readonly GrpcMethod<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> RawUnary = new("test.Echo", "RawUnary", GrpcMarshaller.Bytes, GrpcMarshaller.Bytes);

    public static StringValue Text(string value) => new() { Value = value };

    /// <summary>All methods but <see cref="Missing"/>.</summary>
    /// <param name="entered">Completed when <see cref="Stuck"/> is being handled.</param>
    /// <param name="left">Completed when its token was cancelled.</param>
    public static GrpcMethodTable Table(TaskCompletionSource? entered = null, TaskCompletionSource? left = null) => new GrpcMethodTable()
        .Unary(Unary, static (request, context) =>
        {
            foreach ((string name, string value) in context.RequestHeaders)
            {
                if (name.StartsWith("x-", StringComparison.Ordinal))
                {
                    context.Trailers.Add(name, value);
                }
            }

            return ValueTask.FromResult(request);
        })
        .Unary(Fail, static (request, _) => throw (request.Value == "crash"
            ? new InvalidDataException("disk is full")
            : new GrpcException(GrpcStatusCode.FailedPrecondition, request.Value)))
        .Unary(Stuck, async (request, context) =>
        {
            entered?.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, context.Stop);
            }
            catch (OperationCanceledException)
            {
                left?.TrySetResult();
                throw;
            }

            return request;
        })
        .ServerStreaming(Count, static async (request, responses, context) =>
        {
            for (int i = 0; i < request.Value; i++)
            {
                responses.Write(new Int32Value { Value = i });
                if (i % 100 == 99)
                {
                    await responses.FlushAsync(context.Stop);
                }
            }
        })
        .Unary(RawUnary, static (request, _) => ValueTask.FromResult(request))
        .Bidi(Raw, static async (requests, responses, context) =>
        {
            while (await requests.WaitToReadAsync(context.Stop))
            {
                while (requests.TryRead(out ReadOnlyMemory<byte> message))
                {
                    responses.Write(message);
                }

                await responses.FlushAsync(context.Stop);
            }
        });

    public static Task<GrpcHost> StartAsync(GrpcMethodTable? table = null, GrpcServerOptions? options = null) =>
        GrpcHost.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), table ?? Table(), options ?? new GrpcServerOptions(), NullLoggerFactory.Instance);

    public static GrpcChannel Channel(GrpcHost host, GrpcChannelOptions? options = null) => new("127.0.0.1", host.EndPoint.Port, options);

    private static GrpcMethod<StringValue, StringValue> Strings(string name) =>
        new("test.Echo", name, GrpcMarshaller.Protobuf(StringValue.Parser), GrpcMarshaller.Protobuf(StringValue.Parser));
}

/// <summary>Waits that name what did not happen.</summary>
internal static class Within
{
    public static async Task<T> Limit<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw new TimeoutException($"did not happen within 30 s: {what}", e);
        }
    }

    public static Task Limit(Task task, string what) => Limit(Return(task), what);

    private static async Task<bool> Return(Task task)
    {
        await task;
        return true;
    }
}
