using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace K8sConsul.Storage;

/// <summary>
/// fdatasync and the flush of a directory, which the class library does not offer (its FlushToDisk is fsync, which also writes the time of the last
/// change: one more journal commit per flush).
/// </summary>
internal static partial class NativeFlush
{
    private const int Interrupted = 4;

    public static void Data(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        int result;
        do
        {
            result = FDataSync(file);
        }
        while (result != 0 && Marshal.GetLastPInvokeError() == Interrupted);
        ThrowOnError(result, "fdatasync");
    }

    /// <summary>Windows keeps names durable by itself and cannot flush a directory.</summary>
    public static void Directory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(path, flags: 0);
        ThrowOnError(descriptor, "open");
        try
        {
            ThrowOnError(FSync(descriptor), "fsync");
        }
        finally
        {
            // The result of closing a descriptor that was only read from says nothing about the directory.
            _ = Close(descriptor);
        }
    }

    private static void ThrowOnError(int result, string call)
    {
        if (result < 0)
        {
            throw new IOException($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
