using System.Globalization;

namespace K8sConsul.Gossip;

/// <summary>What a member of a LAN or WAN pool says about itself as a Consul server.</summary>
public sealed record ServerParts
{
    /// <summary>The member's name; in the WAN pool with the datacenter at its end.</summary>
    public required string Name { get; init; }

    public required string Datacenter { get; init; }

    /// <summary>Node ID; empty for servers older than 0.7.3.</summary>
    public required string Id { get; init; }

    /// <summary>Gossip address with the RPC port.</summary>
    public required MemberAddress RpcAddress { get; init; }

    public required MemberStatus Status { get; init; }

    /// <summary>Consul protocol version.</summary>
    public required int Version { get; init; }

    public required Version Build { get; init; }

    /// <summary>The <c>build</c> tag as it came, <c>1.8.7:a1b2c3d4</c>.</summary>
    public required string BuildText { get; init; }

    public int RaftVersion { get; init; }

    /// <summary><c>bootstrap_expect</c>, 0 when unset.</summary>
    public int Expect { get; init; }

    public bool Bootstrap { get; init; }

    public bool NonVoter { get; init; }

    public bool UseTls { get; init; }

    public string Segment { get; init; } = string.Empty;

    /// <summary>WAN gossip port for joining by flood, 0 when the server has none. LAN pool only.</summary>
    public int WanJoinPort { get; init; }

    /// <summary>"0" off, "1" on, "2" legacy, "3" unknown.</summary>
    public string Acls { get; init; } = "3";

    /// <summary>The server stores federation states.</summary>
    public bool FederationStates { get; init; }

    public int GrpcPort { get; init; }

    public int GrpcTlsPort { get; init; }

    /// <summary><see cref="Name"/> without the datacenter that WAN names carry.</summary>
    public string ShortName =>
        Name.EndsWith("." + Datacenter, StringComparison.Ordinal) ? Name[..^(Datacenter.Length + 1)] : Name;

    /// <summary>
    /// Reads the tags of a member. Anything that does not parse makes it "not a server", silently, as in Consul: a stranger's
    /// tags must never disturb the cluster.
    /// </summary>
    public static bool TryParse(Member member, out ServerParts parts)
    {
        ArgumentNullException.ThrowIfNull(member);
        parts = null!;
        if (member.Tag("role") != ConsulTags.ServerRole
            || !TryInt(member, "port", required: true, out int port)
            || port is < 0 or > ushort.MaxValue
            || !TryInt(member, "vsn", required: true, out int version)
            || !TryInt(member, "expect", required: false, out int expect)
            || !TryInt(member, "raft_vsn", required: false, out int raftVersion)
            || !TryInt(member, "wan_join_port", required: false, out int wanJoinPort)
            || !TryFeature(member, "ft_fs", out bool federationStates)
            || !TryFeature(member, "ft_si", out _)
            || !ConsulBuild.TryParse(member.Tag("build"), out Version build)
            || !TryGrpcPorts(member, out int grpcPort, out int grpcTlsPort))
        {
            return false;
        }

        parts = new ServerParts
        {
            Name = member.Name,
            Datacenter = member.Tag("dc"),
            Id = member.Tag("id"),
            RpcAddress = new MemberAddress(member.Ip, (ushort)port),
            Status = member.Status,
            Version = version,
            Build = build,
            BuildText = member.Tag("build"),
            RaftVersion = raftVersion,
            Expect = expect,
            Bootstrap = member.Tags.ContainsKey("bootstrap"),
            NonVoter = member.Tags.ContainsKey("nonvoter") || member.Tags.ContainsKey("read_replica"),
            UseTls = member.Tags.ContainsKey("use_tls"),
            Segment = member.Tag("segment"),
            WanJoinPort = wanJoinPort,
            Acls = member.Tags.GetValueOrDefault("acls", "3"),
            FederationStates = federationStates,
            GrpcPort = grpcPort,
            GrpcTlsPort = grpcTlsPort,
        };
        return true;
    }

    private static bool TryInt(Member member, string tag, bool required, out int value)
    {
        value = 0;
        return member.Tags.TryGetValue(tag, out string? text)
            ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            : !required;
    }

    private static bool TryFeature(Member member, string tag, out bool enabled)
    {
        bool read = TryInt(member, tag, required: false, out int value);
        enabled = value == 1;
        return read;
    }

    private static bool TryGrpcPorts(Member member, out int grpcPort, out int grpcTlsPort)
    {
        grpcTlsPort = 0;
        if (!TryInt(member, "grpc_port", required: false, out grpcPort)
            || !TryInt(member, "grpc_tls_port", required: false, out grpcTlsPort))
        {
            return false;
        }

        bool announced = member.Tags.ContainsKey("grpc_port") || member.Tags.ContainsKey("grpc_tls_port");
        return !announced || grpcPort >= 1 || grpcTlsPort >= 1;
    }
}
