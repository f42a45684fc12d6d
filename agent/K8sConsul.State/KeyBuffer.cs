using System.Buffers;
using System.Text;

namespace K8sConsul.State;

/// <summary>
/// A table key under construction in its caller's buffer, so that looking something up allocates nothing. A key that
/// outgrows the buffer goes on in a rented one.
/// </summary>
internal ref struct KeyBuffer
{
    /// <summary>What callers reserve on their stack; names and keys are rarely longer.</summary>
    public const int StackBytes = 256;

    private const int BytesPerCharMax = 3;

    private Span<byte> _bytes;
    private byte[]? _rented;

    public KeyBuffer(Span<byte> initial) => _bytes = initial;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Bytes => _bytes[..Length];

    /// <summary>A part that compares without case. Invariant folding, so that every replica of every culture makes the same key.</summary>
    public void AppendFolded(ReadOnlySpan<char> part)
    {
        Reserve(part.Length * BytesPerCharMax);
        if (Ascii.ToLower(part, _bytes[Length..], out int written) == OperationStatus.Done)
        {
            Length += written;
            return;
        }

        char[] folded = ArrayPool<char>.Shared.Rent(part.Length);
        int length = part.ToLowerInvariant(folded);
        AppendExact(folded.AsSpan(0, length));
        ArrayPool<char>.Shared.Return(folded);
    }

    public void AppendExact(ReadOnlySpan<char> part)
    {
        Reserve(part.Length * BytesPerCharMax);
        Length += Encoding.UTF8.GetBytes(part, _bytes[Length..]);
    }

    /// <summary>Ends a part. The NUL keeps <c>web</c> from being a prefix of <c>web-admin</c>.</summary>
    public void EndPart()
    {
        Reserve(1);
        _bytes[Length++] = 0;
    }

    /// <summary>Goes back to a shorter key, to go on from there with another part.</summary>
    public void Truncate(int length) => Length = length;

    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            _bytes = default;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - Length >= more)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + more));
        Bytes.CopyTo(larger);
        Dispose();
        _rented = larger;
        _bytes = larger;
    }
}
