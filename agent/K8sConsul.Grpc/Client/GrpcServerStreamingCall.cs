namespace K8sConsul.Grpc;

/// <summary>A call with one request and a stream of answers.</summary>
public sealed class GrpcServerStreamingCall<TResponse> : IDisposable
{
    private readonly GrpcClientCall<TResponse> _call;

    internal GrpcServerStreamingCall(GrpcClientCall<TResponse> call) => _call = call;

    public GrpcMessageReader<TResponse> Responses => _call.Responses;

    /// <summary>Waits for the peer's headers; many servers send them only with the first message.</summary>
    public ValueTask<GrpcMetadata> ResponseHeadersAsync(CancellationToken stop = default) => _call.ResponseHeadersAsync(stop);

    public void Dispose() => _call.Dispose();
}
