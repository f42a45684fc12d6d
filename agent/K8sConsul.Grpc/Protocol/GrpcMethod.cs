namespace K8sConsul.Grpc;

/// <summary>A method of a service, as both sides know it.</summary>
/// <param name="Service">Full name with package, e.g. <c>grpc.health.v1.Health</c>.</param>
/// <param name="Name">E.g. <c>Check</c>.</param>
public sealed record GrpcMethod<TRequest, TResponse>(
    string Service,
    string Name,
    GrpcMarshaller<TRequest> RequestMarshaller,
    GrpcMarshaller<TResponse> ResponseMarshaller)
{
    /// <summary>The request path: <c>/service/method</c>.</summary>
    public string Path { get; } = $"/{Service}/{Name}";
}
