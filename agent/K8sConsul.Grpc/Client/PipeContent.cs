using System.IO.Pipelines;
using System.Net;

namespace K8sConsul.Grpc;

/// <summary>A request whose messages are written while the answer is being read.</summary>
internal sealed class PipeContent : HttpContent
{
    // Larger than one DATA frame, so that a burst of small messages leaves in few writes; segments come from the pool.
    private const int SegmentBytes = 32 * 1024;

    private readonly Pipe _pipe = new(new PipeOptions(
        minimumSegmentSize: SegmentBytes,
        pauseWriterThreshold: 256 * 1024,
        resumeWriterThreshold: 128 * 1024,
        useSynchronizationContext: false));

    // 1 once somebody owns the reading side: the sender, or the failure of a call that was never sent.
    private int _readerTaken;

    public PipeWriter Writer => _pipe.Writer;

    /// <summary>The call failed: a writer that waits for room is told, unless the sender does that itself.</summary>
    public void Abandon(Exception error)
    {
        if (Interlocked.Exchange(ref _readerTaken, 1) == 0)
        {
            _pipe.Reader.Complete(error);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _readerTaken, 1) != 0)
        {
            throw new InvalidOperationException("the request's messages can be sent only once");
        }

        try
        {
            // Sends the request's headers at once: the peer may want to speak first.
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            while (true)
            {
                ReadResult result = await _pipe.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                foreach (ReadOnlyMemory<byte> segment in result.Buffer)
                {
                    await stream.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
                }

                _pipe.Reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }

                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            await _pipe.Reader.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The writing side learns of it at its next flush.
            await _pipe.Reader.CompleteAsync(e).ConfigureAwait(false);
            throw;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
