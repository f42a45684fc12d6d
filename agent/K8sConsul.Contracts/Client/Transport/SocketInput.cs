namespace K8sConsul.Contracts.Client.Transport;

/// <summary>Buffered reading of a socket. Owns it.</summary>
internal sealed class SocketInput : IDisposable
{
    private readonly Stream _socket;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    public SocketInput(Stream socket)
    {
        _socket = socket;
    }

    /// <summary>The next byte; -1 when the peer has closed.</summary>
    public int ReadByte()
    {
        return _start < _end || Fill() ? _buffer[_start++] : -1;
    }

    /// <summary>Up to the length of <paramref name="target"/>; zero when the peer has closed.</summary>
    public int Read(Span<byte> target)
    {
        if (_start == _end)
        {
            // A large read goes past the buffer.
            return target.Length >= _buffer.Length ? _socket.Read(target) : Fill() ? Take(target) : 0;
        }

        return Take(target);
    }

    public void Dispose()
    {
        _socket.Dispose();
    }

    private int Take(Span<byte> target)
    {
        int count = Math.Min(target.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(target);
        _start += count;
        return count;
    }

    private bool Fill()
    {
        _start = 0;
        _end = _socket.Read(_buffer);
        return _end > 0;
    }
}
