using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Grpc;

public delegate ValueTask<TResponse> GrpcUnaryHandler<TRequest, TResponse>(TRequest request, GrpcServerContext context);

public delegate ValueTask GrpcServerStreamingHandler<TRequest, TResponse>(
    TRequest request, GrpcMessageWriter<TResponse> responses, GrpcServerContext context);

public delegate ValueTask GrpcBidiHandler<TRequest, TResponse>(
    GrpcMessageReader<TRequest> requests, GrpcMessageWriter<TResponse> responses, GrpcServerContext context);

/// <summary>Which path is answered by which handler. Filled before the server starts, then only read.</summary>
/// <remarks>
/// A handler refuses by throwing <see cref="GrpcException"/> with the status to send. Any other exception is logged and
/// reaches the client as <see cref="GrpcStatusCode.Unknown"/> with its message, as in Go.
/// </remarks>
public sealed class GrpcMethodTable
{
    private readonly Dictionary<string, GrpcServerMethod> _methods = new(StringComparer.Ordinal);
    private readonly HashSet<string> _services = new(StringComparer.Ordinal);

    public GrpcMethodTable Unary<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, GrpcUnaryHandler<TRequest, TResponse> handler) =>
        Add(method, new UnaryServerMethod<TRequest, TResponse>(method, handler));

    public GrpcMethodTable ServerStreaming<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, GrpcServerStreamingHandler<TRequest, TResponse> handler) =>
        Add(method, new ServerStreamingServerMethod<TRequest, TResponse>(method, handler));

    public GrpcMethodTable Bidi<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, GrpcBidiHandler<TRequest, TResponse> handler) =>
        Add(method, new BidiServerMethod<TRequest, TResponse>(method, handler));

    internal bool TryFind(string path, [NotNullWhen(true)] out GrpcServerMethod? method) => _methods.TryGetValue(path, out method);

    /// <summary>grpc-go's text for a path that nobody answers.</summary>
    internal string DescribeMissing(string path)
    {
        int slash = path.LastIndexOf('/');
        if (slash <= 0)
        {
            return $"malformed method name: \"{path}\"";
        }

        string service = path[1..slash];
        return _services.Contains(service) ? $"unknown method {path[(slash + 1)..]} for service {service}" : $"unknown service {service}";
    }

    private GrpcMethodTable Add<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, GrpcServerMethod handler)
    {
        _methods.Add(method.Path, handler);
        _services.Add(method.Service);
        return this;
    }
}
