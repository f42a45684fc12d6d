namespace K8sConsul.Grpc;

/// <summary>One entry of the table, its message types erased.</summary>
internal abstract class GrpcServerMethod
{
    public abstract ValueTask InvokeAsync(GrpcServerCall call);
}

internal sealed class UnaryServerMethod<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, GrpcUnaryHandler<TRequest, TResponse> handler)
    : GrpcServerMethod
{
    public override async ValueTask InvokeAsync(GrpcServerCall call)
    {
        TRequest request = await call.ReadSingleAsync(method.RequestMarshaller).ConfigureAwait(false);
        TResponse response = await handler(request, call.Context).ConfigureAwait(false);
        call.WriteUnflushed(method.ResponseMarshaller, response);
    }
}

internal sealed class ServerStreamingServerMethod<TRequest, TResponse>(
    GrpcMethod<TRequest, TResponse> method, GrpcServerStreamingHandler<TRequest, TResponse> handler)
    : GrpcServerMethod
{
    public override async ValueTask InvokeAsync(GrpcServerCall call)
    {
        TRequest request = await call.ReadSingleAsync(method.RequestMarshaller).ConfigureAwait(false);
        await call.SendHeadersAsync().ConfigureAwait(false);
        await handler(request, call.Writer(method.ResponseMarshaller), call.Context).ConfigureAwait(false);
    }
}

internal sealed class BidiServerMethod<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, GrpcBidiHandler<TRequest, TResponse> handler)
    : GrpcServerMethod
{
    public override async ValueTask InvokeAsync(GrpcServerCall call)
    {
        // At once: the client's side of the stream may wait for them before it trusts the connection.
        await call.SendHeadersAsync().ConfigureAwait(false);
        await handler(call.Reader(method.RequestMarshaller), call.Writer(method.ResponseMarshaller), call.Context).ConfigureAwait(false);
    }
}
