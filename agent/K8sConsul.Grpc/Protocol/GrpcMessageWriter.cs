using System.IO.Pipelines;

namespace K8sConsul.Grpc;

/// <summary>
/// The sending half of a stream. <see cref="Write"/> only collects; one <see cref="FlushAsync"/> then sends all that has
/// been collected, so that many small messages share a packet. One writer at a time.
/// </summary>
public abstract class GrpcMessageWriter<T>
{
    private readonly GrpcMarshaller<T> _marshaller;
    private readonly int _sizeMax;

    private readonly CountingWriter _output;

    private protected GrpcMessageWriter(PipeWriter output, GrpcMarshaller<T> marshaller, int sizeMax)
    {
        Output = output;
        _output = new CountingWriter(output);
        _marshaller = marshaller;
        _sizeMax = sizeMax;
    }

    private protected PipeWriter Output { get; }

    /// <summary>Collects one message.</summary>
    public void Write(T message) => GrpcFrame.Write(_output, _marshaller, message, _sizeMax);

    /// <summary>Sends what has been collected; waits while the peer's flow control asks for it.</summary>
    /// <exception cref="GrpcException">The call is over.</exception>
    public abstract ValueTask FlushAsync(CancellationToken stop = default);

    public ValueTask WriteAsync(T message, CancellationToken stop = default)
    {
        Write(message);
        return FlushAsync(stop);
    }
}
