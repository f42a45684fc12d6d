using System.Net;
using K8sConsul.Agent.Membership;
using K8sConsul.Agent.Telemetry;
using K8sConsul.Gossip;
using K8sConsul.Server.Telemetry;

namespace K8sConsul.Agent.Tests.Membership;

/// <summary>A running pool on a free port of the loopback address, with what it told so far.</summary>
internal sealed class TestPool : IAsyncDisposable
{
    /// <summary>Everything here takes a second or two; a busy machine gets more.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly CollectingLogger<GossipPool> _log = new();

    private TestPool(GossipPoolOptions options)
    {
        Pool = new GossipPool(options, TimeProvider.System, new GossipLoggers(_log, _log), new GossipMetrics(MetricsRegistry.Unread()));
    }

    public GossipPool Pool { get; }

    public List<GossipEvent> Events { get; } = [];

    public List<MemberEventKind> EventsOf(string name) =>
        [.. Events.OfType<MemberChanged>().Where(e => e.Member.Name == name).Select(e => e.Kind)];

    public IEnumerable<string> LogLines => _log.Lines;

    public string Address => Pool.LocalMember.Address.ToString();

    public static GossipPoolOptions Options(string name) => new()
    {
        Name = name,
        BindAddress = IPAddress.Loopback,
        BindPort = 0,
        Gossip = GossipOptions.Dev(GossipOptions.Lan) with { LeavePropagateDelay = TimeSpan.FromMilliseconds(500) },
    };

    public static async Task<TestPool> StartAsync(string name, Func<GossipPoolOptions, GossipPoolOptions>? configure = null)
    {
        var pool = new TestPool(configure?.Invoke(Options(name)) ?? Options(name));
        await pool.Pool.StartAsync(TestContext.Current.CancellationToken);
        return pool;
    }

    public Task<JoinResult> JoinAsync(params string[] addresses) =>
        Pool.JoinAsync(addresses, ignoreOldEvents: false, TestContext.Current.CancellationToken);

    public MemberStatus StatusOf(string name) => Pool.Members.Find(name)?.Status ?? MemberStatus.None;

    /// <summary>Waits for the member to be seen so, looking after every event.</summary>
    public Task WaitForStatusAsync(string name, MemberStatus status) =>
        WaitForAsync(() => StatusOf(name) == status, $"{name} to be {status.ToConsulText()}");

    public async Task WaitForAsync(Func<bool> condition, string what)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(_patience);
        try
        {
            while (!condition())
            {
                Events.Add(await Pool.Events.ReadAsync(timeout.Token));
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            string members = string.Join(' ', Pool.Members.All.Select(m => $"{m.Name}:{m.Status.ToConsulText()}"));
            Assert.Fail($"waited in vain for {what}; members: {members}\n{string.Join('\n', LogLines.TakeLast(40))}");
        }
    }

    public ValueTask DisposeAsync() => Pool.DisposeAsync();
}
