using System.Globalization;

namespace K8sConsul.Contracts.Client.Transport;

/// <summary>The body of an HTTP/1 answer: of a known length, in chunks, or up to the end of the connection.</summary>
internal abstract class AnswerBody : Stream
{
    protected AnswerBody(SocketInput input)
    {
        Input = input;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    protected SocketInput Input { get; }

    public static AnswerBody For(AnswerHead head, SocketInput input)
    {
        if (string.Equals(head.Headers.Find("Transfer-Encoding"), "chunked", StringComparison.OrdinalIgnoreCase))
        {
            return new ChunkedBody(input);
        }

        if (head.StatusCode is 204 or 304)
        {
            return new LengthBody(input, 0);
        }

        string? length = head.Headers.Find("Content-Length");
        if (length is null)
        {
            return new ClosedBody(input);
        }

        return long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            ? new LengthBody(input, bytes)
            : throw new InvalidDataException($"bad Content-Length \"{length}\"");
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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Input.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class LengthBody(SocketInput input, long left) : AnswerBody(input)
    {
        private long _left = left;

        public override int Read(Span<byte> buffer)
        {
            if (_left == 0 || buffer.IsEmpty)
            {
                return 0;
            }

            int count = Input.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            if (count == 0)
            {
                throw new EndOfStreamException("unexpected EOF");
            }

            _left -= count;
            return count;
        }
    }

    private sealed class ClosedBody(SocketInput input) : AnswerBody(input)
    {
        public override int Read(Span<byte> buffer)
        {
            return Input.Read(buffer);
        }
    }

    private sealed class ChunkedBody(SocketInput input) : AnswerBody(input)
    {
        /// <summary>A size line with its extensions, and each trailer line.</summary>
        private const int LineBytesMax = 4096;

        private const int TrailerLinesMax = 100;

        private long _left;
        private bool _started;
        private bool _ended;

        public override int Read(Span<byte> buffer)
        {
            if (buffer.IsEmpty || (_left == 0 && !NextChunk()))
            {
                return 0;
            }

            int count = Input.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            if (count == 0)
            {
                throw new EndOfStreamException("unexpected EOF");
            }

            _left -= count;
            return count;
        }

        private bool NextChunk()
        {
            if (_ended)
            {
                return false;
            }

            if (_started && ReadLine().Length > 0)
            {
                throw new InvalidDataException("malformed chunked encoding");
            }

            _started = true;
            string size = ReadLine();
            int extension = size.IndexOf(';', StringComparison.Ordinal);
            ReadOnlySpan<char> digits = (extension < 0 ? size : size[..extension]).Trim();
            if (!long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left) || _left < 0)
            {
                throw new InvalidDataException("invalid byte in chunk length");
            }

            if (_left > 0)
            {
                return true;
            }

            _ended = true;
            for (int i = 0; ReadLine().Length > 0; i++)
            {
                if (i == TrailerLinesMax)
                {
                    throw new InvalidDataException("too many trailers");
                }
            }

            return false;
        }

        private string ReadLine()
        {
            Span<char> line = stackalloc char[128];
            int length = 0;
            for (int i = 0; i < LineBytesMax; i++)
            {
                int unit = Input.ReadByte();
                switch (unit)
                {
                    case < 0:
                        throw new EndOfStreamException("unexpected EOF");
                    case '\n':
                        return line[..length].ToString();
                    case '\r':
                        break;
                    default:
                        // What follows the size is an extension, which nobody reads.
                        if (length < line.Length)
                        {
                            line[length++] = (char)unit;
                        }

                        break;
                }
            }

            throw new InvalidDataException("header line too long");
        }
    }
}
