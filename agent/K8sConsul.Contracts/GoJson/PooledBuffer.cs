using System.Buffers;

namespace K8sConsul.Contracts.GoJson;

/// <summary>A growing byte buffer on rented memory. Whoever made it disposes it, or hands it on with that duty.</summary>
public sealed class PooledBuffer(int sizeHint = 1024) : IBufferWriter<byte>, IDisposable
{
    private byte[] _rented = ArrayPool<byte>.Shared.Rent(sizeHint);
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<byte> Span => _rented.AsSpan(0, _length);

    public ReadOnlyMemory<byte> Memory => _rented.AsMemory(0, _length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _rented.Length - _length);
        _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _rented.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _rented.AsSpan(_length);
    }

    public void Clear() => _length = 0;

    public void Dispose()
    {
        byte[] rented = _rented;
        _rented = [];
        _length = 0;
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Ensure(int sizeHint)
    {
        int wanted = Math.Max(sizeHint, 1);
        if (_rented.Length - _length >= wanted)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + wanted), Math.Min(_rented.Length * 2, Array.MaxLength)));
        _rented.AsSpan(0, _length).CopyTo(larger);
        if (_rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _rented = larger;
    }
}
