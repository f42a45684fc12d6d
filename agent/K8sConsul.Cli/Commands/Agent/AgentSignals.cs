using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace K8sConsul.Cli.Commands.Agent;

internal enum AgentSignal
{
    Hangup,
    Interrupt,
    Terminated,
    DumpMetrics,
}

/// <summary>The signals of the operating system, one after another.</summary>
internal interface IAgentSignals : IDisposable
{
    ChannelReader<AgentSignal> Arrived { get; }
}

/// <summary>Takes the signals over from their usual effects.</summary>
/// <remarks>
/// A shell starts a program in the background with SIGINT ignored, and nohup does so with SIGHUP; .NET then leaves them ignored.
/// Consul takes them even so, and scripts count on <c>kill -INT</c>.
/// </remarks>
internal sealed partial class PosixSignals : IAgentSignals
{
    /// <summary>Signals that arrive faster than they are handled say nothing new.</summary>
    private const int PendingMax = 10;

    private const PosixSignal Usr1 = (PosixSignal)10;
    private const int LinuxHangup = 1;
    private const int LinuxInterrupt = 2;
    private const int LinuxTerminate = 15;
    private const nint DefaultHandler = 0;

    private readonly Channel<AgentSignal> _arrived = Channel.CreateBounded<AgentSignal>(
        new BoundedChannelOptions(PendingMax) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly List<PosixSignalRegistration> _registrations = [];

    public PosixSignals()
    {
        StopIgnoring();
        Take(PosixSignal.SIGHUP, AgentSignal.Hangup);
        Take(PosixSignal.SIGINT, AgentSignal.Interrupt);
        Take(PosixSignal.SIGTERM, AgentSignal.Terminated);
        if (OperatingSystem.IsLinux())
        {
            Take(Usr1, AgentSignal.DumpMetrics);
        }
    }

    public ChannelReader<AgentSignal> Arrived => _arrived.Reader;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Take(PosixSignal signal, AgentSignal meaning)
    {
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            _arrived.Writer.TryWrite(meaning);
        }));
    }

    /// <summary>Before the first registration, at which .NET looks which signals are ignored.</summary>
    private static void StopIgnoring()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetHandler(LinuxHangup, DefaultHandler);
            _ = SetHandler(LinuxInterrupt, DefaultHandler);
            _ = SetHandler(LinuxTerminate, DefaultHandler);
        }
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
