using System.Globalization;
using K8sConsul.Contracts.Client;
using K8sConsul.Go;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Engine;
using K8sConsul.TemplateRunner.Running;
using K8sConsul.TemplateRunner.Status;
using K8sConsul.TemplateRunner.Watching;
using K8sConsul.TemplateRunner.Writing;
using Microsoft.Extensions.Logging;

namespace K8sConsul.TemplateRunner;

/// <summary>What the command <c>consul template</c> does, once its flags and files are read: <see cref="ConfigReader"/>.</summary>
public sealed partial class ConsulTemplate
{
    private readonly ITemplateEngine _engine;
    private readonly IRunnerSignals _signals;
    private readonly TextWriter _dryOutput;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int? _childOutput;

    /// <param name="engine">The template language, with its functions.</param>
    /// <param name="signals">Where the signals to this process come from: <see cref="Processes.PosixSignals"/>.</param>
    /// <param name="dryOutput">Takes the texts of a dry run.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">State changes, failures, and what is missing. Never data or tokens.</param>
    public ConsulTemplate(ITemplateEngine engine, IRunnerSignals signals, TextWriter dryOutput, TimeProvider time, ILogger logger)
        : this(engine, signals, dryOutput, time, logger, childOutput: null)
    {
    }

    internal ConsulTemplate(
        ITemplateEngine engine, IRunnerSignals signals, TextWriter dryOutput, TimeProvider time, ILogger logger, int? childOutput)
    {
        _engine = engine;
        _signals = signals;
        _dryOutput = dryOutput;
        _time = time;
        _logger = logger;
        _childOutput = childOutput;
    }

    /// <summary>Runs until all is done (<c>-once</c>), the child ends, something fails for good, or a signal says so.</summary>
    /// <param name="config">The first configuration.</param>
    /// <param name="reread">Reads the configuration again, for the reload signal. When it is refused the present one stays.</param>
    /// <param name="stop">Stops as the kill signal does.</param>
    /// <returns>The exit code: see <see cref="RunnerExit"/>.</returns>
    public async Task<int> RunAsync(RunnerConfig config, Func<ConfigResult> reread, CancellationToken stop)
    {
        string pidFile = string.Empty;
        IReadOnlyList<int> waiting = [];
        try
        {
            while (true)
            {
                if (!string.Equals(pidFile, config.PidFile, StringComparison.Ordinal))
                {
                    DeletePidFile(pidFile);
                    pidFile = string.Empty;
                    if (!TryWritePidFile(config.PidFile))
                    {
                        return RunnerExit.RunFailed;
                    }

                    pidFile = config.PidFile;
                }

                (RunEnd end, RunnerConfig? next, waiting) = await RunAsync(config, reread, waiting, stop).ConfigureAwait(false);
                if (end.Error.Length > 0)
                {
                    LogFailed(_logger, end.Error);
                }

                if (next is null)
                {
                    return end.Code;
                }

                config = next;
            }
        }
        finally
        {
            DeletePidFile(pidFile);
        }
    }

    /// <summary>One configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="reread">Reads the next one.</param>
    /// <param name="waiting">Signals that the run before this one did not get to see.</param>
    /// <param name="stop">Stops as the kill signal does.</param>
    /// <returns>How it ended, and the configuration to go on with, null for none, with the signals that came meanwhile.</returns>
    private async Task<(RunEnd End, RunnerConfig? Next, IReadOnlyList<int> Waiting)> RunAsync(
        RunnerConfig config, Func<ConfigResult> reread, IReadOnlyList<int> waiting, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return (new RunEnd(RunnerExit.Interrupted), null, []);
        }

        if (UnitLoader.TryLoad(config, _engine, out string error) is not { } units)
        {
            return (new RunEnd(RunnerExit.RunFailed, Error: error), null, []);
        }

        if (config.ParseOnly)
        {
            return (new RunEnd(RunnerExit.Success), null, []);
        }

        using ConsulClient? client = ConsulClients.TryCreate(config.Consul, out error);
        if (client is null)
        {
            return (new RunEnd(RunnerExit.RunFailed, Error: $"client set: consul: {error}"), null, []);
        }

        ITemplateOutput output = config.Dry ? new DryOutput(_dryOutput) : new FileOutput(new FileWriter(new Owners()));
        var status = new RunStatus(_time);
        StatusServer? server = null;
        if (config.HttpAddress.Length > 0)
        {
            (server, error) = await StatusServer.StartAsync(config.HttpAddress, status).ConfigureAwait(false);
            if (server is null)
            {
                return (new RunEnd(RunnerExit.RunFailed, Error: error), null, []);
            }
        }

        try
        {
            var run = new TemplateRun(config, units, client, output, _time, _logger, status, _childOutput);
            await using (run.ConfigureAwait(false))
            {
                foreach (int signal in waiting)
                {
                    run.Post(signal);
                }

                using var listening = CancellationTokenSource.CreateLinkedTokenSource(stop);
                Task listener = ListenAsync(run, config, listening.Token, stop);
                RunnerConfig? next = null;
                RunEnd end = await run.RunAsync().ConfigureAwait(false);
                while (end.Reload && (next = Reread(reread)) is null)
                {
                    // The present configuration goes on.
                    end = await run.RunAsync().ConfigureAwait(false);
                }

                await listening.CancelAsync().ConfigureAwait(false);
                await listener.ConfigureAwait(false);
                return (end, next, run.TakeSignals());
            }
        }
        finally
        {
            if (server is not null)
            {
                await server.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Brings signals to the run. The host's own stop is the kill signal.</summary>
    private async Task ListenAsync(TemplateRun run, RunnerConfig config, CancellationToken listening, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                run.Post(await _signals.NextAsync(listening).ConfigureAwait(false));
            }
        }
        catch (OperationCanceledException) when (listening.IsCancellationRequested)
        {
            if (stop.IsCancellationRequested)
            {
                run.Post(config.KillSignal);
            }
        }
    }

    private RunnerConfig? Reread(Func<ConfigResult> reread)
    {
        ConfigResult result = reread();
        foreach (string warning in result.Warnings)
        {
            LogConfigWarning(_logger, warning);
        }

        if (result.Config is null)
        {
            LogReloadRefused(_logger, result.Error);
        }
        else
        {
            LogReloaded(_logger);
        }

        return result.Config;
    }

    private bool TryWritePidFile(string path)
    {
        try
        {
            if (path.Length > 0)
            {
                File.WriteAllText(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            }

            return true;
        }
        catch (Exception failure) when (GoErrors.IsFileFailure(failure))
        {
            LogFailed(_logger, $"could not open pid file: open {path}: {GoErrors.OfFile(failure)}");
            return false;
        }
    }

    private void DeletePidFile(string path)
    {
        try
        {
            if (path.Length > 0)
            {
                File.Delete(path);
            }
        }
        catch (Exception failure) when (GoErrors.IsFileFailure(failure))
        {
            LogFailed(_logger, $"could not remove pid file: remove {path}: {GoErrors.OfFile(failure)}");
        }
    }

    [LoggerMessage(8881, LogLevel.Error, "(cli) {Error}")]
    private static partial void LogFailed(ILogger logger, string error);

    [LoggerMessage(8882, LogLevel.Warning, "(config) {Warning}")]
    private static partial void LogConfigWarning(ILogger logger, string warning);

    [LoggerMessage(8883, LogLevel.Error, "(config) refused, the present one stays: {Error}")]
    private static partial void LogReloadRefused(ILogger logger, string error);

    [LoggerMessage(8884, LogLevel.Information, "(config) read again")]
    private static partial void LogReloaded(ILogger logger);
}
