using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace K8sConsul.Grpc;

/// <summary>One call as the server sees it: the request's and the response's pipes, and how the call ends.</summary>
internal sealed class GrpcServerCall(IFeatureCollection features, GrpcServerOptions options, GrpcServerContext context)
{
    private readonly PipeReader _input = features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
    private readonly IHttpResponseBodyFeature _body = features.GetRequiredFeature<IHttpResponseBodyFeature>();
    private readonly IHttpResponseFeature _response = features.GetRequiredFeature<IHttpResponseFeature>();

    public GrpcServerContext Context => context;

    public GrpcMessageReader<T> Reader<T>(GrpcMarshaller<T> marshaller) => new ServerMessageReader<T>(this, marshaller, options.MessageBytesMax);

    public GrpcMessageWriter<T> Writer<T>(GrpcMarshaller<T> marshaller) => new ServerMessageWriter<T>(this, marshaller, options.MessageBytesMax);

    public void WriteUnflushed<T>(GrpcMarshaller<T> marshaller, T message) => GrpcFrame.Write(new CountingWriter(_body.Writer), marshaller, message, options.MessageBytesMax);

    public async ValueTask SendHeadersAsync()
    {
        await _body.StartAsync(context.Stop).ConfigureAwait(false);
        await _body.Writer.FlushAsync(context.Stop).ConfigureAwait(false);
    }

    /// <summary>The request of a method that takes exactly one.</summary>
    public async ValueTask<T> ReadSingleAsync<T>(GrpcMarshaller<T> marshaller)
    {
        GrpcMessageReader<T> reader = Reader(marshaller);
        (bool has, T? request) = await reader.ReadAsync(context.Stop).ConfigureAwait(false);
        if (!has)
        {
            throw new GrpcException(GrpcStatusCode.Internal, "client closed the stream without sending a request message");
        }

        return await reader.WaitToReadAsync(context.Stop).ConfigureAwait(false)
            ? throw new GrpcException(GrpcStatusCode.Internal, "client sent more than one request message to a method that takes one")
            : request!;
    }

    /// <summary>Sends the status: as trailers, or as the only header block when nothing was sent yet.</summary>
    public async ValueTask CompleteAsync(GrpcStatus status)
    {
        Microsoft.AspNetCore.Http.IHeaderDictionary target;
        if (_response.HasStarted || status.IsOK)
        {
            target = features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        }
        else
        {
            target = _response.Headers;
        }

        target["grpc-status"] = ((int)status.Code).ToString(CultureInfo.InvariantCulture);
        if (status.Detail.Length > 0)
        {
            target["grpc-message"] = GrpcMessageText.Encode(status.Detail);
        }

        foreach ((string name, string value) in context.TrailersIfAny ?? GrpcMetadata.Empty)
        {
            target[name] = Microsoft.Extensions.Primitives.StringValues.Concat(target[name], value);
        }

        await _body.CompleteAsync().ConfigureAwait(false);
    }

    private sealed class ServerMessageReader<T>(GrpcServerCall call, GrpcMarshaller<T> marshaller, int sizeMax)
        : GrpcMessageReader<T>(marshaller, sizeMax)
    {
        private protected override ValueTask<PipeReader> OpenAsync(CancellationToken stop) => new(call._input);

        private protected override async ValueTask<ReadResult> ReadAsync(PipeReader input, CancellationToken stop)
        {
            CancellationToken token = stop.CanBeCanceled ? stop : call.Context.Stop;
            using CancellationTokenRegistration alsoCall = token == call.Context.Stop
                ? default
                : call.Context.Stop.UnsafeRegister(static p => ((PipeReader)p!).CancelPendingRead(), input);
            ReadResult result = await input.ReadAsync(token).ConfigureAwait(false);
            call.Context.Stop.ThrowIfCancellationRequested();
            return result;
        }

        private protected override ValueTask FinishAsync(bool tornFrame) => tornFrame
            ? throw new GrpcException(GrpcStatusCode.Internal, "unexpected EOF")
            : ValueTask.CompletedTask;
    }

    private sealed class ServerMessageWriter<T>(GrpcServerCall call, GrpcMarshaller<T> marshaller, int sizeMax)
        : GrpcMessageWriter<T>(call._body.Writer, marshaller, sizeMax)
    {
        public override async ValueTask FlushAsync(CancellationToken stop = default)
        {
            call.Context.Stop.ThrowIfCancellationRequested();
            FlushResult result = await Output.FlushAsync(stop.CanBeCanceled ? stop : call.Context.Stop).ConfigureAwait(false);
            if (result.IsCompleted)
            {
                throw new OperationCanceledException("the client has closed the stream");
            }
        }
    }
}
