using System.IO.Pipelines;

namespace K8sConsul.Grpc;

/// <summary>Reads the response's body.</summary>
internal sealed class ClientMessageReader<T>(GrpcClientCall<T> call, GrpcMarshaller<T> marshaller, int sizeMax)
    : GrpcMessageReader<T>(marshaller, sizeMax)
{
    // A zero-byte read waits first, so that an idle stream holds no buffer.
    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: 16 * 1024, minimumReadSize: 1024, leaveOpen: false, useZeroByteReads: true);

    private PipeReader? _input;

    /// <summary>The peer's status has been seen: nothing more will come.</summary>
    public bool Finished { get; private set; }

    public void Release()
    {
        _input?.Complete();
        _input = null;
    }

    private protected override async ValueTask<PipeReader> OpenAsync(CancellationToken stop)
    {
        if (_input is null)
        {
            HttpResponseMessage response = await call.ResponseAsync(stop).ConfigureAwait(false);
            Stream body = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
            _input = PipeReader.Create(body, ReaderOptions);
        }

        return _input;
    }

    private protected override async ValueTask<ReadResult> ReadAsync(PipeReader input, CancellationToken stop)
    {
        // Registering with the token of each read would cost more than the read: the call's own token covers the usual case.
        using CancellationTokenRegistration registration =
            stop.CanBeCanceled && stop != call.CallerStop ? stop.UnsafeRegister(static p => ((PipeReader)p!).CancelPendingRead(), input) : default;
        try
        {
            ReadResult result = await input.ReadAsync(call.Stopped).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            return result;
        }
        catch (Exception e)
        {
            throw call.Failure(e, stop);
        }
    }

    private protected override ValueTask FinishAsync(bool tornFrame)
    {
        Finished = true;
        return call.FinishAsync(tornFrame);
    }
}
