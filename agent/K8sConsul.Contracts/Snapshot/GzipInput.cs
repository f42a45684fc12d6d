using System.IO.Compression;

namespace K8sConsul.Contracts.Snapshot;

/// <summary>Unpacks gzip, and tells a damaged archive from a truncated one, in Go's words.</summary>
internal sealed class GzipInput : IDisposable
{
    private const int GzipHeaderBytes = 10;

    private readonly SourceWithHead _source;
    private readonly GZipStream _unpacked;

    /// <summary>Bytes unpacked so far.</summary>
    private long _length;

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
    /// <exception cref="SnapshotRefusedException">The archive ends or breaks before its time.</exception>
    public int ReadUpTo(Span<byte> buffer, string failed)
    {
        try
        {
            int count = _unpacked.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            _length += count;

            // GZipStream takes some cut archives for short ones; the length that gzip itself notes at the end gives them away.
            return count == buffer.Length || _source.Tail == (uint)_length
                ? count
                : throw new SnapshotRefusedException($"{failed}: unexpected EOF");
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

        /// <summary>The last four bytes taken, least significant first: in a whole archive the length of what is packed, modulo 2^32.</summary>
        public uint Tail { get; private set; }

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
                Note(buffer[..count]);
                return count;
            }

            int read = rest.Read(buffer);
            Ended |= read == 0 && !buffer.IsEmpty;
            Note(buffer[..read]);
            return read;
        }

        private void Note(ReadOnlySpan<byte> taken)
        {
            foreach (byte unit in taken[Math.Max(0, taken.Length - 4)..])
            {
                Tail = (Tail >> 8) | ((uint)unit << 24);
            }
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
