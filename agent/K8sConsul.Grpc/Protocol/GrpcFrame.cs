using System.Buffers;
using System.Buffers.Binary;

namespace K8sConsul.Grpc;

/// <summary>The frame around each message: one byte that says whether it is compressed, four of length, the message.</summary>
internal static class GrpcFrame
{
    public const int HeaderSize = 5;

    /// <summary>Takes one whole frame off the front of <paramref name="buffer"/>.</summary>
    /// <returns>False when more bytes are needed; nothing is then taken.</returns>
    /// <exception cref="GrpcException">The frame is compressed, malformed or longer than <paramref name="sizeMax"/>.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, int sizeMax, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.Length < HeaderSize)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        buffer.Slice(0, HeaderSize).CopyTo(header);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        switch (header[0])
        {
            case 0:
                break;
            case 1:
                // We announce grpc-accept-encoding: identity, so a compressed message is the peer's mistake.
                throw new GrpcException(GrpcStatusCode.Unimplemented, "grpc: Decompressor is not installed for grpc-encoding");
            default:
                throw new GrpcException(GrpcStatusCode.Internal, $"grpc: received unexpected payload format {header[0]}");
        }

        if (length > (uint)sizeMax)
        {
            throw new GrpcException(
                GrpcStatusCode.ResourceExhausted,
                $"grpc: received message larger than max ({length} vs. {sizeMax})");
        }

        if (buffer.Length < HeaderSize + length)
        {
            return false;
        }

        message = buffer.Slice(HeaderSize, length);
        buffer = buffer.Slice(HeaderSize + length);
        return true;
    }

    /// <summary>Appends one frame; nothing is flushed.</summary>
    /// <exception cref="GrpcException">The message is larger than <paramref name="sizeMax"/>; nothing was written.</exception>
    public static void Write<T>(CountingWriter output, GrpcMarshaller<T> marshaller, T value, int sizeMax)
    {
        int size = marshaller.Size(value);
        if (size > sizeMax)
        {
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"trying to send message larger than max ({size} vs. {sizeMax})");
        }

        Span<byte> header = output.GetSpan(HeaderSize);
        header[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], size);
        output.Advance(HeaderSize);
        long before = output.Count;
        marshaller.Write(value, output);
        if (output.Count - before != size)
        {
            // Continuing would put every later message of the stream out of step.
            throw new InvalidOperationException($"marshaller of {typeof(T)} announced {size} bytes and wrote {output.Count - before}");
        }
    }

    /// <summary>A message as its reader sees it; a text that does not parse is the peer's fault, not ours.</summary>
    public static T Parse<T>(GrpcMarshaller<T> marshaller, in ReadOnlySequence<byte> message)
    {
        try
        {
            return marshaller.Read(message);
        }
        catch (Exception e) when (e is not GrpcException)
        {
            throw new GrpcException(GrpcStatusCode.Internal, "grpc: failed to unmarshal the received message " + e.Message, e);
        }
    }
}
