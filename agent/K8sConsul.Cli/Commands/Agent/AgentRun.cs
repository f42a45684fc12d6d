using K8sConsul.Agent.Configuration;
using K8sConsul.Agent.Logging;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Cli.Commands.Agent;

/// <summary>The life of one agent, from its start to the exit code: signals decide, the process does.</summary>
internal sealed class AgentRun
{
    /// <summary>A cluster that has not heard the good-bye by then will find out by itself.</summary>
    private static readonly TimeSpan _leavePatience = TimeSpan.FromSeconds(15);

    private readonly RuntimeConfig _config;
    private readonly IAgentProcess _process;
    private readonly AgentReloader _reloader;
    private readonly AgentLog _log;
    private readonly IAgentSignals _signals;
    private readonly Terminal _terminal;
    private readonly ILogger _logger;
    private readonly PidFile _pidFile;

    public AgentRun(
        RuntimeConfig config, IAgentProcess process, AgentReloader reloader, AgentLog log, IAgentSignals signals, Terminal terminal)
    {
        _config = config;
        _process = process;
        _reloader = reloader;
        _log = log;
        _signals = signals;
        _terminal = terminal;
        _logger = log.Hub.CreateLogger(LogNames.Agent);
        _pidFile = new PidFile(config.Identity.PidFile);
    }

    /// <summary>Ends with the exit code, when nothing of the agent runs any more.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> warnings)
    {
        if (!_config.Log.Json)
        {
            _log.Output.WriteRaw(StartupBanner.Starting);
            _log.Output.WriteRaw(StartupBanner.Describe(_config, Contracts.ConsulVersion.Number, _process.NodeId));
            _log.Output.WriteRaw(StartupBanner.LogFollows);
        }

        _log.Output.Open();
        foreach (string warning in warnings)
        {
            _logger.ConfigWarning(warning);
        }

        int code = ExitCode.Failure;
        if (await TryStartAsync())
        {
            if (!_config.Log.Json)
            {
                _log.Output.WriteRaw(StartupBanner.Running);
            }

            code = await ServeAsync();
        }

        await _process.ShutdownAsync();
        if (_wrotePidFile && _pidFile.TryRemove() is { } failure)
        {
            _logger.PidFileFailed(failure);
        }

        _logger.Exiting(code);
        return code;
    }

    private bool _wrotePidFile;

    private async Task<bool> TryStartAsync()
    {
        if (_pidFile.TryWrite() is { } failure)
        {
            _logger.StartFailed(failure);
            return false;
        }

        _wrotePidFile = true;
        using var stop = new CancellationTokenSource();
        Task starting = _process.StartAsync(stop.Token);
        try
        {
            // A signal to end counts during the start too; a reload then means nothing, as nothing is loaded yet.
            while (!starting.IsCompleted)
            {
                Task<bool> signal = _signals.Arrived.WaitToReadAsync(stop.Token).AsTask();
                await Task.WhenAny(starting, signal);
                if (signal.IsCompletedSuccessfully && !starting.IsCompleted
                    && _signals.Arrived.TryRead(out AgentSignal arrived)
                    && arrived is AgentSignal.Interrupt or AgentSignal.Terminated)
                {
                    _logger.Caught(NameOf(arrived));
                    break;
                }
            }

            bool interrupted = !starting.IsCompleted;
            await stop.CancelAsync();
            await starting;
            return !interrupted;
        }
        catch (AgentFailedException failed)
        {
            _logger.StartFailed(failed.Message);
            return false;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Until a signal or the agent itself says that it is over.</summary>
    private async Task<int> ServeAsync()
    {
        while (true)
        {
            using var waiting = new CancellationTokenSource();
            Task<AgentSignal> signal = _signals.Arrived.ReadAsync(waiting.Token).AsTask();
            if (await Task.WhenAny(signal, _process.Completed) != signal)
            {
                await waiting.CancelAsync();
                return await _process.Completed == AgentEnd.Left ? ExitCode.Success : ExitCode.Failure;
            }

            AgentSignal arrived = await signal;
            switch (arrived)
            {
                case AgentSignal.DumpMetrics:
                    DumpMetrics();
                    break;
                case AgentSignal.Hangup:
                    _logger.Caught(NameOf(arrived));
                    if (await _reloader.ReloadAsync(CancellationToken.None) is { } mistake)
                    {
                        _logger.ReloadFailed(mistake);
                    }

                    break;
                case AgentSignal.Interrupt:
                    _logger.Caught(NameOf(arrived));
                    return await EndAsync(gracefully: !_config.Leave.SkipOnInterrupt);
                case AgentSignal.Terminated:
                    _logger.Caught(NameOf(arrived));
                    return await EndAsync(gracefully: _config.Leave.OnTerminate);
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }
    }

    private async Task<int> EndAsync(bool gracefully)
    {
        if (!gracefully)
        {
            _logger.GracefulShutdownDisabled();
            return ExitCode.Failure;
        }

        _logger.ShuttingDownGracefully();
        using var waiting = new CancellationTokenSource();
        Task leaving = _process.LeaveAsync();
        Task timeout = Task.Delay(_leavePatience, _terminal.Clock, waiting.Token);
        while (true)
        {
            Task<AgentSignal> signal = _signals.Arrived.ReadAsync(waiting.Token).AsTask();
            Task first = await Task.WhenAny(leaving, signal, timeout);
            if (first == signal && await signal is AgentSignal.DumpMetrics)
            {
                DumpMetrics();
                continue;
            }

            await waiting.CancelAsync();
            if (first == leaving)
            {
                return await FinishLeaveAsync(leaving);
            }

            // The leave goes on by itself; the shutdown ends it.
            _ = leaving.ContinueWith(
                static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            if (first == signal)
            {
                _logger.CaughtSecond(NameOf(await signal));
            }
            else
            {
                _logger.LeaveTimedOut();
            }

            return ExitCode.Failure;
        }
    }

    private async Task<int> FinishLeaveAsync(Task leaving)
    {
        try
        {
            await leaving;
        }
        catch (AgentFailedException failed)
        {
            _logger.LeaveFailed(failed.Message);
            return ExitCode.Failure;
        }

        _logger.GracefulExit();
        return ExitCode.Success;
    }

    /// <summary>In the first ten seconds there is nothing to print yet.</summary>
    private void DumpMetrics()
    {
        if (_process.DescribeMetrics() is { Length: > 0 } metrics)
        {
            _terminal.Error(metrics);
        }
    }

    /// <summary>In Go's words.</summary>
    private static string NameOf(AgentSignal signal)
    {
        return signal switch
        {
            AgentSignal.Hangup => "hangup",
            AgentSignal.Interrupt => "interrupt",
            AgentSignal.Terminated => "terminated",
            AgentSignal.DumpMetrics => "user defined signal 1",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
