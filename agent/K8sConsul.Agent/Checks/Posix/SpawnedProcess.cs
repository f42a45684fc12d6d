using System.Collections;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;

namespace K8sConsul.Agent.Checks.Posix;

/// <summary>
/// A program in a process group of its own, so that it can be ended together with all it has started. Standard input is
/// empty; output and errors come through one pipe, which is read without a thread.
/// </summary>
internal sealed class SpawnedProcess : IAsyncDisposable
{
    private static readonly TimeSpan PollMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan PollMax = TimeSpan.FromMilliseconds(100);

    private readonly int _pid;
    private readonly AnonymousPipeServerStream _output;
    private bool _reaped;

    private SpawnedProcess(int pid, AnonymousPipeServerStream output)
    {
        _pid = pid;
        _output = output;
    }

    /// <summary>Ends once every holder of the other end has closed it, children of the program included.</summary>
    public Stream Output => _output;

    /// <summary>The first argument is the program, by path or looked for in PATH.</summary>
    /// <exception cref="SpawnException">There is no such program, or it may not be run.</exception>
    public static SpawnedProcess Start(IReadOnlyList<string> arguments)
    {
        string path = LookUp(arguments[0]);
        AnonymousPipeServerStream output = new(PipeDirection.In, HandleInheritability.None);
        try
        {
            int error = Spawn(path, arguments, (int)output.ClientSafePipeHandle.DangerousGetHandle(), out int pid);

            // Only the program holds the writing end now; without this the output would never end.
            output.DisposeLocalCopyOfClientHandle();
            return error == 0 ? new SpawnedProcess(pid, output) : throw new SpawnException($"fork/exec {path}: {Errno.Text(error)}");
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    /// <summary>Ends the program and whatever it has started that is still in its group.</summary>
    public void KillGroup()
    {
        if (!_reaped)
        {
            // Until it is reaped the number is ours, as process and as group.
            _ = NativeMethods.Kill(-_pid, NativeMethods.SignalKill);
        }
    }

    /// <summary>Waits for the program to end.</summary>
    /// <returns>The exit code, or -1 when a signal ended it.</returns>
    /// <remarks>
    /// Asked for again and again, with a growing pause: the output has usually ended by now, and the program with it.
    /// .NET's own handler of SIGCHLD leaves children alone that it did not start.
    /// </remarks>
    public async Task<int> WaitAsync(CancellationToken stop)
    {
        TimeSpan pause = PollMin;
        while (true)
        {
            int result = NativeMethods.WaitPid(_pid, out int status, NativeMethods.WaitNoHang);
            if (result == _pid)
            {
                _reaped = true;
                return (status & 0x7f) == 0 ? (status >> 8) & 0xff : -1;
            }

            if (result < 0 && Marshal.GetLastPInvokeError() != NativeMethods.ErrorInterrupted)
            {
                // ECHILD: somebody else has reaped it, and the status is lost.
                _reaped = true;
                return -1;
            }

            await Task.Delay(pause, TimeProvider.System, stop).ConfigureAwait(false);
            pause = pause * 2 < PollMax ? pause * 2 : PollMax;
        }
    }

    /// <summary>Leaves neither the program nor its zombie behind.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_reaped)
        {
            KillGroup();
            await WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        await _output.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A name without a slash is looked for in PATH, as Go does.</summary>
    private static string LookUp(string program)
    {
        if (program.Length == 0 || program.Contains('/', StringComparison.Ordinal))
        {
            return program;
        }

        foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            string candidate = Path.Combine(directory.Length == 0 ? "." : directory, program);
            if (File.Exists(candidate) && (OperatingSystem.IsWindows() || IsExecutable(candidate)))
            {
                return candidate;
            }
        }

        throw new SpawnException($"exec: \"{program}\": executable file not found in $PATH");
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static bool IsExecutable(string path) =>
        (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None;

    private static unsafe int Spawn(string path, IReadOnlyList<string> arguments, int output, out int pid)
    {
        byte* actions = stackalloc byte[NativeMethods.OpaqueSize];
        byte* attributes = stackalloc byte[NativeMethods.OpaqueSize];
        byte* signals = stackalloc byte[NativeMethods.OpaqueSize];
        byte** argv = Block(arguments);
        byte** environment = Block([.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(static v => $"{v.Key}={v.Value}")]);
        NativeMethods.FileActionsInit(actions);
        NativeMethods.AttributesInit(attributes);
        try
        {
            NativeMethods.FileActionsAddOpen(actions, 0, "/dev/null", NativeMethods.ReadOnly, 0);
            NativeMethods.FileActionsAddDup2(actions, output, 1);
            NativeMethods.FileActionsAddDup2(actions, output, 2);

            // .NET ignores SIGPIPE and blocks others in its threads; a script expects the usual.
            NativeMethods.AttributesSetFlags(attributes, NativeMethods.SetProcessGroup | NativeMethods.SetSignalDefaults | NativeMethods.SetSignalMask);
            NativeMethods.AttributesSetGroup(attributes, 0);
            NativeMethods.SignalsAll(signals);
            NativeMethods.AttributesSetSignalDefaults(attributes, signals);
            NativeMethods.SignalsNone(signals);
            NativeMethods.AttributesSetSignalMask(attributes, signals);
            return NativeMethods.PosixSpawn(out pid, path, actions, attributes, argv, environment);
        }
        finally
        {
            NativeMethods.AttributesDestroy(attributes);
            NativeMethods.FileActionsDestroy(actions);
            NativeMemory.Free(argv);
            NativeMemory.Free(environment);
        }
    }

    /// <summary>A null-terminated array of null-terminated texts, in one allocation.</summary>
    private static unsafe byte** Block(IReadOnlyList<string> texts)
    {
        int pointers = (texts.Count + 1) * sizeof(byte*);
        int size = pointers + texts.Sum(static t => Encoding.UTF8.GetByteCount(t) + 1);
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
