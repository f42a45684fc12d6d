namespace K8sConsul.Grpc;

/// <summary>A call failed, or a handler refuses one; the message is <see cref="GrpcStatus.ToString"/>.</summary>
public sealed class GrpcException : Exception
{
    public GrpcException(GrpcStatus status, GrpcMetadata? trailers = null, Exception? inner = null)
        : base(status.ToString(), inner)
    {
        Status = status;
        Trailers = trailers ?? GrpcMetadata.Empty;
    }

    public GrpcException(GrpcStatusCode code, string detail, Exception? inner = null)
        : this(new GrpcStatus(code, detail), trailers: null, inner)
    {
    }

    public GrpcStatus Status { get; }

    /// <summary>Metadata sent with the status, without <c>grpc-status</c> and <c>grpc-message</c>.</summary>
    public GrpcMetadata Trailers { get; }

    internal static GrpcException DeadlineExceeded(Exception? inner = null) =>
        new(GrpcStatusCode.DeadlineExceeded, "context deadline exceeded", inner);
}
