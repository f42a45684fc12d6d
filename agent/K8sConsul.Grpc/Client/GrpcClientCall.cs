using System.Net.Http.Headers;

namespace K8sConsul.Grpc;

/// <summary>One call as the client sees it: the request under way, its deadline, and the response once it has begun.</summary>
internal sealed class GrpcClientCall<TResponse> : IDisposable
{
    private readonly CancellationToken _callerStop;
    private readonly CancellationTokenSource? _deadline;
    private readonly CancellationTokenSource _stop;
    private readonly HttpRequestMessage _request;
    private readonly Task<HttpResponseMessage> _response;
    private bool _disposed;

    public GrpcClientCall(
        HttpMessageInvoker http,
        HttpRequestMessage request,
        GrpcMarshaller<TResponse> marshaller,
        GrpcChannelOptions options,
        TimeSpan? timeout,
        CancellationToken stop)
    {
        _callerStop = stop;
        _request = request;
        _deadline = timeout is { } t ? new CancellationTokenSource(t > TimeSpan.Zero ? t : TimeSpan.Zero, options.Time) : null;
        _stop = _deadline is null
            ? CancellationTokenSource.CreateLinkedTokenSource(stop)
            : CancellationTokenSource.CreateLinkedTokenSource(stop, _deadline.Token);
        Responses = new ClientMessageReader<TResponse>(this, marshaller, options.MessageBytesMax);
        _response = http.SendAsync(request, _stop.Token);
    }

    public ClientMessageReader<TResponse> Responses { get; }

    public CancellationToken CallerStop => _callerStop;

    /// <summary>Cancelled at the deadline, by the caller and when the call is disposed.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>Calls back when no response will come.</summary>
    public void OnSendFailed(Action<Exception> failed) => _ = _response.ContinueWith(
        static (response, state) => ((Action<Exception>)state!)(response.Exception ?? (Exception)new OperationCanceledException("the call was cancelled")),
        failed,
        CancellationToken.None,
        TaskContinuationOptions.NotOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>The response's headers, once they have arrived and say that this is gRPC.</summary>
    public async ValueTask<HttpResponseMessage> ResponseAsync(CancellationToken stop)
    {
        HttpResponseMessage response;
        try
        {
            response = await _response.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw Failure(e, stop);
        }

        GrpcClientFailure.ThrowUnlessGrpc(response);
        return response;
    }

    public async ValueTask<GrpcMetadata> ResponseHeadersAsync(CancellationToken stop)
    {
        HttpResponseMessage response = await ResponseAsync(stop).ConfigureAwait(false);
        return ToMetadata(response.Headers);
    }

    /// <summary>Throws unless the trailers say that all went well.</summary>
    public async ValueTask FinishAsync(bool tornFrame)
    {
        HttpResponseMessage response = await _response.ConfigureAwait(false);
        (GrpcStatus Status, bool Present) end = GrpcClientFailure.Status(response);
        if (end.Present && !end.Status.IsOK)
        {
            throw new GrpcException(end.Status, ToMetadata(GrpcClientFailure.Trailers(response)));
        }

        if (tornFrame)
        {
            throw new GrpcException(GrpcStatusCode.Internal, "unexpected EOF");
        }

        if (!end.Present)
        {
            throw new GrpcException(GrpcStatusCode.Internal, "server closed the stream without sending trailers");
        }
    }

    /// <summary>What a transport failure means to the caller: his own cancellation, the deadline, or a status.</summary>
    public Exception Failure(Exception error, CancellationToken stop)
    {
        if (error is GrpcException)
        {
            return error;
        }

        if (stop.IsCancellationRequested || _callerStop.IsCancellationRequested)
        {
            return new OperationCanceledException("the call was cancelled by its caller", error, stop.IsCancellationRequested ? stop : _callerStop);
        }

        if (_deadline?.IsCancellationRequested == true)
        {
            return GrpcException.DeadlineExceeded(error);
        }

        return _disposed
            ? new GrpcException(GrpcStatusCode.Canceled, "the call was disposed", error)
            : GrpcClientFailure.FromTransport(error);
    }

    public static GrpcMetadata ToMetadata(HttpResponseHeaders headers)
    {
        GrpcMetadata metadata = new();
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            string key = name.ToLowerInvariant();
            if (!GrpcMetadata.IsReserved(key))
            {
                foreach (string value in values)
                {
                    metadata.AddReceived(key, value);
                }
            }
        }

        return metadata;
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        bool finished = Responses.Finished;
        Responses.Release();
        if (!finished)
        {
            // Resets the stream, and with it a request that is still being sent.
            _stop.Cancel();
        }

        if (_response.IsCompletedSuccessfully)
        {
            Release(_response);
        }
        else
        {
            // The send ends soon, since it was just cancelled; its outcome belongs to nobody any more.
            _ = _response.ContinueWith(Release, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Release(Task<HttpResponseMessage> response)
    {
        if (response.IsCompletedSuccessfully)
        {
            response.Result.Dispose();
        }
        else
        {
            _ = response.Exception;
        }

        _request.Dispose();
        _stop.Dispose();
        _deadline?.Dispose();
    }
}
