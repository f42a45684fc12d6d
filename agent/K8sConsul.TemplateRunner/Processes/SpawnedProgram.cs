using K8sConsul.Posix;
using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Processes;

/// <summary>A running program. It has our input, output and error streams; it can be sent signals until it has ended.</summary>
internal sealed class SpawnedProgram
{
    /// <summary>A shell's code for an end by a signal is this and the signal's number.</summary>
    private const int SignalledBase = 128;

    private const string Shell = "/bin/sh";

    private readonly int _pid;
    private readonly bool _ownGroup;

    // Between the end and the reaping the number is still ours; a signal after it could hit a stranger.
    private readonly Lock _gate = new();
    private bool _reaped;

    private SpawnedProgram(int pid, bool ownGroup)
    {
        _pid = pid;
        _ownGroup = ownGroup;
        Ended = Task.Factory.StartNew(Wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public int Pid => _pid;

    /// <summary>The exit code, or 128 and the number of the signal that ended it. It never fails.</summary>
    public Task<int> Ended { get; }

    /// <param name="command">The program.</param>
    /// <param name="environment"><c>NAME=value</c>.</param>
    /// <param name="output">A descriptor for its output and errors; null for ours.</param>
    /// <exception cref="SpawnException">There is no such program, or it may not be run.</exception>
    public static SpawnedProgram Start(ChildCommand command, IReadOnlyList<string> environment, int? output = null)
    {
        return Start(new SpawnRequest(command.Arguments)
        {
            // A container without PATH still has its shell in the usual place.
            Path = command.Arguments[0] is "sh" && Programs.LookUp("sh") is null && File.Exists(Shell) ? Shell : null,
            Environment = environment,
            OwnGroup = command.OwnGroup,
            Output = output,
        });
    }

    /// <inheritdoc cref="Start(ChildCommand, IReadOnlyList{string}, int?)"/>
    public static SpawnedProgram Start(SpawnRequest request)
    {
        return new SpawnedProgram(Programs.Start(request), request.OwnGroup);
    }

    /// <summary>To the program, or to its whole group when it has one of its own. One that has ended gets none.</summary>
    public void Signal(int signal)
    {
        lock (_gate)
        {
            if (!_reaped && signal != SignalNames.None)
            {
                _ = Programs.Signal(_pid, signal, toGroup: _ownGroup);
            }
        }
    }

    /// <summary>Kills it unless it has ended, and waits for its end.</summary>
    public async Task EndAsync()
    {
        if (!Ended.IsCompleted)
        {
            Signal(SignalNames.Kill);
            await Ended.ConfigureAwait(false);
        }
    }

    /// <summary>A thread for the whole life of the program: it ends at once when the program does, and costs nothing else.</summary>
    private int Wait()
    {
        Programs.AwaitEnd(_pid);
        lock (_gate)
        {
            _reaped = true;

            // Somebody else may have reaped it, and the status is lost.
            return Programs.TryReap(_pid, out ExitStatus? status) && status is { } ended
                ? ended.Signal == 0 ? ended.Code : SignalledBase + ended.Signal
                : SignalledBase + Programs.SignalKill;
        }
    }
}
