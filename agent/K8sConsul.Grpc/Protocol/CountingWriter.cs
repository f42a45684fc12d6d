using System.Buffers;

namespace K8sConsul.Grpc;

/// <summary>Counts what passes: a pipe's own count stands still once its reader has gone.</summary>
internal sealed class CountingWriter(IBufferWriter<byte> output) : IBufferWriter<byte>
{
    public long Count { get; private set; }

    public void Advance(int count)
    {
        Count += count;
        output.Advance(count);
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => output.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => output.GetSpan(sizeHint);
}
