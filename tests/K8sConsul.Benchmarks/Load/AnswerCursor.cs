namespace K8sConsul.Benchmarks.Load;

/// <summary>Finds where an HTTP/1.1 answer ends, in whatever pieces it arrives; bodies are counted, not kept.</summary>
/// <remarks>Knows lengths and chunks, which is what both programs send to a client that keeps its connection.</remarks>
internal sealed class AnswerCursor
{
    private const int LineBytesMax = 1024;

    private readonly byte[] _line = new byte[LineBytesMax];
    private int _lineLength;
    private State _state;
    private long _left;
    private bool _isChunked;

    private enum State
    {
        StatusLine,
        Header,
        Body,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailer,
    }

    /// <summary>Of the answer that ended last, or is being read.</summary>
    public int StatusCode { get; private set; }

    /// <returns>True at the answer's end, with which the bytes end too: nothing was asked in advance.</returns>
    public bool Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_state is State.Body or State.Chunk)
            {
                int count = (int)Math.Min(_left, bytes.Length);
                bytes = bytes[count..];
                _left -= count;
                if (_left == 0)
                {
                    if (_state == State.Body)
                    {
                        return End();
                    }

                    _state = State.ChunkEnd;
                }

                continue;
            }

            int newline = bytes.IndexOf((byte)'\n');
            ReadOnlySpan<byte> piece = newline < 0 ? bytes : bytes[..newline];
            bytes = newline < 0 ? [] : bytes[(newline + 1)..];
            Keep(piece);
            if (newline >= 0 && EndLine())
            {
                return End();
            }
        }

        return false;
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        if (_lineLength + piece.Length > LineBytesMax)
        {
            throw new BenchmarkException("an answer's header is longer than the load generator takes");
        }

        piece.CopyTo(_line.AsSpan(_lineLength));
        _lineLength += piece.Length;
    }

    /// <returns>True when the answer ends with this line.</returns>
    private bool EndLine()
    {
        ReadOnlySpan<byte> line = _line.AsSpan(0, _lineLength).TrimEnd((byte)'\r');
        _lineLength = 0;
        switch (_state)
        {
            case State.StatusLine:
                StatusCode = line.Length < 12 ? 0 : ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + line[11] - '0';
                _state = State.Header;
                return false;
            case State.Header when line.IsEmpty:
                _state = _isChunked ? State.ChunkSize : State.Body;
                return !_isChunked && _left == 0;
            case State.Header:
                ReadHeader(line);
                return false;
            case State.ChunkSize:
                _left = ParseHex(line);
                _state = _left == 0 ? State.Trailer : State.Chunk;
                return false;
            case State.ChunkEnd:
                _state = State.ChunkSize;
                return false;
            default:
                return line.IsEmpty;
        }
    }

    private void ReadHeader(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> length = "content-length:"u8;
        if (line.Length > length.Length && (line[0] | 0x20) == 'c' && line[7] == '-' && (line[8] | 0x20) == 'l')
        {
            foreach (byte digit in line[length.Length..].Trim((byte)' '))
            {
                _left = (_left * 10) + digit - '0';
            }
        }
        else if (line.EndsWith("chunked"u8) && (line[0] | 0x20) == 't')
        {
            _isChunked = true;
        }
    }

    private static long ParseHex(ReadOnlySpan<byte> digits)
    {
        long value = 0;
        foreach (byte digit in digits)
        {
            value = (value << 4) | (uint)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return value;
    }

    private bool End()
    {
        _state = State.StatusLine;
        _left = 0;
        _isChunked = false;
        return true;
    }
}
