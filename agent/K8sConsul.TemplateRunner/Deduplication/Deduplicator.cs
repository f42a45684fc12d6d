using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;
using K8sConsul.Go;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;
using K8sConsul.TemplateRunner.Watching;
using Microsoft.Extensions.Logging;

namespace K8sConsul.TemplateRunner.Deduplication;

/// <summary>
/// De-duplication: of many instances with one template, the one that holds the lock on the template's key asks Consul and
/// publishes the answers there; the others read the key.
/// </summary>
internal sealed partial class Deduplicator : IAsyncDisposable
{
    private const string SessionName = "Consul-Template de-duplication";
    private static readonly TimeSpan SessionRetry = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RenewalMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LockRetry = TimeSpan.FromSeconds(10);

    /// <summary>At the start, how long the first session is waited for before anything is decided.</summary>
    private static readonly TimeSpan FirstSessionLimit = TimeSpan.FromSeconds(2);

    /// <summary>Between two publications of one template: a storm of changes must not become a storm of writes.</summary>
    private static readonly TimeSpan PublishSpacing = TimeSpan.FromMilliseconds(500);

    /// <summary>At the end, the farewell may take no longer.</summary>
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);

    private readonly PatientClient _client;
    private readonly DeduplicateConfig _config;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ISharingEvents _events;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, Lane> _lanes;
    private readonly List<Task> _running = [];

    /// <summary>Empty while there is none. Replaced whole by the keeper of the session, read by the lanes.</summary>
    private volatile string _session = string.Empty;

    public Deduplicator(
        ConsulClient client, DeduplicateConfig config, IEnumerable<string> templateIds, TimeProvider time, ILogger logger, ISharingEvents events)
    {
        _client = new PatientClient(client, time);
        _config = config;
        _time = time;
        _logger = logger;
        _events = events;
        _lanes = templateIds.ToDictionary(static id => id, id => new Lane(id, SharedKey.Of(config.Prefix, id)), StringComparer.Ordinal);
    }

    public void Start()
    {
        _running.Add(Task.Run(KeepSessionAsync));
        foreach (Lane lane in _lanes.Values)
        {
            _running.Add(Task.Run(() => FollowAsync(lane)));
            _running.Add(Task.Run(() => PublishAsync(lane)));
        }
    }

    /// <summary>Hands over what the leader of a template knows. Returns at once; of several the latest is written, and equal data is not.</summary>
    public void Publish(string templateId, IReadOnlyList<KeyValuePair<Dependency, DependencyData>> data)
    {
        Lane lane = _lanes[templateId];
        if (lane.Role == SharingRole.Leader)
        {
            lane.Next.Offer(data);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (Task task in _running)
        {
            await task.ConfigureAwait(false);
        }

        if (_session.Length > 0)
        {
            await SayFarewellAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    /// <summary>With the session go its locks: another leads at once instead of after the session's time to live.</summary>
    private async Task SayFarewellAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(FarewellLimit, _time);
            await _client.SendAsync(SessionApi.Destroy(_session), limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is ConsulException or OperationCanceledException)
        {
            LogSession(_logger, failure.Message);
        }
    }

    private async Task KeepSessionAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (_session.Length == 0)
                {
                    var request = new SessionRequest
                    {
                        Name = SessionName,
                        TTL = GoDuration.Format(_config.Ttl),
                        Behavior = "delete",
                        LockDelay = "1ms",
                    };
                    _session = (await _client.SendAsync(SessionApi.Create(request), _stop.Token).ConfigureAwait(false)).Value.ID;
                    WakeLanes();
                }

                await Task.Delay(_config.Ttl > RenewalMin * 2 ? _config.Ttl / 2 : RenewalMin, _time, _stop.Token).ConfigureAwait(false);
                if ((await _client.SendAsync(SessionApi.Renew(_session), _stop.Token).ConfigureAwait(false)).Value is null)
                {
                    // Expired, and the locks with it: the lanes see that in their keys.
                    _session = string.Empty;
                }
            }
            catch (ConsulException failure)
            {
                LogSession(_logger, failure.Message);
                await PauseAsync(SessionRetry).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void WakeLanes()
    {
        foreach (Lane lane in _lanes.Values)
        {
            lane.NewSession.Set();
        }
    }

    /// <summary>Watches a template's key: whoever locks it leads, and what it holds is shared.</summary>
    private async Task FollowAsync(Lane lane)
    {
        ulong index = 0;
        bool wasRefused = false;
        await lane.NewSession.WaitAsync(FirstSessionLimit, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                ConsulReply<KvPair?> reply = await AskAsync(lane.Key, index).ConfigureAwait(false);
                index = reply.Meta.LastIndex < index ? 0 : reply.Meta.LastIndex;
                if (reply.Value is { Session.Length: > 0 } held)
                {
                    wasRefused = false;
                    if (string.Equals(held.Session, _session, StringComparison.Ordinal))
                    {
                        SetRole(lane, SharingRole.Leader, "the lock is ours");
                    }
                    else
                    {
                        Follow(lane, held.Value ?? []);
                    }
                }
                else
                {
                    // Looked at again at once after the first refusal, which mostly means that somebody was faster; after a second one
                    // nobody may lead for a moment, and each asks for himself.
                    index = 0;
                    bool refusedAgain = wasRefused;
                    if (refusedAgain || _session.Length == 0)
                    {
                        SetRole(lane, SharingRole.Alone, "nobody can take the lock now");
                        await PauseForSessionAsync(lane).ConfigureAwait(false);
                    }

                    wasRefused = _session.Length > 0 && !await TryLockAsync(lane, reply.Value?.Value).ConfigureAwait(false);
                    if (wasRefused && lane.Role == SharingRole.Leader)
                    {
                        SetRole(lane, SharingRole.Alone, "the lock was lost");
                    }
                }
            }
            catch (ConsulException failure)
            {
                LogLock(_logger, lane.Key, failure.Message);
                if (lane.Role is null)
                {
                    SetRole(lane, SharingRole.Alone, "the key cannot be read");
                }

                await PauseAsync(LockRetry).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Until there is a new session, or long enough to try again with the present one.</summary>
    private async Task PauseForSessionAsync(Lane lane)
    {
        await lane.NewSession.WaitAsync(LockRetry, _time, _stop.Token).ConfigureAwait(false);
    }

    /// <summary>A follower's answer may be a little old, as the configuration allows; an older one is asked for again.</summary>
    private async ValueTask<ConsulReply<KvPair?>> AskAsync(string key, ulong index)
    {
        var options = new QueryOptions { WaitIndex = index, WaitTime = _config.BlockQueryWait, AllowStale = _config.MaxStale > TimeSpan.Zero };
        ConsulReply<KvPair?> reply = await _client.SendAsync(KvApi.Get(key, options), _config.BlockQueryWait, _stop.Token).ConfigureAwait(false);
        return !options.AllowStale || reply.Meta.LastContact <= _config.MaxStale
            ? reply
            : await _client.SendAsync(KvApi.Get(key, options with { AllowStale = false }), _config.BlockQueryWait, _stop.Token).ConfigureAwait(false);
    }

    private void Follow(Lane lane, byte[] body)
    {
        if (body.AsSpan().SequenceEqual(SharedBody.TooLarge))
        {
            SetRole(lane, SharingRole.Alone, "the data is too large to be shared");
            return;
        }

        SetRole(lane, SharingRole.Follower, "another instance leads");
        if (!body.AsSpan().SequenceEqual(SharedBody.NoData) && SharedBody.TryRead(body) is { } data)
        {
            _events.Shared(lane.TemplateId, data);
        }
    }

    /// <summary>Takes the lock and leaves the data of the last leader where it is.</summary>
    private async ValueTask<bool> TryLockAsync(Lane lane, byte[]? former)
    {
        byte[] body = former is { Length: > 0 } ? former : SharedBody.NoData.ToArray();
        var write = new KvWriteOptions { Acquire = _session, Flags = SharedKey.LockFlag };
        if (!(await _client.SendAsync(KvApi.Put(lane.Key, body, write), _stop.Token).ConfigureAwait(false)).Value)
        {
            return false;
        }

        SetRole(lane, SharingRole.Leader, "the lock was free");
        return true;
    }

    private async Task PublishAsync(Lane lane)
    {
        // What the key holds by our hand, as long as we have led without a break.
        DataDigest? published = null;
        int term = -1;
        IReadOnlyList<KeyValuePair<Dependency, DependencyData>>? data = null;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                // What could not be written is tried again, unless there is something newer.
                data = lane.Next.TryTake(out var newer) ? newer : data ?? await lane.Next.TakeAsync(_stop.Token).ConfigureAwait(false);
                if (term != lane.Term)
                {
                    (term, published) = (lane.Term, null);
                }

                byte[] json = SharedBody.ToJson(data.Where(static entry => entry.Key.IsShareable));
                DataDigest digest = DataDigest.Of(json);
                if (lane.Role == SharingRole.Leader && published != digest && await WriteAsync(lane, json).ConfigureAwait(false))
                {
                    published = digest;
                }

                data = null;
                await Task.Delay(PublishSpacing, _time, _stop.Token).ConfigureAwait(false);
            }
            catch (ConsulException failure)
            {
                LogLock(_logger, lane.Key, failure.Message);
                await PauseAsync(LockRetry).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <returns>False when the lock is no longer ours.</returns>
    private async ValueTask<bool> WriteAsync(Lane lane, byte[] json)
    {
        byte[] body = SharedBody.Pack(json);
        if (body.Length > SharedBody.BodyBytesMax)
        {
            LogTooLarge(_logger, lane.Key, body.Length);
            body = SharedBody.TooLarge.ToArray();
        }

        var write = new KvWriteOptions { Acquire = _session, Flags = SharedKey.LockFlag };
        return (await _client.SendAsync(KvApi.Put(lane.Key, body, write), _stop.Token).ConfigureAwait(false)).Value;
    }

    private void SetRole(Lane lane, SharingRole role, string reason)
    {
        if (lane.Role != role)
        {
            lane.Role = role;
            lane.Term++;
            LogRole(_logger, lane.TemplateId, role, reason);
            _events.RoleChanged(lane.TemplateId, role);
        }
    }

    /// <summary>Ends early when all ends.</summary>
    private async Task PauseAsync(TimeSpan pause)
    {
        await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(8841, LogLevel.Information, "(dedup) role changed: template={Template} role={Role} reason=\"{Reason}\"")]
    private static partial void LogRole(ILogger logger, string template, SharingRole role, string reason);

    [LoggerMessage(8842, LogLevel.Warning, "(dedup) session: error=\"{Error}\"")]
    private static partial void LogSession(ILogger logger, string error);

    [LoggerMessage(8843, LogLevel.Warning, "(dedup) lock: key={Key} error=\"{Error}\"")]
    private static partial void LogLock(ILogger logger, string key, string error);

    [LoggerMessage(8844, LogLevel.Warning, "(dedup) the data is too large to be shared: key={Key} bytes={Bytes}")]
    private static partial void LogTooLarge(ILogger logger, string key, int bytes);

    /// <summary>One template.</summary>
    private sealed class Lane(string templateId, string key)
    {
        private volatile object? _role;
        private int _term;

        public string TemplateId => templateId;

        public string Key => key;

        /// <summary>Null until Consul has answered. Written by the loop that follows, read by others.</summary>
        public SharingRole? Role
        {
            get => (SharingRole?)_role;
            set => _role = value;
        }

        /// <summary>Counts changes of the role. Written by the loop that follows, read by the one that publishes.</summary>
        public int Term
        {
            get => Volatile.Read(ref _term);
            set => Volatile.Write(ref _term, value);
        }

        public LatestOnly<IReadOnlyList<KeyValuePair<Dependency, DependencyData>>> Next { get; } = new();

        /// <summary>Released for each new session.</summary>
        public ManualPulse NewSession { get; } = new();
    }
}
