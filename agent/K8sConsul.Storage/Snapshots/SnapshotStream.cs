namespace K8sConsul.Storage;

/// <summary>Snapshots as streams, for encoders and decoders that want one.</summary>
public static class SnapshotStreams
{
    /// <summary>From the beginning, forward only. Does not own the reader.</summary>
    public static Stream AsStream(this ISnapshotReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new ReadStream(reader);
    }

    /// <summary>Forward only. Does not own the writer, and closing it publishes nothing.</summary>
    public static Stream AsStream(this ISnapshotWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return new WriteStream(writer);
    }

    private abstract class ForwardStream : Stream
    {
        public override bool CanSeek => false;

        public override bool CanRead => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    private sealed class ReadStream(ISnapshotReader reader) : ForwardStream
    {
        private long _offset;

        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            int read = reader.Read(_offset, buffer);
            _offset += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }

    private sealed class WriteStream(ISnapshotWriter writer) : ForwardStream
    {
        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer) => writer.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => writer.Write(buffer.AsSpan(offset, count));
    }
}
