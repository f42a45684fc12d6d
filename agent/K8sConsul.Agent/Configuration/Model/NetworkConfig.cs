using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace K8sConsul.Agent.Configuration;

/// <summary>Where a client service listens: an address with a port, or a unix socket.</summary>
public sealed record ClientEndpoint
{
    private ClientEndpoint(IPEndPoint? address, string socketPath)
    {
        Address = address;
        SocketPath = socketPath;
    }

    /// <summary>Null for a unix socket.</summary>
    public IPEndPoint? Address { get; }

    /// <summary>Empty for an address.</summary>
    public string SocketPath { get; }

    public bool IsUnixSocket => Address is null;

    public static ClientEndpoint Of(IPAddress address, int port)
    {
        return new ClientEndpoint(new IPEndPoint(address, port), string.Empty);
    }

    public static ClientEndpoint Unix(string path)
    {
        return new ClientEndpoint(null, path);
    }

    public override string ToString()
    {
        return Address?.ToString() ?? SocketPath;
    }
}

/// <summary>A TCP address as Go prints it; the port may be -1, which no socket takes.</summary>
public readonly record struct ClusterEndpoint(IPAddress Address, int Port)
{
    /// <summary>For a socket.</summary>
    public IPEndPoint ToEndPoint()
    {
        return new IPEndPoint(Address, Port);
    }

    public override string ToString()
    {
        string host = Address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Address}]" : Address.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"{host}:{Port}");
    }
}

public sealed record AddressConfig
{
    public required IPAddress Bind { get; init; }

    /// <summary>What other agents use in the datacenter; never an "any" address.</summary>
    public required IPAddress AdvertiseLan { get; init; }

    public required IPAddress AdvertiseWan { get; init; }

    public required ClusterEndpoint RpcBind { get; init; }

    public required ClusterEndpoint RpcAdvertise { get; init; }

    public required ClusterEndpoint SerfLanBind { get; init; }

    public required ClusterEndpoint SerfLanAdvertise { get; init; }

    /// <summary>Null where the WAN pool is switched off.</summary>
    public required ClusterEndpoint? SerfWanBind { get; init; }

    public required ClusterEndpoint? SerfWanAdvertise { get; init; }

    public required IReadOnlyList<IPAddress> Client { get; init; }

    /// <summary>Both UDP and TCP.</summary>
    public required IReadOnlyList<IPEndPoint> Dns { get; init; }

    public required IReadOnlyList<ClientEndpoint> Http { get; init; }

    /// <summary>lan, lan_ipv4 or lan_ipv6, wan, and the user's own.</summary>
    public required IReadOnlyDictionary<string, string> Tagged { get; init; }

    public required bool TranslateWan { get; init; }

    /// <summary>Null allows every network, an empty list none.</summary>
    public required IReadOnlyList<IPNetwork>? SerfLanAllowed { get; init; }

    public required IReadOnlyList<IPNetwork>? SerfWanAllowed { get; init; }
}

/// <summary>-1 is "off".</summary>
public sealed record PortConfig
{
    public required int Dns { get; init; }

    public required int Http { get; init; }

    public required int Https { get; init; }

    public required int Grpc { get; init; }

    public required int SerfLan { get; init; }

    public required int SerfWan { get; init; }

    public required int Server { get; init; }

    public required int SidecarMin { get; init; }

    public required int SidecarMax { get; init; }

    public required int ExposeMin { get; init; }

    public required int ExposeMax { get; init; }
}

public sealed record GossipConfig
{
    public required GossipTiming Lan { get; init; }

    public required GossipTiming Wan { get; init; }

    /// <summary>16, 24 or 32 bytes (which the keyring checks); empty leaves gossip in the clear.</summary>
    public required ReadOnlyMemory<byte> EncryptKey { get; init; }

    public required bool VerifyIncoming { get; init; }

    public required bool VerifyOutgoing { get; init; }

    public required bool DisableKeyringFile { get; init; }

    public required TimeSpan ReconnectTimeoutLan { get; init; }

    public required TimeSpan ReconnectTimeoutWan { get; init; }

    public required bool DisableCoordinates { get; init; }
}

public sealed record GossipTiming
{
    public required TimeSpan GossipInterval { get; init; }

    public required int GossipNodes { get; init; }

    public required TimeSpan ProbeInterval { get; init; }

    public required TimeSpan ProbeTimeout { get; init; }

    public required int SuspicionMultiplier { get; init; }

    public required int RetransmitMultiplier { get; init; }
}
