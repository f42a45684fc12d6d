using System.Collections.Immutable;
using System.Net;
using K8sConsul.Gossip;

namespace K8sConsul.Server.Tests.Support;

/// <summary>Members of gossip pools as real agents announce themselves.</summary>
internal static class Members
{
    public static Member Client(string name, string ip, MemberStatus status = MemberStatus.Alive, string datacenter = "dc1", string? id = null) =>
        Make(name, ip, status, Tags(datacenter, id ?? $"id-{name}").ForClient());

    public static Member Server(
        string name,
        string ip,
        MemberStatus status = MemberStatus.Alive,
        string datacenter = "dc1",
        string? id = null,
        int port = 8300,
        bool bootstrap = false,
        int expect = 0,
        bool nonVoter = false) =>
        Make(name, ip, status, Tags(datacenter, id ?? $"id-{name}").ForServer(port, bootstrap, expect, wanJoinPort: 8302, nonVoter));

    public static Member Foreign(string name, string ip) => Make(name, ip, MemberStatus.Alive, ImmutableSortedDictionary<string, string>.Empty.Add("role", "web"));

    public static MemberList List(params Member[] members) => MemberList.From((ulong)Random.Shared.NextInt64(), members);

    private static Member Make(string name, string ip, MemberStatus status, ImmutableSortedDictionary<string, string> tags) => new()
    {
        Name = name,
        Address = new MemberAddress(IPAddress.Parse(ip), 8301),
        Tags = tags,
        Status = status,
        ProtocolMin = 1,
        ProtocolMax = 5,
        ProtocolCur = 2,
    };

    private static ConsulTags Tags(string datacenter, string id) => new() { Datacenter = datacenter, NodeId = id, Build = "1.8.7:" };
}
