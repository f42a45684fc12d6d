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
internal sealed class PosixSignals : IAgentSignals
{
    /// <summary>Signals that arrive faster than they are handled say nothing new.</summary>
    private const int PendingMax = 10;

    private const PosixSignal Usr1 = (PosixSignal)10;

    private readonly Channel<AgentSignal> _arrived = Channel.CreateBounded<AgentSignal>(
        new BoundedChannelOptions(PendingMax) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly List<PosixSignalRegistration> _registrations = [];

    public PosixSignals()
    {
        InheritedSignals.StopIgnoring(PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGTERM);
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
}
