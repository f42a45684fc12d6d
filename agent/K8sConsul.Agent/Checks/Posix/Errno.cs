using System.Runtime.InteropServices;

namespace K8sConsul.Agent.Checks.Posix;

/// <summary>Go's texts for what can go wrong when a program is started (Linux numbers).</summary>
internal static class Errno
{
    public const int NoEntry = 2;
    public const int NoAccess = 13;

    public static string Text(int number) => number switch
    {
        1 => "operation not permitted",
        NoEntry => "no such file or directory",
        5 => "input/output error",
        7 => "argument list too long",
        8 => "exec format error",
        11 => "resource temporarily unavailable",
        12 => "cannot allocate memory",
        NoAccess => "permission denied",
        20 => "not a directory",
        21 => "is a directory",
        22 => "invalid argument",
        23 => "too many open files in system",
        24 => "too many open files",
        26 => "text file busy",
        36 => "file name too long",
        40 => "too many levels of symbolic links",
        _ => Marshal.GetPInvokeErrorMessage(number),
    };
}
