using System.Globalization;
using System.Threading.Channels;
using K8sConsul.Contracts.Client;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Deduplication;
using K8sConsul.TemplateRunner.Dependencies;
using K8sConsul.TemplateRunner.Processes;
using K8sConsul.TemplateRunner.Status;
using K8sConsul.TemplateRunner.Watching;
using K8sConsul.TemplateRunner.Writing;
using Microsoft.Extensions.Logging;

namespace K8sConsul.TemplateRunner.Running;

/// <summary>
/// One configuration, from its first template to its end: carries out what <see cref="RunLoop"/> decides, and brings it what
/// happens. Everything that happens comes through one channel, whose reader is the only one to touch the loop.
/// </summary>
internal sealed partial class TemplateRun : IAsyncDisposable, ISharingEvents
{
    /// <summary>So many blocking queries burden the servers; beyond it a warning is logged once.</summary>
    private const int WatchedWarning = 128;

    private const int MissingShownMax = 10;

    private const string CheckVariable = "CONSUL_TEMPLATE_FILE";

    private readonly RunnerConfig _config;
    private readonly RunLoop _loop;
    private readonly ITemplateOutput _output;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RunStatus _status;
    private readonly long _started;

    // Unbounded, but what is in it is bounded by the number of watchers, templates and signals: news wait in the watchers.
    private readonly Channel<RunEvent> _events = Channel.CreateUnbounded<RunEvent>(new UnboundedChannelOptions { SingleReader = true });

    private readonly WatcherSet _watchers;
    private readonly CommandRunner _commands;
    private readonly ChildProcess? _child;
    private readonly Deduplicator? _deduplicator;

    /// <summary>What leaders have published, by template: a nested dependency is asked for only after the data that names it was seen.</summary>
    private readonly Dictionary<string, IReadOnlyDictionary<Dependency, DependencyData>> _shared = new(StringComparer.Ordinal);

    /// <summary>Ends commands and pauses when a stop is asked for, before the loop gets to see it.</summary>
    private readonly CancellationTokenSource _interrupt = new();

    private bool _hasStarted;
    private bool _hasWarned;

    /// <summary>The wait for an event, which outlives a wait for a timer.</summary>
    private Task<bool>? _happened;

