using System.Buffers;
using System.Buffers.Binary;
using System.Net;

namespace K8sConsul.Grpc;

/// <summary>A request of one message: one pooled buffer, one write.</summary>
internal sealed class SingleMessageContent<T>(GrpcMarshaller<T> marshaller, T message, int sizeMax) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        int size = marshaller.Size(message);
        if (size > sizeMax)
        {
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"trying to send message larger than max ({size} vs. {sizeMax})");
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(GrpcFrame.HeaderSize + size);
        try
        {
            FixedBufferWriter output = new(rented, GrpcFrame.HeaderSize);
            rented[0] = 0;
            BinaryPrimitives.WriteInt32BigEndian(rented.AsSpan(1), size);
            marshaller.Write(message, output);
            if (output.Written != GrpcFrame.HeaderSize + size)
            {
                throw new InvalidOperationException($"marshaller of {typeof(T)} announced {size} bytes and wrote {output.Written - GrpcFrame.HeaderSize}");
            }

            await stream.WriteAsync(rented.AsMemory(0, output.Written), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <summary>Writes into an array whose size was computed before; asking for more than is left is a marshaller's error.</summary>
    private sealed class FixedBufferWriter(byte[] buffer, int start) : IBufferWriter<byte>
    {
        public int Written { get; private set; } = start;

        public void Advance(int count) => Written += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => buffer.AsMemory(Written);

        public Span<byte> GetSpan(int sizeHint = 0) => buffer.AsSpan(Written);
    }
}
