using System.Runtime.InteropServices;

namespace K8sConsul.Cli;

/// <summary>Signals that whoever started us had ignored.</summary>
/// <remarks>
/// A shell starts a program in the background with SIGINT ignored, and nohup does so with SIGHUP; .NET then leaves them ignored.
/// Consul takes those that a command waits for even so, and scripts count on <c>kill -INT</c>.
/// </remarks>
internal static partial class InheritedSignals
{
    private const int LinuxHangup = 1;
    private const int LinuxInterrupt = 2;
    private const int LinuxQuit = 3;
    private const int LinuxTerminate = 15;
    private const nint DefaultHandler = 0;

    /// <summary>Before the first registration, at which .NET looks which signals are ignored.</summary>
    public static void StopIgnoring(params ReadOnlySpan<PosixSignal> signals)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (PosixSignal signal in signals)
        {
            _ = SetHandler(NumberOf(signal), DefaultHandler);
        }
    }

    private static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => LinuxHangup,
        PosixSignal.SIGINT => LinuxInterrupt,
        PosixSignal.SIGQUIT => LinuxQuit,
        PosixSignal.SIGTERM => LinuxTerminate,

        // .NET has negative names for a few; other numbers are the system's own.
        _ when (int)signal > 0 => (int)signal,
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "no command waits for this one"),
    };

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
