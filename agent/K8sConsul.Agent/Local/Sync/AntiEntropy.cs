using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Local;

/// <summary>Stops anti-entropy for the time of a larger change.</summary>
public interface ISyncGate
{
    void Pause();

    void Resume();
}

/// <summary>
/// Keeps the catalog in step with the agent. One loop owns the timing (<see cref="SyncMachine"/>) and all requests to the
/// catalog; everybody else only wakes it.
/// </summary>
public sealed partial class AntiEntropy : ISyncGate, IAsyncDisposable
{
    private readonly LocalState _state;
    private readonly ICatalogSync _catalog;
    private readonly ISyncTokens _tokens;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WakeSignal _wake = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly long _start;

    // Guards the machine: triggers come from everywhere.
    private readonly Lock _lock = new();
    private readonly SyncMachine _machine;
    private readonly TaskCompletionSource _firstFullSync = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loop = Task.CompletedTask;

    public AntiEntropy(LocalState state, ICatalogSync catalog, ISyncTokens tokens, Stagger stagger, TimeProvider time, ILogger logger)
    {
        _state = state;
        _catalog = catalog;
        _tokens = tokens;
        _time = time;
        _logger = logger;
        _start = time.GetTimestamp();
        _machine = new SyncMachine(stagger, TimeSpan.Zero);
        state.OnSyncNeeded(TriggerChanges);
    }

    /// <summary>Completes once the catalog has been compared with for the first time.</summary>
    public Task FirstFullSync => _firstFullSync.Task;

    /// <summary>Begins with a full sync. Call once; <see cref="DisposeAsync"/> ends it.</summary>
    public void Start() => _loop = RunAsync(_stop.Token);

    /// <summary>Something local has changed.</summary>
    public void TriggerChanges() => Tell(static machine => machine.TriggerChanges());

    /// <summary>A server has joined: soon there may be somebody to sync with.</summary>
    public void ServerJoined()
    {
        lock (_lock)
        {
            _machine.ServerJoined(Now);
        }

        _wake.Wake();
    }

    /// <summary>How many members the LAN pool has.</summary>
    public void SetClusterSize(int members) => Tell(machine => machine.Members = Math.Max(1, members));

    public void Pause() => Tell(static machine => machine.Pause());

    public void Resume() => Tell(static machine => machine.Resume());

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>The loop has seen every trigger and waits for its time: for tests.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _wake.IsIdle;
            }
        }
    }

    /// <summary>Syncs what is marked, now and whatever the timing says: before a graceful leave.</summary>
    internal Task<bool> SyncChangesAsync(CancellationToken stop) => new SyncRun(_state, _catalog, _tokens, _logger).ChangesAsync(stop);

    private TimeSpan Now => _time.GetElapsedTime(_start);

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            SyncStep step;
            TimeSpan? until;
            lock (_lock)
            {
                step = _machine.Next(Now, out until);
            }

            try
            {
                switch (step)
                {
                    case SyncStep.Full:
                        await FullAsync(stop).ConfigureAwait(false);
                        break;
                    case SyncStep.Partial:
                        await PartialAsync(stop).ConfigureAwait(false);
                        break;
                    default:
                        await _wake.WaitAsync(until - Now, _time, stop).ConfigureAwait(false);
                        break;
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task FullAsync(CancellationToken stop)
    {
        bool succeeded = false;
        try
        {
            succeeded = await new SyncRun(_state, _catalog, _tokens, _logger).FullAsync(stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            // The loop's top: a seam that throws where it should answer must not end the syncing of this agent.
            LogSyncBroken(_logger, e);
        }

        lock (_lock)
        {
            _machine.FullSyncEnded(succeeded, Now);
        }

        if (succeeded)
        {
            _firstFullSync.TrySetResult();
        }
    }

    private async Task PartialAsync(CancellationToken stop)
    {
        try
        {
            await new SyncRun(_state, _catalog, _tokens, _logger).ChangesAsync(stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            LogSyncBroken(_logger, e);
        }
    }

    private void Tell(Action<SyncMachine> what)
    {
        lock (_lock)
        {
            what(_machine);
        }

        _wake.Wake();
    }
}
