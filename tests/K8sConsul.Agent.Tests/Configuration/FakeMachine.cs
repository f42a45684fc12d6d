using System.Net;
using K8sConsul.Agent.Configuration;
using K8sConsul.Addresses;

namespace K8sConsul.Agent.Tests.Configuration;

/// <summary>A machine with the interfaces a test wants.</summary>
internal sealed class FakeMachine : INetworkInterfaces
{
    private readonly List<InterfaceAddress> _addresses = [];

    public string? Default { get; set; }

    /// <summary>The machine on which the recorded texts came up, as far as they depend on it.</summary>
    public static FakeMachine Usual()
    {
        return new FakeMachine { Default = "eth0" }
            .With("lo", "127.0.0.1/8", InterfaceFlags.Up | InterfaceFlags.Loopback)
            .With("lo", "::1/128", InterfaceFlags.Up | InterfaceFlags.Loopback)
            .With("eth0", "192.0.2.2/24")
            .With("eth0", "fd00::2/64")
            .With("eth0", "fe80::fc:ff:fe00:1/64");
    }

    public FakeMachine With(
        string name, string network, InterfaceFlags flags = InterfaceFlags.Up | InterfaceFlags.Broadcast | InterfaceFlags.Multicast)
    {
        string[] parts = network.Split('/');
        _addresses.Add(new InterfaceAddress(
            name, flags, IPAddress.Parse(parts[0]), int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)));
        return this;
    }

    public ConfigHost AsHost()
    {
        return new ConfigHost { Interfaces = this, HostName = "host1", OpenFilesMax = 20_000 };
    }

    public IReadOnlyList<InterfaceAddress> Addresses()
    {
        return _addresses;
    }

    public string? DefaultInterface()
    {
        return Default;
    }
}
