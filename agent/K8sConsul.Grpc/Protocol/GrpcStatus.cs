using System.Globalization;

namespace K8sConsul.Grpc;

/// <summary>The outcome of a call: a code and a text for people.</summary>
/// <param name="Code">May hold a number outside the enumeration when a peer sent one.</param>
/// <param name="Detail">Never null; empty when the peer sent no <c>grpc-message</c>.</param>
public readonly record struct GrpcStatus(GrpcStatusCode Code, string Detail)
{
    public static readonly GrpcStatus OK = new(GrpcStatusCode.OK, "");

    public bool IsOK => Code == GrpcStatusCode.OK;

    /// <summary>Go's text of a failed call, which Consul shows as check output and in logs.</summary>
    public override string ToString() => $"rpc error: code = {CodeName(Code)} desc = {Detail}";

    internal static string CodeName(GrpcStatusCode code) => code switch
    {
        GrpcStatusCode.OK => "OK",
        GrpcStatusCode.Canceled => "Canceled",
        GrpcStatusCode.Unknown => "Unknown",
        GrpcStatusCode.InvalidArgument => "InvalidArgument",
        GrpcStatusCode.DeadlineExceeded => "DeadlineExceeded",
        GrpcStatusCode.NotFound => "NotFound",
        GrpcStatusCode.AlreadyExists => "AlreadyExists",
        GrpcStatusCode.PermissionDenied => "PermissionDenied",
        GrpcStatusCode.ResourceExhausted => "ResourceExhausted",
        GrpcStatusCode.FailedPrecondition => "FailedPrecondition",
        GrpcStatusCode.Aborted => "Aborted",
        GrpcStatusCode.OutOfRange => "OutOfRange",
        GrpcStatusCode.Unimplemented => "Unimplemented",
        GrpcStatusCode.Internal => "Internal",
        GrpcStatusCode.Unavailable => "Unavailable",
        GrpcStatusCode.DataLoss => "DataLoss",
        GrpcStatusCode.Unauthenticated => "Unauthenticated",
        _ => string.Create(CultureInfo.InvariantCulture, $"Code({(int)code})"),
    };

    /// <summary>The code that the gRPC specification gives to an answer that is HTTP but not gRPC.</summary>
    internal static GrpcStatusCode FromHttpStatus(int httpStatus) => httpStatus switch
    {
        400 => GrpcStatusCode.Internal,
        401 => GrpcStatusCode.Unauthenticated,
        403 => GrpcStatusCode.PermissionDenied,
        404 => GrpcStatusCode.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Unknown,
    };

    /// <summary>The code for a stream that was reset with an HTTP/2 error code (table of the gRPC specification).</summary>
    internal static GrpcStatusCode FromHttp2Error(long errorCode) => errorCode switch
    {
        0x7 => GrpcStatusCode.Unavailable,
        0x8 => GrpcStatusCode.Canceled,
        0xb => GrpcStatusCode.ResourceExhausted,
        0xc => GrpcStatusCode.PermissionDenied,
        _ => GrpcStatusCode.Internal,
    };

    internal static string Http2ErrorName(long errorCode) => errorCode switch
    {
        0x0 => "NO_ERROR",
        0x1 => "PROTOCOL_ERROR",
        0x2 => "INTERNAL_ERROR",
        0x3 => "FLOW_CONTROL_ERROR",
        0x4 => "SETTINGS_TIMEOUT",
        0x5 => "STREAM_CLOSED",
        0x6 => "FRAME_SIZE_ERROR",
        0x7 => "REFUSED_STREAM",
        0x8 => "CANCEL",
        0x9 => "COMPRESSION_ERROR",
        0xa => "CONNECT_ERROR",
        0xb => "ENHANCE_YOUR_CALM",
        0xc => "INADEQUATE_SECURITY",
        0xd => "HTTP_1_1_REQUIRED",
        _ => string.Create(CultureInfo.InvariantCulture, $"unknown error code 0x{errorCode:x}"),
    };
}
