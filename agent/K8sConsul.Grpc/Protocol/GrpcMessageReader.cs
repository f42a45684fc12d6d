using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace K8sConsul.Grpc;

/// <summary>
/// The received half of a stream. Used like a channel's reader: wait, then take everything that has arrived. One reader
/// at a time. Where the stream ends with an error status, waiting throws <see cref="GrpcException"/>.
/// </summary>
public abstract class GrpcMessageReader<T>
{
    private readonly GrpcMarshaller<T> _marshaller;
    private readonly int _sizeMax;

    // What has been read from the pipe and not been given out; valid until the next AdvanceTo.
    private ReadOnlySequence<byte> _buffer;
    private bool _holdsBuffer;
    private bool _endSeen;
    private bool _done;

    private protected GrpcMessageReader(GrpcMarshaller<T> marshaller, int sizeMax)
    {
        _marshaller = marshaller;
        _sizeMax = sizeMax;
    }

    /// <summary>Takes the next message that has already arrived whole.</summary>
    /// <exception cref="GrpcException">The bytes are no gRPC frame, too large or not such a message.</exception>
    public bool TryRead([MaybeNullWhen(false)] out T message)
    {
        if (_holdsBuffer && GrpcFrame.TryRead(ref _buffer, _sizeMax, out ReadOnlySequence<byte> frame))
        {
            message = GrpcFrame.Parse(_marshaller, frame);
            return true;
        }

        message = default;
        return false;
    }

    /// <summary>Waits until <see cref="TryRead"/> has something, or the peer has finished.</summary>
    /// <returns>False when the stream ended well.</returns>
    public async ValueTask<bool> WaitToReadAsync(CancellationToken stop = default)
    {
        if (_done)
        {
            return false;
        }

        PipeReader input = await OpenAsync(stop).ConfigureAwait(false);
        while (true)
        {
            if (_holdsBuffer)
            {
                ReadOnlySequence<byte> peek = _buffer;
                if (GrpcFrame.TryRead(ref peek, _sizeMax, out _))
                {
                    return true;
                }

                bool tornFrame = _endSeen && !_buffer.IsEmpty;
                input.AdvanceTo(_buffer.Start, _buffer.End);
                _holdsBuffer = false;
                if (_endSeen)
                {
                    _done = true;
                    await FinishAsync(tornFrame).ConfigureAwait(false);
                    return false;
                }
            }

            ReadResult result = await ReadAsync(input, stop).ConfigureAwait(false);
            _buffer = result.Buffer;
            _endSeen = result.IsCompleted;
            _holdsBuffer = true;
        }
    }

    /// <summary>The next message, or false at the end of the stream.</summary>
    public async ValueTask<(bool Has, T? Message)> ReadAsync(CancellationToken stop = default) =>
        await WaitToReadAsync(stop).ConfigureAwait(false) && TryRead(out T? message) ? (true, message) : (false, default);

    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        while (await WaitToReadAsync(stop).ConfigureAwait(false))
        {
            while (TryRead(out T? message))
            {
                yield return message;
            }
        }
    }

    /// <summary>The pipe to read from; on a client this waits for the response's headers.</summary>
    private protected abstract ValueTask<PipeReader> OpenAsync(CancellationToken stop);

    private protected abstract ValueTask<ReadResult> ReadAsync(PipeReader input, CancellationToken stop);

    /// <summary>Called once after the last byte; throws when the stream did not end well.</summary>
    private protected abstract ValueTask FinishAsync(bool tornFrame);
}
