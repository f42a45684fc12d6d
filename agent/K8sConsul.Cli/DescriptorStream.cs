using System.Runtime.InteropServices;

namespace K8sConsul.Cli;

/// <summary>The reader of our output has closed it.</summary>
internal sealed class OutputClosedException() : IOException("the output is closed");

/// <summary>Writes to one of the process's own descriptors by the system call. Linux only; elsewhere the console's stream serves.</summary>
/// <remarks>
/// Opening the console's stream costs a fresh process 6 ms, this costs less than one. FileStream is no way out: it writes at offsets
/// of its own, so that in <c>(consul …; consul …) &gt; file</c> the second would overwrite the first.
/// </remarks>
internal sealed partial class DescriptorStream : Stream
{
    private const int Interrupted = 4;
    private const int BrokenPipe = 32;

    private readonly int _descriptor;

    private DescriptorStream(int descriptor)
    {
        _descriptor = descriptor;
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <param name="descriptor">1 for output, 2 for errors.</param>
    public static Stream Open(int descriptor)
    {
        return OperatingSystem.IsLinux() ? new DescriptorStream(descriptor) : OpenConsole(descriptor);
    }

    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written;
            fixed (byte* bytes = buffer)
            {
                written = WriteTo(_descriptor, bytes, buffer.Length);
            }

            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    continue;
                case BrokenPipe:
                    throw new OutputClosedException();
                default:
                    // Someone made the descriptor non-blocking, or worse: the console's stream knows how to wait, and what to throw.
                    OpenConsole(_descriptor).Write(buffer);
                    return;
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Write(buffer.AsSpan(offset, count));
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        throw new NotSupportedException();
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        throw new NotSupportedException();
    }

    public override void SetLength(long value)
    {
        throw new NotSupportedException();
    }

    private static Stream OpenConsole(int descriptor)
    {
        return descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError();
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint WriteTo(int descriptor, byte* bytes, nint count);
}
