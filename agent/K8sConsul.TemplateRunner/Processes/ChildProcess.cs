using K8sConsul.Posix;
using K8sConsul.TemplateRunner.Configuration;
using Microsoft.Extensions.Logging;

namespace K8sConsul.TemplateRunner.Processes;

/// <summary>
/// The program that is kept an eye on. It is told of changes by a signal or by a restart; when it ends by itself, that is told.
/// </summary>
/// <param name="config">The program.</param>
/// <param name="consul">How Consul is reached, for the environment.</param>
/// <param name="time">For the splay and the time to end.</param>
/// <param name="random">From 0 to below 1, for the splay.</param>
/// <param name="onEnded">With the exit code, when it has ended by itself. Called from any thread.</param>
/// <param name="logger">Starts and stops.</param>
/// <param name="output">A descriptor for output and errors; null for ours.</param>
internal sealed partial class ChildProcess(
    ExecConfig config, ConsulConfig consul, TimeProvider time, Func<double> random, Action<int> onEnded, ILogger logger, int? output = null)
{
    private SpawnedProgram? _program;

    /// <summary>Ends when the eye on the present program has been taken off it.</summary>
    private Task _watch = Task.CompletedTask;

    private CancellationTokenSource _expected = new();

    public bool IsRunning => _program is { Ended.IsCompleted: false };

    /// <exception cref="ProgramFailedException">It cannot be started.</exception>
    public void Start()
    {
        ChildCommand command = ChildCommand.Of(config.Command) ?? throw new ProgramFailedException("missing command");
        try
        {
            _program = SpawnedProgram.Start(
                command, ChildEnvironment.Build(config.Env, ChildEnvironment.Own(), ChildEnvironment.OfConsul(consul)), output);
        }
        catch (SpawnException failure)
        {
            throw new ProgramFailedException($"child: {failure.Message}", failure);
        }

        LogStarted(logger, _program.Pid);
        _expected = new CancellationTokenSource();
        _watch = WatchAsync(_program, _expected.Token);
    }

    /// <summary>Sends the reload signal; without one the program is stopped, after a random part of the splay, and started again.</summary>
    /// <exception cref="ProgramFailedException">It cannot be started again.</exception>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        if (config.ReloadSignal != SignalNames.None)
        {
            Signal(config.ReloadSignal);
            return;
        }

        if (config.Splay > TimeSpan.Zero && _program is { } program)
        {
            // It may end by itself meanwhile; then that is the end.
            Task splay = Task.Delay(config.Splay * random(), time, cancellationToken);
            await Task.WhenAny(splay, program.Ended).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (!IsRunning)
        {
            return;
        }

        await StopAsync().ConfigureAwait(false);
        Start();
    }

    public void Signal(int signal)
    {
        LogSignal(logger, SignalNames.NameOf(signal));
        _program?.Signal(signal);
    }

    /// <summary>The kill signal, then SIGKILL when it has not ended in time. Not cancelled: no program is left behind.</summary>
    public async Task StopAsync()
    {
        if (_program is not { } program)
        {
            return;
        }

        await _expected.CancelAsync().ConfigureAwait(false);
        await _watch.ConfigureAwait(false);
        if (!program.Ended.IsCompleted)
        {
            Signal(config.KillSignal);
            try
            {
                await program.Ended.WaitAsync(config.KillTimeout, time).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                LogKilled(logger, program.Pid);
                program.Signal(SignalNames.Kill);
                await program.Ended.ConfigureAwait(false);
            }
        }

        _program = null;
        _expected.Dispose();
    }

    private async Task WatchAsync(SpawnedProgram program, CancellationToken expected)
    {
        try
        {
            int code = await program.Ended.WaitAsync(expected).ConfigureAwait(false);
            LogEnded(logger, program.Pid, code);
            onEnded(code);
        }
        catch (OperationCanceledException)
        {
            // It is being stopped.
        }
    }

    [LoggerMessage(8821, LogLevel.Information, "(child) started: pid={Pid}")]
    private static partial void LogStarted(ILogger logger, int pid);

    [LoggerMessage(8822, LogLevel.Information, "(child) sent a signal: signal={Signal}")]
    private static partial void LogSignal(ILogger logger, string signal);

    [LoggerMessage(8823, LogLevel.Warning, "(child) killed, for it has not ended in time: pid={Pid}")]
    private static partial void LogKilled(ILogger logger, int pid);

    [LoggerMessage(8824, LogLevel.Information, "(child) ended: pid={Pid} code={Code}")]
    private static partial void LogEnded(ILogger logger, int pid, int code);
}
