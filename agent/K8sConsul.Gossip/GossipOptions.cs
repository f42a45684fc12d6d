namespace K8sConsul.Gossip;

/// <summary>
/// The timing and limits of one gossip pool. The defaults are Consul's LAN values. Members of one pool need not agree, but
/// a member that probes slower than the others notices failures later than they do.
/// </summary>
public sealed record GossipOptions
{
    /// <summary>Consul's LAN profile: one datacenter, round trips below a few milliseconds.</summary>
    public static readonly GossipOptions Lan = new();

    /// <summary>Consul's WAN profile: servers of all datacenters, across slow and lossy links.</summary>
    public static readonly GossipOptions Wan = Lan with
    {
        StreamTimeout = TimeSpan.FromSeconds(30),
        SuspicionMult = 6,
        PushPullInterval = TimeSpan.FromSeconds(60),
        ProbeInterval = TimeSpan.FromSeconds(5),
        ProbeTimeout = TimeSpan.FromSeconds(3),
        GossipInterval = TimeSpan.FromMilliseconds(500),
        GossipToTheDeadTime = TimeSpan.FromSeconds(60),
    };

    /// <summary>The profile of <c>consul agent -dev</c>, laid over <see cref="Lan"/> or <see cref="Wan"/>.</summary>
    public static GossipOptions Dev(GossipOptions profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile with
        {
            SuspicionMult = 3,
            ProbeInterval = TimeSpan.FromMilliseconds(100),
            ProbeTimeout = TimeSpan.FromMilliseconds(100),
            GossipInterval = TimeSpan.FromMilliseconds(100),
        };
    }

    /// <summary>10 s (WAN 30 s). Connect, read and write deadline of a stream. memberlist: <c>TCPTimeout</c>.</summary>
    /// <remarks>Raised: slow peers can still join; a dead address holds a join up for longer.</remarks>
    public TimeSpan StreamTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>3. Members asked to probe on our behalf when a direct probe gets no answer. memberlist: <c>IndirectChecks</c>.</summary>
    /// <remarks>Raised: fewer false suspicions on a lossy network; more packets per failure.</remarks>
    public int IndirectChecks { get; init; } = 3;

    /// <summary>4. A broadcast is sent <c>RetransmitMult * ceil(log10(n + 1))</c> times. Consul: <c>retransmit_mult</c>.</summary>
    /// <remarks>Raised: news survives more loss; more bandwidth.</remarks>
    public int RetransmitMult { get; init; } = 4;

    /// <summary>4 (WAN 6). A suspect has at least <c>SuspicionMult * max(1, log10 n) * ProbeInterval</c> to refute. Consul: <c>suspicion_mult</c>.</summary>
    /// <remarks>Raised: fewer members fail wrongly; a dead one is noticed later.</remarks>
    public int SuspicionMult { get; init; } = 4;

    /// <summary>6. The wait of an unconfirmed suspicion is this many times the least one. memberlist: <c>SuspicionMaxTimeoutMult</c>.</summary>
    /// <remarks>Raised: a member that is itself sick accuses others more slowly.</remarks>
    public int SuspicionMaxTimeoutMult { get; init; } = 6;

    /// <summary>30 s (WAN 60 s). Between full state exchanges with a random member; stretched above 32 members. memberlist: <c>PushPullInterval</c>.</summary>
    /// <remarks>Raised: less traffic; a healed partition converges later.</remarks>
    public TimeSpan PushPullInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>1 s (WAN 5 s). One member is probed each time. Consul: <c>probe_interval</c>.</summary>
    /// <remarks>Raised: less traffic; a failure is noticed later, in proportion.</remarks>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>500 ms (WAN 3 s). A direct probe unanswered for this long turns indirect; set it to the 99th percentile of round trips. Consul: <c>probe_timeout</c>.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>200 ms (WAN 500 ms). Between rounds of gossip. Consul: <c>gossip_interval</c>.</summary>
    /// <remarks>Raised: less traffic; news spreads more slowly.</remarks>
    public TimeSpan GossipInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>3. Members told in each round. Consul: <c>gossip_nodes</c>.</summary>
    public int GossipNodes { get; init; } = 3;

    /// <summary>30 s (WAN 60 s). The dead still get gossip for this long, so that they can refute; then memberlist forgets them. memberlist: <c>GossipToTheDeadTime</c>.</summary>
    public TimeSpan GossipToTheDeadTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>8. Own probes are stretched by up to this factor while the member doubts its own health (Lifeguard). memberlist: <c>AwarenessMaxMultiplier</c>.</summary>
    public int AwarenessMaxMultiplier { get; init; } = 8;

