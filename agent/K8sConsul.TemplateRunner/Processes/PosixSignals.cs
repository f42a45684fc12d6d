using System.Runtime.InteropServices;
using System.Threading.Channels;
using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Processes;

/// <summary>The real signals. While it lives they have no other effect on the process.</summary>
public sealed class PosixSignals : IRunnerSignals, IDisposable
{
    /// <summary>Someone who sends more than that without our looking has lost count too.</summary>
    private const int WaitingMax = 256;

    /// <summary>All that a child may want to be told. Not SIGCHLD and SIGURG, which tell about ourselves, nor those that cannot be caught or mean a crash.</summary>
    private static readonly int[] _numbers =
    [
        SignalNames.Hangup, SignalNames.Interrupt, SignalNames.Quit, SignalNames.User1, SignalNames.User2, SignalNames.Alarm,
        SignalNames.Terminate, 18, 20, 21, 22, 24, 25, 27, 28, 29,
    ];

    private readonly Channel<int> _waiting = Channel.CreateBounded<int>(
        new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropNewest });

    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>The signals that are taken, as .NET names them.</summary>
    public static IReadOnlyList<PosixSignal> All { get; } = Array.ConvertAll(_numbers, NameOf);

    public PosixSignals()
    {
        foreach (int number in _numbers)
        {
            // .NET has names for few of them and takes the system's numbers for all.
            _registrations.Add(PosixSignalRegistration.Create(NameOf(number), context =>
            {
                context.Cancel = true;
                _waiting.Writer.TryWrite(number);
            }));
        }
    }

    public ValueTask<int> NextAsync(CancellationToken cancellationToken)
    {
        return _waiting.Reader.ReadAsync(cancellationToken);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private static PosixSignal NameOf(int number)
    {
        return number switch
        {
            SignalNames.Hangup => PosixSignal.SIGHUP,
            SignalNames.Interrupt => PosixSignal.SIGINT,
            SignalNames.Quit => PosixSignal.SIGQUIT,
            SignalNames.Terminate => PosixSignal.SIGTERM,
            _ => (PosixSignal)number,
        };
    }
}
