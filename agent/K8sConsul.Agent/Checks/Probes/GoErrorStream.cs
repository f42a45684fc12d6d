using System.Net;
using System.Net.Sockets;
using K8sConsul.Grpc.Net;

namespace K8sConsul.Agent.Checks.Probes;

/// <summary>A connection that reports a broken socket in Go's words, with both addresses.</summary>
internal sealed class GoErrorStream(NetworkStream inner, Socket socket) : Stream
{
    private readonly EndPoint? _local = socket.LocalEndPoint;
    private readonly EndPoint? _remote = socket.RemoteEndPoint;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (GoNetError.Find(e) is { } code)
        {
            throw new BrokenConnectionException($"read tcp {_local}->{_remote}: read: {GoNetError.Text(code)}", e);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (GoNetError.Find(e) is { } code)
        {
            throw new BrokenConnectionException($"write tcp {_local}->{_remote}: write: {GoNetError.Text(code)}", e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>The peer or the network ended a connection; the message is Go's.</summary>
internal sealed class BrokenConnectionException(string message, Exception inner) : IOException(message, inner);