    /// <summary>30 s. A name whose member is dead for longer may come back at another address; zero never. memberlist: <c>DeadNodeReclaimTime</c>.</summary>
    public TimeSpan DeadNodeReclaimTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>1400 bytes. The largest packet we make; raise only where the path's MTU is known. memberlist: <c>UDPBufferSize</c>.</summary>
    public int PacketBytesMax { get; init; } = 1400;

    /// <summary>True. Compress what is sent (LZW); both forms are always understood. memberlist: <c>EnableCompression</c>.</summary>
    public bool Compression { get; init; } = true;

    /// <summary>True. With a keyring, drop what is not encrypted. False only while encryption is being introduced. Consul: <c>encrypt_verify_incoming</c>.</summary>
    public bool VerifyIncoming { get; init; } = true;

    /// <summary>True. With a keyring, encrypt what is sent. Consul: <c>encrypt_verify_outgoing</c>.</summary>
    public bool VerifyOutgoing { get; init; } = true;

    /// <summary>True. Ask over TCP as well before suspecting; success points at a firewall that drops UDP. memberlist: <c>!DisableTcpPings</c>.</summary>
    public bool StreamPings { get; init; } = true;

    /// <summary>Empty. Keeps pools on one network apart; only for peers with memberlist 0.3 or newer, so never with Consul 1.8. memberlist: <c>Label</c>.</summary>
    public string Label { get; init; } = string.Empty;

    /// <summary>4. The Serf protocol announced; Consul speaks 4, the serf agent 5. Serf: <c>ProtocolVersion</c>.</summary>
    public byte SerfProtocol { get; init; } = 4;

    /// <summary>5 s. The longest wait for a leave, force-leave or change of tags to be handed to the network. Serf: <c>BroadcastTimeout</c>.</summary>
    public TimeSpan BroadcastTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>3 s. After leaving, keep answering for this long so that the news gets round. Consul: <c>LeavePropagateDelay</c>.</summary>
    public TimeSpan LeavePropagateDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>512. User events remembered to drop repeats; also the number of Lamport ticks after which an event is too old. Serf: <c>EventBuffer</c>.</summary>
    public int EventBufferCount { get; init; } = 512;

    /// <summary>512. The same for queries. Serf: <c>QueryBuffer</c>.</summary>
    public int QueryBufferCount { get; init; } = 512;

    /// <summary>16. A query waits <c>GossipInterval * QueryTimeoutMult * ceil(log10(n + 1))</c>. Serf: <c>QueryTimeoutMult</c>.</summary>
    public int QueryTimeoutMult { get; init; } = 16;

    /// <summary>1024 bytes, encoded. Serf: <c>QuerySizeLimit</c>.</summary>
    public int QueryBytesMax { get; init; } = 1024;

    /// <summary>1024 bytes, encoded. Serf: <c>QueryResponseSizeLimit</c>.</summary>
    public int QueryResponseBytesMax { get; init; } = 1024;

    /// <summary>512 bytes of name and payload, and as much encoded. Serf: <c>UserEventSizeLimit</c>.</summary>
    public int UserEventBytesMax { get; init; } = 512;

    /// <summary>15 s. Between looks for members to forget. Serf: <c>ReapInterval</c>.</summary>
    public TimeSpan ReapInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>5 min. How long an intent about an unknown member is kept for its arrival. Serf: <c>RecentIntentTimeout</c>.</summary>
    public TimeSpan RecentIntentTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>30 s. Between attempts to reach a failed member. Serf: <c>ReconnectInterval</c>.</summary>
    public TimeSpan ReconnectInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>72 h. A failed member is forgotten after this long. Consul: <c>reconnect_timeout</c>.</summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromHours(72);

    /// <summary>24 h. A member that left is forgotten after this long. Serf: <c>TombstoneTimeout</c>.</summary>
    public TimeSpan TombstoneTimeout { get; init; } = TimeSpan.FromHours(24);

    /// <summary>4096. Broadcasts kept in each of Serf's queues, or twice the number of members if that is more; the oldest go first. Serf: <c>MaxQueueDepth</c>, <c>MinQueueDepth</c>.</summary>
    public int QueueDepthMin { get; init; } = 4096;

    /// <summary>128. A queue longer than this is logged. Serf: <c>QueueDepthWarning</c>.</summary>
    public int QueueDepthWarning { get; init; } = 128;

    /// <summary>30 s. Between looks at the queues. Serf: <c>QueueCheckInterval</c>.</summary>
    public TimeSpan QueueCheckInterval { get; init; } = TimeSpan.FromSeconds(30);
}
