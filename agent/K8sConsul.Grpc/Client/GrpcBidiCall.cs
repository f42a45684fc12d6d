using System.IO.Pipelines;

namespace K8sConsul.Grpc;

/// <summary>A call in which both sides send streams, independently of each other.</summary>
public sealed class GrpcBidiCall<TRequest, TResponse> : IDisposable
{
    private readonly GrpcClientCall<TResponse> _call;
    private readonly RequestWriter _requests;

    internal GrpcBidiCall(GrpcClientCall<TResponse> call, PipeContent content, GrpcMarshaller<TRequest> marshaller, int sizeMax)
    {
        _call = call;
        _requests = new RequestWriter(this, content.Writer, marshaller, sizeMax);
        call.OnSendFailed(content.Abandon);
    }

    public GrpcMessageWriter<TRequest> Requests => _requests;

    public GrpcMessageReader<TResponse> Responses => _call.Responses;

    /// <summary>Says that no more requests will come; what was written and not flushed is sent first.</summary>
    public ValueTask CompleteRequestsAsync() => _requests.CompleteAsync();

    /// <summary>Waits for the peer's headers; many servers send them only with the first message.</summary>
    public ValueTask<GrpcMetadata> ResponseHeadersAsync(CancellationToken stop = default) => _call.ResponseHeadersAsync(stop);

    public void Dispose() => _call.Dispose();

    private sealed class RequestWriter(GrpcBidiCall<TRequest, TResponse> owner, PipeWriter output, GrpcMarshaller<TRequest> marshaller, int sizeMax)
        : GrpcMessageWriter<TRequest>(output, marshaller, sizeMax)
    {
        public override async ValueTask FlushAsync(CancellationToken stop = default)
        {
            FlushResult result;
            try
            {
                result = await Output.FlushAsync(stop).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                throw owner._call.Failure(e, stop);
            }

            if (result.IsCompleted)
            {
                throw new GrpcException(GrpcStatusCode.Unavailable, "the call is over: its requests are no longer taken");
            }
        }

        public ValueTask CompleteAsync() => Output.CompleteAsync();
    }
}
