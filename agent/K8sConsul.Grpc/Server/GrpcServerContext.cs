using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.Features;

namespace K8sConsul.Grpc;

/// <summary>What a handler knows of its call besides the messages.</summary>
public sealed class GrpcServerContext
{
    private readonly IFeatureCollection _features;
    private GrpcMetadata? _requestHeaders;
    private GrpcMetadata? _trailers;

    internal GrpcServerContext(IFeatureCollection features, string path, TimeSpan? timeout, CancellationToken stop)
    {
        _features = features;
        Path = path;
        Timeout = timeout;
        Stop = stop;
    }

    /// <summary>The request path: <c>/service/method</c>.</summary>
    public string Path { get; }

    /// <summary>What the client gave the call when it began, or null.</summary>
    public TimeSpan? Timeout { get; }

    /// <summary>Cancelled when the client has gone, the deadline has passed or the server is being stopped.</summary>
    public CancellationToken Stop { get; }

    public EndPoint? Peer
    {
        get
        {
            IHttpConnectionFeature? connection = _features.Get<IHttpConnectionFeature>();
            return connection?.RemoteIpAddress is { } address ? new IPEndPoint(address, connection.RemotePort) : null;
        }
    }

    /// <summary>The certificate that the client has proved to hold, or null.</summary>
    public X509Certificate2? ClientCertificate => _features.Get<ITlsConnectionFeature>()?.ClientCertificate;

    public GrpcMetadata RequestHeaders => _requestHeaders ??= ReadHeaders();

    /// <summary>Sent with the status. Add before the handler returns.</summary>
    public GrpcMetadata Trailers => _trailers ??= new GrpcMetadata();

    internal GrpcMetadata? TrailersIfAny => _trailers;

    private GrpcMetadata ReadHeaders()
    {
        GrpcMetadata metadata = new();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in _features.GetRequiredFeature<IHttpRequestFeature>().Headers)
        {
            string key = name.ToLowerInvariant();
            if (GrpcMetadata.IsReserved(key))
            {
                continue;
            }

            foreach (string? value in values)
            {
                metadata.AddReceived(key, value ?? "");
            }
        }

        return metadata;
    }
}
