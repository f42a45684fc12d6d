using System.IO.Compression;

namespace K8sConsul.Contracts.Snapshot;

/// <summary>Unpacks gzip, and tells a damaged archive from a truncated one, in Go's words.</summary>
internal sealed class GzipInput : IDisposable
{
    private const int GzipHeaderBytes = 10;

    private readonly SourceWithHead _source;
    private readonly GZipStream _unpacked;

    private GzipInput(SourceWithHead source)
    {
        _source = source;
        _unpacked = new GZipStream(source, CompressionMode.Decompress, leaveOpen: true);
    }

    public static GzipInput? TryOpen(Stream archive, out string error)
    {
        byte[] head = new byte[GzipHeaderBytes];
        int count = archive.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        error = count switch
        {
            0 => "EOF",
            < GzipHeaderBytes => "unexpected EOF",
            _ when head is not [0x1f, 0x8b, 8, ..] => "gzip: invalid header",
            _ => string.Empty,
        };
        return error.Length == 0 ? new GzipInput(new SourceWithHead(head, archive)) : null;
    }

    /// <summary>Fills the buffer, or as much of it as there is.</summary>
    public int ReadUpTo(Span<byte> buffer, string failed)
    {
        try
        {
            return _unpacked.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            throw new SnapshotRefusedException($"{failed}: {(_source.Ended ? "unexpected EOF" : "gzip: invalid checksum or corrupt input")}");
        }
    }

    public void Dispose()
    {
        _unpacked.Dispose();
        _source.Dispose();
    }

    /// <summary>The head that was looked at, then the rest; remembers whether all was taken.</summary>
    private sealed class SourceWithHead(byte[] head, Stream rest) : Stream
    {
        private int _taken;

        public bool Ended { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            if (_taken < head.Length)
            {
                int count = Math.Min(buffer.Length, head.Length - _taken);
                head.AsSpan(_taken, count).CopyTo(buffer);
                _taken += count;
                return count;
            }

            int read = rest.Read(buffer);
            Ended |= read == 0 && !buffer.IsEmpty;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            return Read(buffer.AsSpan(offset, count));
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin)
        {
            throw new NotSupportedException();
        }

        public override void SetLength(long value)
        {
            throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            throw new NotSupportedException();
        }
    }
}
