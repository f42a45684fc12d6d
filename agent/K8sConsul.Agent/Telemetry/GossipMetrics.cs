using K8sConsul.Agent.Membership;
using K8sConsul.Gossip;
using K8sConsul.Server.Telemetry;

namespace K8sConsul.Agent.Telemetry;

/// <summary><c>memberlist.*</c> and <c>serf.*</c>. Both pools of a server count into the same names, as in Consul.</summary>
public sealed class GossipMetrics(MetricsRegistry registry)
{
    /// <summary>Who comes back sooner than this after it had failed, flaps.</summary>
    private static readonly TimeSpan FlapTime = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan QueueCheckInterval = TimeSpan.FromSeconds(30);

    private readonly Counter _alive = registry.Counter("memberlist.msg.alive");
    private readonly Counter _suspect = registry.Counter("memberlist.msg.suspect");
    private readonly Counter _dead = registry.Counter("memberlist.msg.dead");
    private readonly Sample _gossip = registry.Sample("memberlist.gossip");
    private readonly Sample _probe = registry.Sample("memberlist.probeNode");
    private readonly Gauge _healthScore = registry.Gauge("memberlist.health.score");
    private readonly Counter _joined = registry.Counter("serf.member.join");
    private readonly Counter _left = registry.Counter("serf.member.left");
    private readonly Counter _failed = registry.Counter("serf.member.failed");
    private readonly Counter _updated = registry.Counter("serf.member.update");
    private readonly Counter _flapped = registry.Counter("serf.member.flap");
    private readonly Counter _events = registry.Counter("serf.events");
    private readonly CounterFamily<string> _eventsByName = registry.Counters<string>(name => "serf.events." + name, static _ => []);
    private readonly Sample _intentQueue = registry.Sample("serf.queue.Intent");
    private readonly Sample _eventQueue = registry.Sample("serf.queue.Event");
    private readonly Sample _queryQueue = registry.Sample("serf.queue.Query");
    private readonly Sample _adjustment = registry.Sample("serf.coordinate.adjustment-ms");

    // Bounded by the members of the pool: those that have failed.
    private readonly Dictionary<string, long> _failedAt = new(StringComparer.Ordinal);
    private long _queuesSeen = registry.Now;

    public Counter UdpSent { get; } = registry.Counter("memberlist.udp.sent");

    public Counter UdpReceived { get; } = registry.Counter("memberlist.udp.received");

    public Counter TcpSent { get; } = registry.Counter("memberlist.tcp.sent");

    public Counter TcpAccepted { get; } = registry.Counter("memberlist.tcp.accept");

    public Counter TcpConnected { get; } = registry.Counter("memberlist.tcp.connect");

    public Sample PushPull { get; } = registry.Sample("memberlist.pushPullNode");

    /// <summary>The core has taken a turn. Called by the pool's owner loop alone, as the two below.</summary>
    /// <param name="started">When the turn began, in the registry's time.</param>
    internal void Turned(in GossipCounters before, in GossipCounters after, GossipStats stats, long started)
    {
        Count(_alive, after.Alive - before.Alive);
        Count(_suspect, after.Suspect - before.Suspect);
        Count(_dead, after.Dead - before.Dead);
        if (after.GossipRounds != before.GossipRounds)
        {
            _gossip.Since(started);
        }

        if (after.Probes != before.Probes)
        {
            _probe.Took(after.LastProbe);
        }

        if (registry.Elapsed(_queuesSeen, started) >= QueueCheckInterval)
        {
            _queuesSeen = started;
            _intentQueue.Observe(stats.IntentQueue);
            _eventQueue.Observe(stats.EventQueue);
            _queryQueue.Observe(stats.QueryQueue);
        }
    }

    internal void Published(PublishedView last, PublishedView view)
    {
        if (last.Stats.HealthScore != view.Stats.HealthScore)
        {
            _healthScore.Set(view.Stats.HealthScore);
        }

        if (last.Coordinate != view.Coordinate)
        {
            _adjustment.Observe((float)(last.Coordinate.DistanceSeconds(view.Coordinate) * 1000));
        }
    }

    internal void Told(GossipEvent happened)
    {
        switch (happened)
        {
            case MemberChanged { Kind: MemberEventKind.Join } join:
                _joined.Increment();
                if (_failedAt.Remove(join.Member.Name, out long failed) && registry.Elapsed(failed, registry.Now) < FlapTime)
                {
                    _flapped.Increment();
                }

                break;
            case MemberChanged { Kind: MemberEventKind.Failed } failure:
                _failed.Increment();
                _failedAt[failure.Member.Name] = registry.Now;
                break;
            case MemberChanged { Kind: MemberEventKind.Leave } leave:
                _left.Increment();
                _failedAt.Remove(leave.Member.Name);
                break;
            case MemberChanged { Kind: MemberEventKind.Reap } reap:
                _failedAt.Remove(reap.Member.Name);
                break;
            case MemberChanged { Kind: MemberEventKind.Update }:
                _updated.Increment();
                break;
            case UserEventReceived received:
                _events.Increment();
                _eventsByName.Increment(received.Name);
                break;
            default:
                break;
        }
    }

    private static void Count(Counter counter, long times)
    {
        if (times > 0)
        {
            counter.Add(times);
        }
    }
}
