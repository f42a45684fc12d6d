using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Threading.Channels;
using K8sConsul.Agent.Telemetry;
using K8sConsul.Gossip;
using K8sConsul.Gossip.Wire;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Membership;

/// <summary>
/// One gossip pool (LAN or WAN): the sockets, timers and files around <see cref="GossipNode"/>, and what the rest of the agent
/// asks of it. Any thread may call any member.
/// </summary>
/// <remarks>
/// One owner loop holds the core. Packets, streams and commands reach it through one bounded channel; readers take the last
/// published view and never wait for it.
/// </remarks>
public sealed partial class GossipPool : IAsyncDisposable
{
    /// <summary>
    /// Inputs waiting for the owner loop. When it is full packets are dropped, as the network itself would drop them, and
    /// everything else waits. memberlist queues 1024 messages of each kind.
    /// </summary>
    private const int InputCountMax = 4096;

    /// <summary>Consul's own event channel holds 2048.</summary>
    private const int EventCountMax = 4096;

    private readonly GossipPoolOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly GossipLoggers _loggers;
    private readonly GossipMetrics _metrics;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<PoolInput> _inputs = Channel.CreateBounded<PoolInput>(
        new BoundedChannelOptions(InputCountMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Channel<GossipEvent> _events = Channel.CreateBounded<GossipEvent>(
        new BoundedChannelOptions(EventCountMax) { SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly TaskTracker _streamTasks = new();

    // Replaced whole by the owner loop, read by anyone.
    private volatile PublishedView _view = PublishedView.Empty;

    // Set once by StartAsync, before any task runs.
    private GossipNode _node = null!;
    private GossipSockets _sockets = null!;
    private StreamCodec _streamCodec = null!;
    private Keyring? _keyring;
    private SnapshotFile? _snapshot;
    private long _startTimestamp;
    private ITimer? _wakeUp;
    private Task[] _loops = [];
    private int _phase;
    private long _eventsDropped;
    private long _packetsDropped;

    public GossipPool(GossipPoolOptions options, TimeProvider time, GossipLoggers loggers, GossipMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        (_options, _time, _loggers, _logger, _metrics) = (options, time, loggers, loggers.Memberlist, metrics);
    }

    /// <summary>The members as of now. Taking it never waits; it does not change in the reader's hand.</summary>
    public MemberList Members => _view.Members;

    /// <summary>Ourselves, with the address and port that were bound.</summary>
    public Member LocalMember => _view.Members.Find(_options.Name)
        ?? throw new InvalidOperationException("the pool has not been started");

    /// <summary>
    /// Member changes and user events, in order. Bounded: a consumer that stops reading loses the newest events (counted in
    /// <see cref="EventsDropped"/>) and must compare with <see cref="Members"/> when it resumes. Completes at shutdown.
    /// </summary>
    public ChannelReader<GossipEvent> Events => _events.Reader;

    public long EventsDropped => Interlocked.Read(ref _eventsDropped);

    /// <summary>Packets thrown away because the pool was busy.</summary>
    public long PacketsDropped => Interlocked.Read(ref _packetsDropped);

    /// <summary>Consul's <c>serf_lan</c> or <c>serf_wan</c> figures.</summary>
    public GossipStats Stats => _view.Stats;

    /// <summary>A keyring is in use.</summary>
    public bool Encrypted => _keyring is not null;

    /// <summary>Our own ring only: base64 keys, the primary first; empty without encryption.</summary>
    public IReadOnlyList<string> LocalKeys => _keyring is null ? [] : [.. _keyring.Keys.Select(key => key.Base64)];

    /// <summary>Our own network coordinate.</summary>
    public Coordinate Coordinate => _view.Coordinate;

    /// <summary>Our own coordinate, or the one that a member sent with its last answer to our probe; null before that.</summary>
    public Coordinate? CoordinateOf(string memberName) =>
        string.Equals(memberName, _options.Name, StringComparison.Ordinal) ? Coordinate : _view.CachedCoordinates.GetValueOrDefault(memberName);

    /// <summary>Binds the sockets, loads keyring and snapshot, and begins to gossip. Rejoins the snapshot's members in the background.</summary>
    /// <exception cref="GossipStartException">The port is taken, a file cannot be read, the tags are too long. Carries Go's text.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _phase, 1) != 0)
        {
            throw new InvalidOperationException("a pool starts once");
        }

        // Files are read and written on the way: not on the caller's thread.
        await Task.Run(Start, cancellationToken);
    }

    /// <summary>Stops at once, without telling anyone; <see cref="LeaveAsync"/> comes before it when the departure is meant.</summary>
    public async Task ShutdownAsync()
    {
        if (Interlocked.Exchange(ref _phase, 2) != 1)
        {
            return;
        }

        await _stop.CancelAsync();
        if (_wakeUp is not null)
        {
            await _wakeUp.DisposeAsync();
        }

        _inputs.Writer.TryComplete();
        _sockets?.Dispose();
        await Task.WhenAll(_loops);
        await _streamTasks.WaitAsync();
        FailOperations();
        if (_snapshot is not null)
        {
            await _snapshot.DisposeAsync();
        }

        _events.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        await ShutdownAsync();
        _stop.Dispose();
    }

    private void Start()
    {
        ImmutableSortedDictionary<string, string> tags = GossipTags.From(_options.Tags);
        if (GossipTags.Encode(tags).Length > GossipTags.EncodedBytesMax)
        {
            throw new GossipStartException($"Encoded length of tags exceeds limit of {GossipTags.EncodedBytesMax} bytes");
        }

        System.Net.IPAddress advertise = _options.AdvertiseAddress ?? _options.BindAddress;
        if (advertise.Equals(System.Net.IPAddress.Any) || advertise.Equals(System.Net.IPAddress.IPv6Any))
        {
            throw new GossipStartException("an advertise address is needed where the bind address is a wildcard");
        }

        _keyring = KeyringFile.LoadOrCreate(_options.KeyringFile, _options.EncryptKey.Span);
        SnapshotState previous = SnapshotState.Empty;
        try
        {
            _sockets = GossipSockets.Bind(_options.BindAddress, _options.BindPort);
            if (_options.SnapshotFile is { } path)
            {
                _snapshot = SnapshotFile.Open(path, _options.RejoinAfterLeave, _time, _logger, out previous);
            }
        }
        catch (GossipStartException)
        {
            _sockets?.Dispose();
            throw;
        }

        var address = new MemberAddress(advertise, _options.AdvertisePort ?? _sockets.Port);
        _streamCodec = new StreamCodec(_options.Gossip, _keyring, FillNonce);
        _node = new GossipNode(
            new GossipNodeOptions
            {
                Name = _options.Name,
                Advertise = address,
                BindPort = _sockets.Port,
                Tags = tags,
                Gossip = _options.Gossip,
                Keyring = _keyring,
                MergeRule = _options.MergeRule,
                AllowedCidrs = _options.AllowedCidrs,
                Snapshot = _snapshot is not null,
                RejoinAfterLeave = _options.RejoinAfterLeave,
                Seed = (ulong)Random.Shared.NextInt64(),
            },
            FillNonce);
        _startTimestamp = _time.GetTimestamp();
        _wakeUp = _time.CreateTimer(_ => _inputs.Writer.TryWrite(PoolInput.WakeUp), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // The first turn happens here: members can be read as soon as this returns. From the next line on the loop owns the core.
        long started = _time.GetTimestamp();
        _node.Start(Now, previous);
        CarryOut();
        _metrics.Turned(default, _node.Counters, _view.Stats, started);
        _loops = [Task.Run(OwnAsync, CancellationToken.None), Task.Run(ReceivePacketsAsync, CancellationToken.None), Task.Run(AcceptStreamsAsync, CancellationToken.None)];
    }

    private TimeSpan Now => _time.GetElapsedTime(_startTimestamp);

    /// <summary>Only pools with keys draw nonces, so that others never load the cipher library.</summary>
    private static void FillNonce(Span<byte> nonce) => RandomNumberGenerator.Fill(nonce);
}
