using System.Buffers;
using Google.Protobuf;

namespace K8sConsul.Grpc;

/// <summary>How messages of one type become bytes and back.</summary>
/// <param name="Size">Exact number of bytes that <paramref name="Write"/> will write: the frame's length goes out first.</param>
/// <param name="Write">Writes exactly that many bytes.</param>
/// <param name="Read">The sequence is valid only during the call; what is kept must be copied.</param>
public sealed record GrpcMarshaller<T>(Func<T, int> Size, Action<T, IBufferWriter<byte>> Write, Func<ReadOnlySequence<byte>, T> Read);

/// <summary>The marshallers that most callers need.</summary>
public static class GrpcMarshaller
{
    /// <summary>Opaque bytes, copied once into a new array when read.</summary>
    public static readonly GrpcMarshaller<ReadOnlyMemory<byte>> Bytes = new(
        static value => value.Length,
        static (value, output) => output.Write(value.Span),
        static input => input.ToArray());

    /// <summary>For generated messages; a received message that does not parse is <see cref="GrpcStatusCode.Internal"/>.</summary>
    public static GrpcMarshaller<T> Protobuf<T>(MessageParser<T> parser)
        where T : IMessage<T>, IBufferMessage => new(
            static message => message.CalculateSize(),
            static (message, output) => message.WriteTo(output),
            input => parser.ParseFrom(input));
}
