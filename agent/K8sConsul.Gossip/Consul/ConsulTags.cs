using System.Collections.Immutable;
using System.Globalization;
using K8sConsul.Go;

namespace K8sConsul.Gossip;

/// <summary>
/// The tags with which a Consul 1.8 agent describes itself to its pools. The order and the set are those of the real agent:
/// other members decide by them whether we are a server.
/// </summary>
public sealed record ConsulTags
{
    public const string ServerRole = "consul";
    public const string ClientRole = "node";

    public required string Datacenter { get; init; }

    /// <summary>Node ID, a UUID.</summary>
    public required string NodeId { get; init; }

    /// <summary>Version, optional metadata and revision: <c>1.8.7:</c> or <c>1.8.7:a1b2c3d4</c>.</summary>
    public required string Build { get; init; }

    /// <summary>"0" off, "1" on, "2" legacy, "3" unknown.</summary>
    public string Acls { get; init; } = "0";

    /// <summary>Other members connect to the RPC port with TLS.</summary>
    public bool UseTls { get; init; }

    /// <summary>How long other members keep us after we failed; null leaves it to them. Consul: <c>advertise_reconnect_timeout</c>.</summary>
    public TimeSpan? ReconnectTimeout { get; init; }

    /// <summary>Tags of a client agent.</summary>
    public ImmutableSortedDictionary<string, string> ForClient()
    {
        ImmutableSortedDictionary<string, string>.Builder tags = Common(ClientRole);
        if (ReconnectTimeout is { } timeout)
        {
            tags["rc_tm"] = GoDuration.Format(timeout);
        }

        return tags.ToImmutable();
    }

    /// <summary>Tags of a server.</summary>
    /// <param name="rpcPort">Server RPC port.</param>
    /// <param name="bootstrap">The server may elect itself; set for <c>bootstrap_expect = 1</c> as well.</param>
    /// <param name="expect"><c>bootstrap_expect</c>; announced when above 1.</param>
    /// <param name="wanJoinPort">WAN gossip port, LAN pool only; 0 leaves it out.</param>
    /// <param name="nonVoter">A read replica.</param>
    public ImmutableSortedDictionary<string, string> ForServer(int rpcPort, bool bootstrap, int expect, int wanJoinPort, bool nonVoter = false)
    {
        ImmutableSortedDictionary<string, string>.Builder tags = Common(ServerRole);
        tags["port"] = rpcPort.ToString(CultureInfo.InvariantCulture);
        tags["raft_vsn"] = "3";
        tags["ft_fs"] = "1";
        if (bootstrap)
        {
            tags["bootstrap"] = "1";
        }

        if (expect > 1)
        {
            tags["expect"] = expect.ToString(CultureInfo.InvariantCulture);
        }

        if (wanJoinPort > 0)
        {
            tags["wan_join_port"] = wanJoinPort.ToString(CultureInfo.InvariantCulture);
        }

        if (nonVoter)
        {
            tags["nonvoter"] = "1";
        }

        if (UseTls)
        {
            tags["use_tls"] = "1";
        }

        return tags.ToImmutable();
    }

    private ImmutableSortedDictionary<string, string>.Builder Common(string role)
    {
        ImmutableSortedDictionary<string, string>.Builder tags = GossipTags.Empty.ToBuilder();
        tags["role"] = role;
        tags["dc"] = Datacenter;
        tags["segment"] = string.Empty;
        tags["id"] = NodeId;
        tags["vsn"] = "2";
        tags["vsn_min"] = "2";
        tags["vsn_max"] = "3";
        tags["build"] = Build;
        tags["acls"] = Acls;
        return tags;
    }
}
