using System.Net;
using K8sConsul.Gossip;

namespace K8sConsul.Agent.Membership;

/// <summary>Everything one gossip pool (LAN or WAN) is started with. Values do not change while the pool runs, except the tags.</summary>
public sealed record GossipPoolOptions
{
    /// <summary>Our name, unique in the pool: the node name in the LAN pool, <c>node.datacenter</c> in the WAN pool.</summary>
    public required string Name { get; init; }

    /// <summary>Used in log lines and metrics only: <c>lan</c> or <c>wan</c>.</summary>
    public string Pool { get; init; } = "lan";

    /// <summary>Where UDP and TCP listen. <see cref="IPAddress.Any"/> takes IPv4, <see cref="IPAddress.IPv6Any"/> both. Consul: <c>serf_lan</c>, <c>serf_wan</c>.</summary>
    public IPAddress BindAddress { get; init; } = IPAddress.Any;

    /// <summary>8301 (WAN 8302), one number for UDP and TCP; 0 takes any free one, which <see cref="GossipPool.LocalMember"/> then tells.</summary>
    public ushort BindPort { get; init; } = 8301;

    /// <summary>What peers are told to talk to. Null: the bind address, which must then not be a wildcard. Consul: <c>advertise_addr</c>.</summary>
    public IPAddress? AdvertiseAddress { get; init; }

    /// <summary>Null: the port that was bound.</summary>
    public ushort? AdvertisePort { get; init; }

    /// <summary>What we say about ourselves; see <see cref="ConsulTags"/>. At most 512 bytes encoded.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = GossipTags.Empty;

    /// <summary>Timing, limits and protocol; begin from <see cref="GossipOptions.Lan"/>, <see cref="GossipOptions.Wan"/> or <see cref="GossipOptions.Dev"/>.</summary>
    public GossipOptions Gossip { get; init; } = GossipOptions.Lan;

    /// <summary>
    /// 16, 24 or 32 bytes: encrypt with this key. Only begins the keyring: an existing <see cref="KeyringFile"/> wins. Consul: <c>encrypt</c>.
    /// </summary>
    public ReadOnlyMemory<byte> EncryptKey { get; init; }

    /// <summary>JSON list of base64 keys, the primary first, mode 0600. Null keeps the ring in memory only (Consul: <c>disable_keyring_file</c>).</summary>
    public string? KeyringFile { get; init; }

    /// <summary>Remembers the members between runs, so that a restarted agent finds its pool again. Null for none (<c>-dev</c>).</summary>
    public string? SnapshotFile { get; init; }

    /// <summary>False: after a graceful leave the snapshot is not used to rejoin. Consul: <c>rejoin_after_leave</c>.</summary>
    public bool RejoinAfterLeave { get; init; }

    /// <summary>Null or empty: every address may join. Otherwise only those inside one of the networks. Consul: <c>serf_lan_allowed_cidrs</c>.</summary>
    public IReadOnlyList<IPNetwork>? AllowedCidrs { get; init; }

    /// <summary>Null accepts every member; see <see cref="ConsulMergeRules"/>.</summary>
    public MergeRule? MergeRule { get; init; }
}
