using System.Runtime.InteropServices;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Posix;

/// <summary>Programs started with what .NET's Process does not offer: a process group, any signal, and our own streams.</summary>
public static class Programs
{
    public const int SignalKill = 9;

    /// <summary>Starts a program and leaves it to the caller, who has to <see cref="TryReap"/> it.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="SpawnException">There is no such program, or it may not be run.</exception>
    public static int Start(SpawnRequest request)
    {
        string program = request.Arguments[0];
        string path = request.Path ?? LookUp(program) ?? throw new SpawnException($"exec: \"{program}\": executable file not found in $PATH");
        int error = Spawn(path, request, out int pid);
        return error == 0 ? pid : throw new SpawnException($"fork/exec {path}: {GoErrors.OfErrno(error)}");
    }

    /// <param name="pid">Not reaped yet: after that the number may be a stranger's.</param>
    /// <param name="signal">Any of the system's.</param>
    /// <param name="toGroup">Also to whatever it has started that is still in its group.</param>
    /// <returns>False when there is nobody to take it.</returns>
    public static bool Signal(int pid, int signal, bool toGroup)
    {
        return NativeMethods.Kill(toGroup ? -pid : pid, signal) == 0;
    }

    /// <summary>Holds the thread until the program has ended, and leaves it to be reaped.</summary>
    public static unsafe void AwaitEnd(int pid)
    {
        byte* information = stackalloc byte[NativeMethods.OpaqueSize];
        while (NativeMethods.WaitId(NativeMethods.ByProcess, pid, information, NativeMethods.WaitExited | NativeMethods.WaitLeaveWaitable) != 0
            && Marshal.GetLastPInvokeError() == NativeMethods.ErrorInterrupted)
        {
            // A signal woke us, and not the end.
        }
    }

    /// <summary>Takes the status of a program that has ended, and with it its number away.</summary>
    /// <param name="pid">The program.</param>
    /// <param name="status">Null when somebody else has reaped it, and the status is lost.</param>
    /// <returns>False while it runs.</returns>
    /// <remarks>.NET's own handler of SIGCHLD leaves children alone that it did not start.</remarks>
    public static bool TryReap(int pid, out ExitStatus? status)
    {
        int result = NativeMethods.WaitPid(pid, out int raw, NativeMethods.WaitNoHang);
        status = result == pid ? ExitStatus.OfWait(raw) : null;
        return result == pid || (result < 0 && Marshal.GetLastPInvokeError() != NativeMethods.ErrorInterrupted);
    }

    /// <summary>A name without a slash is looked for in PATH, as Go does; null when it is not there.</summary>
    public static string? LookUp(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return program;
        }

        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':'))
        {
            string candidate = Path.Combine(folder.Length == 0 ? "." : folder, program);
            if (File.Exists(candidate) && (OperatingSystem.IsWindows() || IsExecutable(candidate)))
            {
                return candidate;
            }
        }

        return null;
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static bool IsExecutable(string path) =>
        (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None;

    private static unsafe int Spawn(string path, SpawnRequest request, out int pid)
    {
        byte* actions = stackalloc byte[NativeMethods.OpaqueSize];
        byte* attributes = stackalloc byte[NativeMethods.OpaqueSize];
        byte* signals = stackalloc byte[NativeMethods.OpaqueSize];
        byte** arguments = Block(request.Arguments);
        byte** environment = Block(request.Environment);
        NativeMethods.FileActionsInit(actions);
        NativeMethods.AttributesInit(attributes);
        try
        {
            if (request.EmptyInput)
            {
                NativeMethods.FileActionsAddOpen(actions, 0, "/dev/null", NativeMethods.ReadOnly, 0);
            }

            if (request.Output is { } output)
            {
                NativeMethods.FileActionsAddDup2(actions, output, 1);
            }

            if ((request.Errors ?? request.Output) is { } errors)
            {
                NativeMethods.FileActionsAddDup2(actions, errors, 2);
            }

            // .NET ignores SIGPIPE and blocks others in its threads; a program expects the usual.
            short flags = NativeMethods.SetSignalDefaults | NativeMethods.SetSignalMask;
            if (request.OwnGroup)
            {
                flags |= NativeMethods.SetProcessGroup;
                NativeMethods.AttributesSetGroup(attributes, 0);
            }

            NativeMethods.AttributesSetFlags(attributes, flags);
            NativeMethods.SignalsAll(signals);
            NativeMethods.AttributesSetSignalDefaults(attributes, signals);
            NativeMethods.SignalsNone(signals);
            NativeMethods.AttributesSetSignalMask(attributes, signals);
            return NativeMethods.PosixSpawn(out pid, path, actions, attributes, arguments, environment);
        }
        finally
        {
            NativeMethods.AttributesDestroy(attributes);
            NativeMethods.FileActionsDestroy(actions);
            NativeMemory.Free(arguments);
            NativeMemory.Free(environment);
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
