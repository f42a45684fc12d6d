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
        Headers = call.Headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.Ordinal),
    };

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

    public static ApiResponse FromReply(ApiReply reply, Func<Stream, CancellationToken, Task>? stream = null)
    {
        var response = new ApiResponse
        {
            Status = reply.Status,
            ContentType = reply.HasContentType ? reply.ContentType : null,
            FixedBody = reply.Body.Memory,
            Stream = stream,
        };
        foreach (Pair header in reply.Headers)
        {
            response.WithHeader(header.Name, header.Value);
        }

        return response;
    }
}
