using System.Runtime.InteropServices;
using System.Text;
using K8sConsul.Contracts.Client;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Processes.Posix;

namespace K8sConsul.TemplateRunner.Processes;

/// <summary>A running program. It has our input, output and error streams; it can be sent signals until it has ended.</summary>
internal sealed class SpawnedProgram
{
    /// <summary>A shell's code for an end by a signal is this and the signal's number.</summary>
    private const int SignalledBase = 128;

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
    /// <exception cref="SpawnFailedException">There is no such program, or it may not be run.</exception>
    public static SpawnedProgram Start(ChildCommand command, IReadOnlyList<string> environment, int? output = null)
    {
        string path = LookUp(command.Arguments[0]);
        int error = Spawn(path, command, environment, output, out int pid);
        return error == 0
            ? new SpawnedProgram(pid, command.OwnGroup)
            : throw new SpawnFailedException($"fork/exec {path}: {GoErrors.OfErrno(error)}");
    }

    /// <summary>To the program, or to its whole group when it has one of its own. One that has ended gets none.</summary>
    public void Signal(int signal)
    {
        lock (_gate)
        {
            if (!_reaped && signal != SignalNames.None)
            {
                _ = NativeProcesses.Kill(_ownGroup ? -_pid : _pid, signal);
            }
        }
    }

    /// <summary>A thread for the whole life of the program: it ends at once when the program does, and costs nothing else.</summary>
    private unsafe int Wait()
    {
        byte* information = stackalloc byte[NativeProcesses.OpaqueSize];
        while (NativeProcesses.WaitId(
            NativeProcesses.ByProcess, _pid, information, NativeProcesses.UntilExited | NativeProcesses.LeaveWaitable) != 0)
        {
            if (Marshal.GetLastPInvokeError() != NativeProcesses.ErrorInterrupted)
            {
                break;
            }
        }

        lock (_gate)
        {
            _reaped = true;
            if (NativeProcesses.WaitPid(_pid, out int status, options: 0) != _pid)
            {
                // Somebody else has reaped it, and the status is lost.
                return SignalledBase + SignalNames.Kill;
            }

            int signal = status & 0x7f;
            return signal == 0 ? (status >> 8) & 0xff : SignalledBase + signal;
        }
    }

    /// <summary>A name without a slash is looked for in PATH, as Go does.</summary>
    private static string LookUp(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return program;
        }

        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':'))
        {
            string candidate = Path.Combine(folder.Length == 0 ? "." : folder, program);
            if (File.Exists(candidate) && IsExecutable(candidate))
            {
                return candidate;
            }
        }

        // A container without PATH still has its shell in the usual place.
        const string Shell = "/bin/sh";
        return program is "sh" && File.Exists(Shell)
            ? Shell
            : throw new SpawnFailedException($"exec: \"{program}\": executable file not found in $PATH");
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return (File.GetUnixFileMode(path) & Execute) != UnixFileMode.None;
    }

    private static unsafe int Spawn(string path, ChildCommand command, IReadOnlyList<string> environment, int? output, out int pid)
    {
        byte* actions = stackalloc byte[NativeProcesses.OpaqueSize];
        byte* attributes = stackalloc byte[NativeProcesses.OpaqueSize];
        byte* signals = stackalloc byte[NativeProcesses.OpaqueSize];
        byte** argumentBlock = Block(command.Arguments);
        byte** environmentBlock = Block(environment);
        NativeProcesses.FileActionsInit(actions);
        NativeProcesses.AttributesInit(attributes);
        try
        {
            if (output is { } descriptor)
            {
                NativeProcesses.FileActionsAddDup2(actions, descriptor, 1);
                NativeProcesses.FileActionsAddDup2(actions, descriptor, 2);
            }

            // .NET ignores SIGPIPE and blocks others in its threads; a program expects the usual.
            short flags = NativeProcesses.SetSignalDefaults | NativeProcesses.SetSignalMask;
            if (command.OwnGroup)
            {
                flags |= NativeProcesses.SetProcessGroup;
                NativeProcesses.AttributesSetGroup(attributes, 0);
            }

            NativeProcesses.AttributesSetFlags(attributes, flags);
            NativeProcesses.SignalsAll(signals);
            NativeProcesses.AttributesSetSignalDefaults(attributes, signals);
            NativeProcesses.SignalsNone(signals);
            NativeProcesses.AttributesSetSignalMask(attributes, signals);
            return NativeProcesses.Spawn(out pid, path, actions, attributes, argumentBlock, environmentBlock);
        }
        finally
        {
            NativeProcesses.AttributesDestroy(attributes);
            NativeProcesses.FileActionsDestroy(actions);
            NativeMemory.Free(argumentBlock);
            NativeMemory.Free(environmentBlock);
        }
    }

    /// <summary>A null-terminated array of null-terminated texts, in one allocation.</summary>
    private static unsafe byte** Block(IReadOnlyList<string> texts)
    {
        int pointers = (texts.Count + 1) * sizeof(byte*);
        int size = pointers + texts.Sum(static text => Encoding.UTF8.GetByteCount(text) + 1);
        byte** block = (byte**)NativeMemory.AllocZeroed((nuint)size);
        byte* at = (byte*)block + pointers;
        for (int i = 0; i < texts.Count; i++)
        {
            block[i] = at;
            at += Encoding.UTF8.GetBytes(texts[i], new Span<byte>(at, (int)((byte*)block + size - at)));
            *at++ = 0;
        }

        return block;
    }
}
