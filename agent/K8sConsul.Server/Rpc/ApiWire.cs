using Google.Protobuf;
using K8sConsul.Server.Api;
using K8sConsul.Server.Rpc.Wire;

namespace K8sConsul.Server.Rpc;

/// <summary>API calls and answers as messages between agents.</summary>
public static class ApiWire
{
    public static ApiCall ToCall(ApiRequest request, bool toLeader)
    {
        var call = new ApiCall
        {
            Method = request.Method,
            Path = request.Path,
            Body = UnsafeByteOperations.UnsafeWrap(request.Body),
            Token = request.Token,
            Pretty = request.Pretty,
            SourceNode = request.Source.Node,
            SourceDatacenter = request.Source.Datacenter,
            ClientAddress = request.Source.ClientAddress,
            ToLeader = toLeader,
        };
        call.Query.AddRange(request.Query.Parameters.Select(p => new Pair { Name = p.Key, Value = p.Value }));
        call.Headers.AddRange(request.Headers.Select(h => new Pair { Name = h.Key, Value = h.Value }));
        return call;
    }

    public static ApiRequest FromCall(ApiCall call, Stream? bodyStream = null) => new()
    {
        Method = call.Method,
        Path = call.Path,
        Query = ApiQuery.Of(call.Query.Select(p => new KeyValuePair<string, string>(p.Name, p.Value))),
        Body = call.Body.Memory,
        BodyStream = bodyStream,
        Token = call.Token,
        Pretty = call.Pretty,
        Source = new ApiSource(call.SourceNode, call.SourceDatacenter, call.ClientAddress),
        Forwarded = call.ToLeader,
        Headers = HeadersOf(call),
    };

    /// <summary>Of a name that is there twice the first counts.</summary>
    private static Dictionary<string, string> HeadersOf(ApiCall call)
    {
        var headers = new Dictionary<string, string>(call.Headers.Count, StringComparer.Ordinal);
        foreach (Pair header in call.Headers)
        {
            headers.TryAdd(header.Name, header.Value);
        }

        return headers;
    }

    /// <summary>The answer as a message. Its body stays owned by <paramref name="response"/> until the message is written.</summary>
    public static ApiReply ToReply(ApiResponse response)
    {
        var reply = new ApiReply
        {
            Status = response.Status,
            HasContentType = response.ContentType is not null,
            ContentType = response.ContentType ?? string.Empty,
            Body = ByteString.CopyFrom(response.Body.Span),
        };
        reply.Headers.AddRange(response.Headers.Select(h => new Pair { Name = h.Key, Value = h.Value }));
        return reply;
    }

    /// <param name="reply">The answer, or its head.</param>
    /// <param name="stream">Writes the body, all of it: then that of the head is not looked at.</param>
    /// <param name="resource">What the body comes from.</param>
    public static ApiResponse FromReply(ApiReply reply, Func<Stream, CancellationToken, Task>? stream = null, IDisposable? resource = null)
    {
        var response = new ApiResponse
        {
            Status = reply.Status,
            ContentType = reply.HasContentType ? reply.ContentType : null,
            FixedBody = stream is null ? reply.Body.Memory : default,
            Stream = stream,
            Resource = resource,
        };
        foreach (Pair header in reply.Headers)
        {
            response.WithHeader(header.Name, header.Value);
        }

        return response;
    }
}
