using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace K8sConsul.Go;

/// <summary>The system's errors in the words of Go's runtime, which Consul's texts are made of.</summary>
public static class GoErrors
{
    /// <summary>
    /// Go's text of an errno of Linux: glibc's with a small first letter. Those that other C libraries word differently, and that files and programs
    /// fail with, are written out.
    /// </summary>
    public static string OfErrno(int errno)
    {
        return errno switch
        {
            1 => "operation not permitted",
            2 => "no such file or directory",
            5 => "input/output error",
            7 => "argument list too long",
            8 => "exec format error",
            11 => "resource temporarily unavailable",
            12 => "cannot allocate memory",
            13 => "permission denied",
            20 => "not a directory",
            21 => "is a directory",
            22 => "invalid argument",
            23 => "too many open files in system",
            24 => "too many open files",
            26 => "text file busy",
            36 => "file name too long",
            40 => "too many levels of symbolic links",
            _ => OfLibrary(errno),
        };
    }

    public static string OfSocket(SocketException failure)
    {
        return OfErrno(failure.NativeErrorCode);
    }

    /// <summary>What went wrong with a file, without the operation and the path.</summary>
    public static string OfFile(Exception failure)
    {
        return failure switch
        {
            FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
            UnauthorizedAccessException => "permission denied",
            PathTooLongException => "file name too long",

            // On Unix the plain IOException's HResult is the errno; above that range it is a code of .NET's own.
            IOException { HResult: > 0 and < 4096 } => OfErrno(failure.HResult),
            _ => failure.Message,
        };
    }

    public static bool IsFileFailure(Exception failure)
    {
        return failure is IOException or UnauthorizedAccessException;
    }

    private static string OfLibrary(int errno)
    {
        string text = Marshal.GetPInvokeErrorMessage(errno);
        return text.Length == 0 ? $"errno {errno}" : char.ToLowerInvariant(text[0]) + text[1..];
    }
}
