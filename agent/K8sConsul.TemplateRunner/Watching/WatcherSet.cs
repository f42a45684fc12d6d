using K8sConsul.Go;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;
using Microsoft.Extensions.Logging;

namespace K8sConsul.TemplateRunner.Watching;

/// <summary>
/// A watcher for each dependency: an asynchronous loop of blocking queries, which costs a connection and no thread. What they learn
/// waits here until it is taken; of one dependency only the latest.
/// </summary>
internal sealed partial class WatcherSet : IAsyncDisposable
{
    private readonly IDependencySource _source;
    private readonly WatchSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _onNews;
    private readonly Action<string> _onFailure;

    // Guards the maps: watchers offer from any thread while the runner's loop starts, stops and takes.
    private readonly Lock _gate = new();
    private readonly Dictionary<Dependency, Watch> _watches = [];
    private readonly Dictionary<Dependency, DependencyData> _news = [];

    /// <summary>Stopped ones that may still run for a moment.</summary>
    private readonly HashSet<Watch> _ending = [];

    /// <param name="source">Where data comes from.</param>
    /// <param name="settings">How it is asked for.</param>
    /// <param name="time">For pauses.</param>
    /// <param name="logger">Failures and retries.</param>
    /// <param name="onNews">There is something to take, and before there was nothing. Called from any thread.</param>
    /// <param name="onFailure">A dependency was given up, and with it the run; the text says which and why. Called from any thread.</param>
    public WatcherSet(
        IDependencySource source, WatchSettings settings, TimeProvider time, ILogger logger, Action onNews, Action<string> onFailure)
    {
        _source = source;
        _settings = settings;
        _time = time;
        _logger = logger;
        _onNews = onNews;
        _onFailure = onFailure;
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _watches.Count;
            }
        }
    }

    /// <summary>Begins to ask. A dependency that is watched already stays as it is.</summary>
    public void Start(Dependency dependency)
    {
        lock (_gate)
        {
            if (!_watches.ContainsKey(dependency))
            {
                var watch = new Watch();
                _watches.Add(dependency, watch);
                watch.Running = RunAsync(dependency, watch);
            }
        }
    }

    /// <summary>Ends the watcher, and drops what it has learnt.</summary>
    public void Stop(Dependency dependency)
    {
        Watch? watch;
        lock (_gate)
        {
            _news.Remove(dependency);
            if (!_watches.Remove(dependency, out watch))
            {
                return;
            }

            _ending.RemoveWhere(static ended => ended.Running.IsCompleted);
            _ending.Add(watch);
        }

        watch.Cancel();
    }

    /// <summary>Everything new since the last time, in no order.</summary>
    public IReadOnlyList<KeyValuePair<Dependency, DependencyData>> Take()
    {
        lock (_gate)
        {
            KeyValuePair<Dependency, DependencyData>[] news = [.. _news];
            _news.Clear();
            return news;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Watch[] watches;
        lock (_gate)
        {
            watches = [.. _watches.Values, .. _ending];
            _watches.Clear();
            _ending.Clear();
            _news.Clear();
        }

        foreach (Watch watch in watches)
        {
            watch.Cancel();
        }

        foreach (Watch watch in watches)
        {
            await watch.Running.ConfigureAwait(false);
            watch.Dispose();
        }
    }

    /// <summary>Never fails: what is not a cancellation is told as a failure.</summary>
    private async Task RunAsync(Dependency dependency, Watch watch)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await WatchAsync(dependency, watch).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (watch.Stop.IsCancellationRequested)
        {
            // Stopped.
        }
        catch (Exception failure)
        {
            LogBroken(_logger, dependency, failure);
            Fail(dependency, failure.Message);
        }
    }

    private async Task WatchAsync(Dependency dependency, Watch watch)
    {
        IDependencyFetcher fetcher = _source.Open(dependency);
        bool staleAllowed = _settings.MaxStale > TimeSpan.Zero;
        bool askStale = staleAllowed;
        ulong index = 0;
        int failures = 0;
        DataDigest? last = null;
        while (true)
        {
            FetchAnswer answer;
            try
            {
                answer = await fetcher.FetchAsync(new FetchRequest(index, askStale), watch.Stop).ConfigureAwait(false);
            }
            catch (DependencyFailedException failure)
            {
                if (RetryRule.Next(_settings.Retry, failures) is not { } pause)
                {
                    Fail(dependency, $"{failure.Message} (exceeded maximum retries)");
                    return;
                }

                failures++;
                LogRetry(_logger, dependency, failure.Message, failures, GoDuration.Format(pause));
                await Task.Delay(pause, _time, watch.Stop).ConfigureAwait(false);
                continue;
            }

            failures = 0;
            if (askStale && answer.LastContact > _settings.MaxStale)
            {
                // Too old to show: the same once more, from the leader.
                askStale = false;
                continue;
            }

            askStale = staleAllowed;
            if (answer.Index < index)
            {
                // The servers were restored or replaced: what they count is new.
                index = 0;
                continue;
            }

            bool isNew = answer.Index != index || index == 0;
            index = answer.Index;
            if (isNew && answer.Data is null && _settings.FailOnAbsentKey)
            {
                Fail(dependency, "lookup error");
                return;
            }

            if (isNew && answer.Data is not null)
            {
                DataDigest digest = DataCodec.DigestOf(answer.Data);
                if (digest != last)
                {
                    last = digest;
                    Offer(dependency, watch, answer.Data);
                }
            }

            await Task.Delay(
                WatchSettings.SpacingMin + (WatchSettings.SpacingJitter * _settings.Random()), _time, watch.Stop).ConfigureAwait(false);
        }
    }

    private void Offer(Dependency dependency, Watch watch, DependencyData data)
    {
        bool first;
        lock (_gate)
        {
            // One that was stopped meanwhile, and perhaps followed by another, must not speak for it.
            if (!_watches.TryGetValue(dependency, out Watch? current) || current != watch)
            {
                return;
            }

            first = _news.Count == 0;
            _news[dependency] = data;
        }

        LogReceived(_logger, dependency);
        if (first)
        {
            _onNews();
        }
    }

    private void Fail(Dependency dependency, string reason)
    {
        _onFailure($"{dependency}: {reason}");
    }

    [LoggerMessage(8801, LogLevel.Warning, "(view) {Dependency}: {Error} (retry attempt {Attempt} after \"{Pause}\")")]
    private static partial void LogRetry(ILogger logger, Dependency dependency, string error, int attempt, string pause);

    [LoggerMessage(8802, LogLevel.Debug, "(view) {Dependency}: received data")]
    private static partial void LogReceived(ILogger logger, Dependency dependency);

    [LoggerMessage(8803, LogLevel.Error, "(view) {Dependency}: the watcher is broken")]
    private static partial void LogBroken(ILogger logger, Dependency dependency, Exception error);

    private sealed class Watch : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();

        public Watch()
        {
            Stop = _stop.Token;
        }

        public CancellationToken Stop { get; }

        public Task Running { get; set; } = Task.CompletedTask;

        public void Cancel()
        {
            _stop.Cancel();
        }

        public void Dispose()
        {
            _stop.Dispose();
        }
    }
}
