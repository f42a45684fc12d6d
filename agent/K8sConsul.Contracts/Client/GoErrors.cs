using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace K8sConsul.Contracts.Client;

/// <summary>The system's errors in the words of Go's runtime, which Consul's texts are made of.</summary>
public static class GoErrors
{
    /// <summary>Go's text of an errno: the C library's with a small first letter.</summary>
    public static string OfErrno(int errno)
    {
        string text = Marshal.GetPInvokeErrorMessage(errno);
        return text.Length == 0 ? $"errno {errno}" : char.ToLowerInvariant(text[0]) + text[1..];
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
}