    public TemplateRun(
        RunnerConfig config, IReadOnlyList<TemplateUnit> units, ConsulClient client, ITemplateOutput output, TimeProvider time,
        ILogger logger, RunStatus status, int? childOutput = null)
    {
        _config = config;
        _status = status;
        _output = output;
        _time = time;
        _logger = logger;
        _started = time.GetTimestamp();
        bool hasChild = config.Exec.Enabled && !config.Dry;
        _loop = new RunLoop(units, hasChild);
        var settings = new WatchSettings
        {
            MaxStale = config.MaxStale,
            Retry = config.Consul.Retry,
            FailOnAbsentKey = config.FailOnAbsentKey,
        };
        _watchers = new WatcherSet(
            new DependencySource(client, config.BlockQueryWait, time), settings, time, logger,
            () => Post(new NewsEvent()), text => Post(new FailedEvent(text)));
        _commands = new CommandRunner(config.Consul, time, childOutput);
        if (hasChild)
        {
            _child = new ChildProcess(config.Exec, config.Consul, time, settings.Random, code => Post(new ChildEndedEvent(code)), logger, childOutput);
        }

        if (config.Deduplicate.Enabled)
        {
            _deduplicator = new Deduplicator(client, config.Deduplicate, units.Select(static unit => unit.Id), time, logger, this);
            foreach (TemplateUnit unit in units)
            {
                // Until Consul has said who leads: a start of a thousand instances must not ask a thousand times.
                _loop.SetFollowing(unit, isFollowing: true);
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    /// <summary>A signal was sent to the process. Called from any thread.</summary>
    public void Post(int signal)
    {
        if (StopsOn(signal))
        {
            _interrupt.Cancel();
        }

        Post(new SignalEvent(signal));
    }

    /// <summary>Those that came too late for this run, after its end. Nobody posts any more.</summary>
    public IReadOnlyList<int> TakeSignals()
    {
        List<int> signals = [];
        while (_events.Reader.TryRead(out RunEvent? happened))
        {
            if (happened is SignalEvent signal)
            {
                signals.Add(signal.Signal);
            }
        }

        return signals;
    }

    void ISharingEvents.RoleChanged(string templateId, SharingRole role)
    {
        Post(new RoleEvent(templateId, role));
    }

    void ISharingEvents.Shared(string templateId, IReadOnlyDictionary<Dependency, DependencyData> data)
    {
        Post(new SharedEvent(templateId, data));
    }

    /// <summary>Runs until it is to end. It does not throw for what templates, commands or Consul do. After a reload that was refused it may be called again.</summary>
    public async Task<RunEnd> RunAsync()
    {
        try
        {
            if (!_hasStarted)
            {
                _hasStarted = true;
                _deduplicator?.Start();
            }

            while (true)
            {
                if (await RunOnceAsync().ConfigureAwait(false) is { } ended)
                {
                    return ended;
                }

                await WaitAsync().ConfigureAwait(false);
                while (_events.Reader.TryRead(out RunEvent? happened))
                {
                    if (Handle(happened) is { } end)
                    {
                        return end;
                    }
                }
            }
        }
        catch (Exception failure) when (failure is RenderFailedException or ProgramFailedException)
        {
            return new RunEnd(RunnerExit.RunFailed, Error: failure.Message);
        }
        catch (OperationCanceledException) when (_interrupt.IsCancellationRequested)
        {
            return new RunEnd(RunnerExit.Interrupted);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
        {
            await _child.StopAsync().ConfigureAwait(false);
        }

        await _watchers.DisposeAsync().ConfigureAwait(false);
        if (_deduplicator is not null)
        {
            await _deduplicator.DisposeAsync().ConfigureAwait(false);
        }

        _interrupt.Dispose();
    }

    /// <summary>One run over all templates, with all that follows from it.</summary>
    /// <returns>Null to go on.</returns>
    private async Task<RunEnd?> RunOnceAsync()
    {
        RunPlan plan;
        do
        {
            plan = _loop.Plan(Now, _interrupt.Token);
            if (await CarryOutAsync(plan).ConfigureAwait(false) is { } end)
            {
                return end;
            }
        }
        while (LearnShared(plan));
        return null;
    }

    private async Task<RunEnd?> CarryOutAsync(RunPlan plan)
    {
        // Stopped ones first: their connections are free for the others.
        foreach (Dependency dependency in plan.Stop)
        {
            _watchers.Stop(dependency);
            _status.Forgotten(dependency);
        }

        foreach (Dependency dependency in plan.Start)
        {
            _watchers.Start(dependency);
        }

        WarnOfMany();
        Log(plan);
        Publish(plan);
        (List<RenderReport> reports, string refused) = await WriteAsync(plan.Renders).ConfigureAwait(false);
        if (plan.Failure is { } failure)
        {
            return new RunEnd(RunnerExit.RunFailed, Error: $"{failure.Unit.Name}: execute: {failure.Error}");
        }

        if (refused.Length > 0 && _config.Once)
        {
            return new RunEnd(RunnerExit.RunFailed, Error: refused);
        }

        RunConclusion conclusion = _loop.Conclude(reports);
        _status.IsReady = _loop.IsComplete;
        if (!_config.Dry)
        {
            foreach (RenderReport command in conclusion.Commands)
            {
                LogCommand(_logger, string.Join(' ', command.Config.Exec.Command));
                await _commands.RunAsync(command.Config.Exec, _interrupt.Token).ConfigureAwait(false);
            }
        }

        if (conclusion.FirstComplete)
        {
            LogComplete(_logger);
            SystemdNotice.SayReady(SystemdNotice.SocketPath);
        }

        if (conclusion.Child == ChildAction.Start)
        {
            _child!.Start();
        }
        else if (conclusion.Child == ChildAction.Reload)
        {
            await _child!.ReloadAsync(_interrupt.Token).ConfigureAwait(false);
        }

        return _config.Once && _loop.IsComplete && _child is null ? new RunEnd(RunnerExit.Success) : null;
    }

    /// <returns>What was written, and why the last text that its check has refused was not.</returns>
    private async Task<(List<RenderReport> Reports, string Refused)> WriteAsync(IReadOnlyList<PlannedRender> renders)
    {
        List<RenderReport> reports = [];
        string refused = string.Empty;
        foreach (PlannedRender render in renders)
        {
            foreach (TemplateConfig config in render.Unit.Configs)
            {
                try
                {
                    bool changed = await _output.WriteAsync(config, render.Text, path => CheckAsync(config, path)).ConfigureAwait(false);
                    reports.Add(new RenderReport(render.Unit, config, changed));
                    _status.Rendered(config.Destination, changed);
                    LogRendered(_logger, config.Display, changed);
                }
                catch (ProgramFailedException failure)
                {
                    // The former file does its work still; new data may make a better one.
                    refused = $"{config.Display}: check: {failure.Message}";
                    _status.Failed(config.Destination);
                    LogCheckFailed(_logger, config.Display, failure.Message);
                }
                catch (RenderFailedException failure)
                {
                    throw new RenderFailedException($"error rendering {config.Display}: {failure.Message}", failure);
                }
            }
        }

        return (reports, refused);
    }

    private Task CheckAsync(TemplateConfig config, string path)
    {
        return _commands.RunAsync(config.Check, [KeyValuePair.Create(CheckVariable, path)], _interrupt.Token);
    }

    /// <summary>Waits for an event, or until a timer of the loop is due.</summary>
    private async Task WaitAsync()
    {
        if (_happened is null or { IsCompleted: true })
        {
            _happened = _events.Reader.WaitToReadAsync().AsTask();
        }

        if (_loop.NextFiring is not { } due)
        {
            await _happened.ConfigureAwait(false);
            return;
        }

        TimeSpan left = due - Now;
        if (left > TimeSpan.Zero)
        {
            await ((Task)_happened).WaitAsync(left, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private RunEnd? Handle(RunEvent happened)
    {
        switch (happened)
        {
            case NewsEvent:
                foreach ((Dependency dependency, DependencyData data) in _watchers.Take())
                {
                    Learn(dependency, data);
                }

                return null;
            case FailedEvent failed:
                return new RunEnd(RunnerExit.RunFailed, Error: failed.Text);
            case ChildEndedEvent ended:
                return new RunEnd(ended.Code);
            case SignalEvent signal:
                return Handle(signal.Signal);
            case RoleEvent changed:
                Handle(changed);
                return null;
            case SharedEvent shared:
                _shared[shared.TemplateId] = shared.Data;
                foreach ((Dependency dependency, DependencyData data) in shared.Data)
                {
                    LearnIfNew(dependency, data);
                }

                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private RunEnd? Handle(int signal)
    {
        LogSignal(_logger, SignalNames.NameOf(signal));
        if (signal == _config.ReloadSignal)
        {
            return new RunEnd(RunnerExit.Success, Reload: true);
        }

        if (StopsOn(signal))
        {
            return new RunEnd(RunnerExit.Interrupted);
        }

        _child?.Signal(signal);
        return null;
    }

    /// <summary>SIGTERM always does: a pod is ended by it. SIGINT does unless another was chosen and there is a child to give it to.</summary>
    private bool StopsOn(int signal)
    {
        return signal != _config.ReloadSignal
            && (signal == _config.KillSignal || signal == SignalNames.Terminate || (signal == SignalNames.Interrupt && _child is null));
    }

    private void Handle(RoleEvent changed)
    {
        bool isFollowing = changed.Role == SharingRole.Follower;
        if (!isFollowing)
        {
            _shared.Remove(changed.TemplateId);
        }

        foreach (TemplateUnit unit in _loop.Units)
        {
            if (string.Equals(unit.Id, changed.TemplateId, StringComparison.Ordinal))
            {
                _loop.SetFollowing(unit, isFollowing);
            }
        }
    }

    private bool LearnIfNew(Dependency dependency, DependencyData data)
    {
        DependencyData? known = _loop.Brain.Recall(dependency);
        return (known is null || DataCodec.DigestOf(known) != DataCodec.DigestOf(data)) && Learn(dependency, data);
    }

    private bool Learn(Dependency dependency, DependencyData data)
    {
        bool isUsed = _loop.Learn(dependency, data);
        if (isUsed)
        {
            _status.Learned(dependency);
        }

        return isUsed;
    }

    /// <summary>What is missing may have been published with what named it.</summary>
    /// <returns>True when something was: then the templates are run again.</returns>
    private bool LearnShared(RunPlan plan)
    {
        bool learnt = false;
        foreach (RunNote note in plan.Notes)
        {
            if (note.Unit.IsFollowing && _shared.TryGetValue(note.Unit.Id, out IReadOnlyDictionary<Dependency, DependencyData>? shared))
            {
                foreach (Dependency dependency in note.Missing)
                {
                    learnt |= shared.TryGetValue(dependency, out DependencyData? data) && LearnIfNew(dependency, data);
                }
            }
        }

        return learnt;
    }

    private void Publish(RunPlan plan)
    {
        if (_deduplicator is null)
        {
            return;
        }

        foreach (TemplateUnit unit in plan.Complete)
        {
            List<KeyValuePair<Dependency, DependencyData>> data = [];
            foreach (Dependency dependency in unit.Used)
            {
                if (_loop.Brain.Recall(dependency) is { } known)
                {
                    data.Add(KeyValuePair.Create(dependency, known));
                }
            }

            _deduplicator.Publish(unit.Id, data);
        }
    }

    private void WarnOfMany()
    {
        if (!_hasWarned && _loop.WatchedCount > WatchedWarning)
        {
            _hasWarned = true;
            LogMany(_logger, _loop.WatchedCount);
        }
    }

    private void Log(RunPlan plan)
    {
        foreach (RunNote note in plan.Notes)
        {
            if (note.Kind == RunNoteKind.Failed)
            {
                _status.Failed(note.Unit.Configs[0].Destination);
            }

            switch (note.Kind)
            {
                case RunNoteKind.Missing when _logger.IsEnabled(LogLevel.Information):
                    LogMissing(_logger, note.Unit.Name, Shown(note.Missing));
                    break;
                case RunNoteKind.Missing:
                    break;
                case RunNoteKind.Waiting:
                    LogWaiting(_logger, note.Unit.Name, note.Wait);
                    break;
                case RunNoteKind.Failed when note == plan.Failure:
                    // The run ends with it and says so.
                    break;
                case RunNoteKind.Failed:
                    LogTemplateFailed(_logger, note.Unit.Name, note.Error);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }
    }

    /// <summary>While the data of thousands comes in one by one, each run misses almost as many.</summary>
    private static string Shown(IReadOnlyList<Dependency> missing)
    {
        string names = string.Join(", ", missing.Take(MissingShownMax));
        return missing.Count <= MissingShownMax
            ? names
            : string.Create(CultureInfo.InvariantCulture, $"{names}, and {missing.Count - MissingShownMax} more");
    }

    private void Post(RunEvent happened)
    {
        _events.Writer.TryWrite(happened);
    }
}
