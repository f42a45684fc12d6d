using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using K8sConsul.Grpc.Net;

namespace K8sConsul.Grpc;

/// <summary>Turns what HTTP tells about a call into a gRPC status, with the texts of grpc-go.</summary>
internal static class GrpcClientFailure
{
    /// <summary>The body of a refused answer that is quoted nowhere is not read; only its head is judged.</summary>
    public static void ThrowUnlessGrpc(HttpResponseMessage response)
    {
        string contentType = response.Content.Headers.NonValidated.TryGetValues("content-type", out HeaderStringValues values) ? values.ToString() : "";
        if (response.StatusCode == HttpStatusCode.OK && IsGrpc(contentType))
        {
            return;
        }

        int status = (int)response.StatusCode;
        string text = contentType.Length == 0
            ? "transport: missing content-type field"
            : $"transport: received the unexpected content-type \"{contentType}\"";
        throw new GrpcException(
            GrpcStatus.FromHttpStatus(status),
            string.Create(CultureInfo.InvariantCulture, $"{Reason(response)}: HTTP status code {status}; {text}"));
    }

    /// <summary>The status from the trailers, or from the headers of an answer that has no body.</summary>
    public static (GrpcStatus Status, bool Present) Status(HttpResponseMessage response)
    {
        HttpResponseHeaders source = Trailers(response);
        if (!source.NonValidated.TryGetValues("grpc-status", out HeaderStringValues code))
        {
            return (default, false);
        }

        string detail = source.NonValidated.TryGetValues("grpc-message", out HeaderStringValues message) ? GrpcMessageText.Decode(message.ToString()) : "";
        return int.TryParse(code.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? (new GrpcStatus((GrpcStatusCode)number, detail), true)
            : (new GrpcStatus(GrpcStatusCode.Internal, $"transport: malformed grpc-status: {code}"), true);
    }

    /// <summary>Where the status stands: after the body, or in the only header block of an answer without one.</summary>
    public static HttpResponseHeaders Trailers(HttpResponseMessage response) =>
        response.TrailingHeaders.NonValidated.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;

    public static GrpcException FromTransport(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case GrpcException own:
                    return own;
                case DialException:
                    return Unavailable($"connection error: desc = \"transport: Error while dialing {e.Message}\"", error);
                case TlsHandshakeException:
                    return Unavailable($"connection error: desc = \"transport: authentication handshake failed: {e.Message}\"", error);
                case HttpProtocolException { ErrorCode: 0 }:
                    // GOAWAY without an error: the peer is being stopped, and the call may be tried elsewhere.
                    return Unavailable("transport is closing", error);
                case HttpProtocolException protocol when protocol.Message.Contains("reset the stream", StringComparison.Ordinal):
                    // Only the text tells a stream's end from the connection's.
                    return FromReset(protocol, error);
                case HttpProtocolException:
                    // The peer speaks no HTTP/2, or has had enough of us: grpc-go says no more either.
                    return Unavailable("connection closed", error);
                case TimeoutException:
                    return Unavailable("connection error: desc = \"transport: Error while dialing: i/o timeout\"", error);
            }
        }

        return error is OperationCanceledException
            ? new GrpcException(GrpcStatusCode.Canceled, "context canceled", error)
            : Unavailable("connection closed", error);
    }

    private static GrpcException FromReset(HttpProtocolException reset, Exception error) => new(
        GrpcStatus.FromHttp2Error(reset.ErrorCode),
        $"stream terminated by RST_STREAM with error code: {GrpcStatus.Http2ErrorName(reset.ErrorCode)}",
        error);

    private static GrpcException Unavailable(string detail, Exception error) => new(GrpcStatusCode.Unavailable, detail, error);

    private static bool IsGrpc(string contentType) =>
        contentType.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == "application/grpc".Length || contentType["application/grpc".Length] is '+' or ';');

    private static string Reason(HttpResponseMessage response) =>
        string.IsNullOrEmpty(response.ReasonPhrase) ? response.StatusCode.ToString() : response.ReasonPhrase;
}
