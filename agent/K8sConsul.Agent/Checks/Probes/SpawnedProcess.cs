using System.IO.Pipes;
using K8sConsul.Posix;

namespace K8sConsul.Agent.Checks.Probes;

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
        AnonymousPipeServerStream output = new(PipeDirection.In, HandleInheritability.None);
        try
        {
            int pid = Programs.Start(new SpawnRequest(arguments)
            {
                // No name at all is not looked for.
                Path = arguments[0].Length == 0 ? string.Empty : null,
                Environment = SpawnRequest.OwnEnvironment(),
                OwnGroup = true,
                EmptyInput = true,
                Output = (int)output.ClientSafePipeHandle.DangerousGetHandle(),
            });

            // Only the program holds the writing end now; without this the output would never end.
            output.DisposeLocalCopyOfClientHandle();
            return new SpawnedProcess(pid, output);
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
            _ = Programs.Signal(_pid, Programs.SignalKill, toGroup: true);
        }
    }

    /// <summary>Waits for the program to end.</summary>
    /// <returns>The exit code, or -1 when a signal ended it.</returns>
    /// <remarks>Asked for again and again, with a growing pause: the output has usually ended by now, and the program with it.</remarks>
    public async Task<int> WaitAsync(CancellationToken stop)
    {
        TimeSpan pause = PollMin;
        while (true)
        {
            if (Programs.TryReap(_pid, out ExitStatus? status))
            {
                _reaped = true;
                return status is { Signal: 0 } ended ? ended.Code : -1;
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
}
