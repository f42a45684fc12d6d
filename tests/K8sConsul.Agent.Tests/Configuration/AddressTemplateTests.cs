using K8sConsul.Addresses;

namespace K8sConsul.Agent.Tests.Configuration;

public sealed class AddressTemplateTests
{
    private static readonly FakeMachine _machine = new FakeMachine { Default = "eth1" }
        .With("lo", "127.0.0.1/8", InterfaceFlags.Up | InterfaceFlags.Loopback)
        .With("lo", "::1/128", InterfaceFlags.Up | InterfaceFlags.Loopback)
        .With("eth0", "10.1.2.3/16")
        .With("eth0", "fe80::1/64")
        .With("eth1", "192.168.7.9/24")
        .With("eth1", "8.8.4.4/29")
        .With("eth1", "2600::5/64")
        .With("eth2", "172.16.0.1/12", InterfaceFlags.Broadcast)
        .With("tun0", "100.64.1.1/10", InterfaceFlags.Up | InterfaceFlags.PointToPoint);

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("", "")]
    [InlineData("{{ GetPrivateIP }}", "192.168.7.9")]
    [InlineData("{{GetPrivateIP}}", "192.168.7.9")]
    [InlineData("{{ GetPrivateIPs }}", "100.64.1.1 172.16.0.1 10.1.2.3 192.168.7.9")]
    [InlineData("{{ GetPublicIP }}", "8.8.4.4")]
    [InlineData("{{ GetPublicIPs }}", "8.8.4.4 2600::5")]
    [InlineData("{{ GetInterfaceIP \"eth0\" }}", "10.1.2.3")]
    [InlineData("{{ GetInterfaceIP \"lo\" }}", "")]
    [InlineData("{{ GetInterfaceIP \"none\" }}", "")]
    [InlineData("{{ GetInterfaceIPs \"eth[01]\" }}", "10.1.2.3 192.168.7.9 8.8.4.4 fe80::1 2600::5")]
    [InlineData("{{ GetInterfaceIPs `lo` }}", "127.0.0.1 ::1")]
    [InlineData("a{{ GetPrivateIP }}b{{ \"c\" }}", "a192.168.7.9bc")]
    [InlineData("{{GetAllInterfaces | attr \"address\"}}", "127.0.0.1")]
    [InlineData("{{GetAllInterfaces | join \"name\" \",\"}}", "lo,lo,eth0,eth0,eth1,eth1,eth1,eth2,tun0")]
    [InlineData("{{GetDefaultInterfaces | join \"address\" \" \"}}", "192.168.7.9 8.8.4.4 2600::5")]
    [InlineData("{{GetPrivateInterfaces | join \"address\" \" \"}}", "192.168.7.9 100.64.1.1 10.1.2.3")]
    [InlineData("{{GetPublicInterfaces | join \"address\" \" \"}}", "8.8.4.4 2600::5")]
    [InlineData("{{GetAllInterfaces | include \"name\" \"eth0\" | include \"type\" \"ipv6\" | attr \"address\"}}", "fe80::1")]
    [InlineData("{{GetAllInterfaces | include \"type\" \"IPv4|IPv6\" | exclude \"name\" \"eth|lo\" | attr \"address\"}}", "100.64.1.1")]
    [InlineData("{{GetAllInterfaces | include \"flags\" \"loopback\" | join \"address\" \" \"}}", "127.0.0.1 ::1")]
    [InlineData("{{GetAllInterfaces | include \"flag\" \"up|point-to-point\" | join \"address\" \" \"}}", "100.64.1.1")]
    [InlineData("{{GetAllInterfaces | exclude \"flags\" \"up\" | join \"address\" \" \"}}", "172.16.0.1")]
    [InlineData("{{GetAllInterfaces | include \"flags\" \"link-local unicast\" | join \"address\" \" \"}}", "fe80::1")]
    [InlineData("{{GetAllInterfaces | include \"flags\" \"forwardable\" | exclude \"rfc\" \"6890\" | attr \"address\"}}", "8.8.4.4")]
    [InlineData("{{GetAllInterfaces | include \"network\" \"10.0.0.0/8|192.168.0.0/16\" | join \"address\" \" \"}}", "10.1.2.3 192.168.7.9")]
    [InlineData("{{GetAllInterfaces | include \"rfc\" \"1918\" | join \"address\" \" \"}}", "10.1.2.3 192.168.7.9 172.16.0.1")]
    [InlineData("{{GetAllInterfaces | include \"size\" \"24\" | attr \"address\"}}", "192.168.7.9")]
    [InlineData("{{GetAllInterfaces | include \"address\" \"^8\\\\.\" | attr \"address\"}}", "8.8.4.4")]
    [InlineData("{{GetAllInterfaces | include \"port\" \"1\" | join \"address\" \" \"}}", "")]
    [InlineData("{{GetAllInterfaces | include \"type\" \"ipv4\" | sort \"-size\" | limit 2 | join \"address\" \" \"}}", "8.8.4.4 192.168.7.9")]
    [InlineData("{{GetAllInterfaces | include \"type\" \"ipv4\" | sort \"+address\" | limit 2 | join \"address\" \" \"}}", "8.8.4.4 10.1.2.3")]
    [InlineData("{{GetAllInterfaces | sort \"default,-type\" | attr \"address\"}}", "2600::5")]
    [InlineData("{{GetAllInterfaces | sort \"private,-address\" | offset -2 | join \"address\" \" \"}}", "8.8.4.4 2600::5")]
    [InlineData("{{GetAllInterfaces | sort \"-name\" | unique \"name\" | join \"name\" \" \"}}", "tun0 lo eth2 eth1 eth0")]
    [InlineData("{{GetAllInterfaces | offset 8 | attr \"name\"}}", "tun0")]
    [InlineData("{{GetAllInterfaces | limit 0 | attr \"name\"}}", "")]
    [InlineData("{{GetPrivateInterfaces | attr \"netmask\"}} {{GetPrivateInterfaces | attr \"network\"}}", "255.255.255.0 192.168.7.0")]
    [InlineData("{{GetPrivateInterfaces | attr \"broadcast\"}} {{GetPrivateInterfaces | attr \"size\"}}", "192.168.7.255 256")]
    [InlineData("{{GetPrivateInterfaces | attr \"first_usable\"}} {{GetPrivateInterfaces | attr \"last_usable\"}}", "192.168.7.1 192.168.7.254")]
    [InlineData("{{GetPrivateInterfaces | attr \"flags\"}} {{GetPrivateInterfaces | attr \"type\"}}", "up|broadcast|multicast IPv4")]
    [InlineData("{{GetPrivateInterfaces | attr \"mask_bits\"}} {{GetPrivateInterfaces | attr \"string\"}}", "24 192.168.7.9/24")]
    [InlineData("{{GetPrivateInterfaces | attr \"hex\"}} {{GetPrivateInterfaces | attr \"uint32\"}}", "c0a80709 3232237321")]
    [InlineData("{{GetPrivateInterfaces | math \"address\" \"+5\" | attr \"address\"}}", "192.168.7.14")]
    [InlineData("{{GetPrivateInterfaces | math \"address\" \"-10\" | attr \"address\"}}", "192.168.6.255")]
    [InlineData("{{GetPrivateInterfaces | math \"network\" \"+5\" | attr \"address\"}}", "192.168.7.5")]
    [InlineData("{{GetPrivateInterfaces | math \"network\" \"-1\" | attr \"address\"}}", "192.168.7.255")]
    [InlineData("{{GetPrivateInterfaces | math \"mask\" \"16\" | attr \"string\"}}", "192.168.0.0/16")]
    [InlineData("{{ (GetAllInterfaces | limit 1) | attr \"name\" }}", "lo")]
    [InlineData("{{ GetInterfaceIP (\"eth0\") }}", "10.1.2.3")]
    [InlineData("a {{- \"b\" -}} c", "abc")]
    [InlineData("a{{/* no */}}b", "ab")]
    [InlineData("{{ 5 }}", "5")]
    public void Templates_expand(string template, string expected)
    {
        bool expands = new AddressTemplate(_machine).TryExpand(template, out string expanded, out string error);
        Assert.True(expands, error);
        Assert.Equal(expected, expanded);
    }

    /// <summary>The texts came from the real program.</summary>
    [Theory]
    [InlineData("x{{ zz }}", "unable to parse template \"x{{ zz }}\": template: sockaddr.Parse:1: function \"zz\" not defined")]
    [InlineData("x{{ GetPrivateIP", "unable to parse template \"x{{ GetPrivateIP\": template: sockaddr.Parse:1: unclosed action")]
    [InlineData("x{{}}", "unable to parse template \"x{{}}\": template: sockaddr.Parse:1: missing value for command")]
    [InlineData(
        "x{{ GetInterfaceIP }}",
        "unable to execute sockaddr input \"x{{ GetInterfaceIP }}\": template: sockaddr.Parse:1:4: executing \"sockaddr.Parse\" at "
        + "<GetInterfaceIP>: wrong number of args for GetInterfaceIP: want 1 got 0")]
    [InlineData(
        "x{{GetAllInterfaces | attr \"zz\"}}",
        "unable to execute sockaddr input \"x{{GetAllInterfaces | attr \\\"zz\\\"}}\": template: sockaddr.Parse:1:22: executing "
        + "\"sockaddr.Parse\" at <attr \"zz\">: error calling attr: unsupported attribute name \"zz\"")]
    public void Wrong_templates_are_told(string template, string expected)
    {
        Assert.False(new AddressTemplate(_machine).TryExpand(template, out string expanded, out string error));
        Assert.Equal(expected, error);
        Assert.Empty(expanded);
    }

    [Theory]
    [InlineData("{{ \"a }}")]
    [InlineData("{{ ( GetAllInterfaces }}")]
    [InlineData("{{ GetAllInterfaces ) }}")]
    [InlineData("{{ | attr }}")]
    [InlineData("{{ \"a\" \"b\" }}")]
    [InlineData("{{ GetPrivateIP | GetPrivateIP }}")]
    [InlineData("{{ \"a\" | attr \"name\" }}")]
    [InlineData("{{ GetAllInterfaces | limit \"1\" }}")]
    [InlineData("{{ GetAllInterfaces | limit -1 }}")]
    [InlineData("{{ GetAllInterfaces | offset 99 }}")]
    [InlineData("{{ GetAllInterfaces | math \"address\" \"5\" }}")]
    [InlineData("{{ GetAllInterfaces | include \"rfc\" \"1\" }}")]
    [InlineData("{{ GetAllInterfaces | include \"flags\" \"zz\" }}")]
    [InlineData("{{ GetAllInterfaces | include \"network\" \"zz\" }}")]
    [InlineData("{{ GetAllInterfaces | include \"name\" \"[\" }}")]
    [InlineData("{{ GetAllInterfaces | include \"size\" \"33\" }}")]
    [InlineData("{{ /* open }}")]
    [InlineData("{{ 5x }}")]
    [InlineData("{{ . }}")]
    public void Other_wrong_templates_are_refused(string template)
    {
        Assert.False(new AddressTemplate(_machine).TryExpand(template, out _, out string error));
        Assert.StartsWith("unable to ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_default_route_there_are_no_default_interfaces()
    {
        var alone = new FakeMachine().With("eth0", "10.0.0.1/8");
        Assert.False(new AddressTemplate(alone).TryExpand("{{ GetDefaultInterfaces | attr \"name\" }}", out _, out string error));
        Assert.EndsWith("error calling GetDefaultInterfaces: No default interface found", error, StringComparison.Ordinal);
        Assert.True(new AddressTemplate(alone).TryExpand("{{ GetPrivateIP }}", out string address, out _));
        Assert.Equal("10.0.0.1", address);
    }

    [Fact]
    public void Random_templates_expand_or_are_refused()
    {
        string[] pieces =
        [
            "{{", "}}", " ", "|", "(", ")", "\"", "`", "GetAllInterfaces", "attr", "\"name\"", "limit", "1", "-", "/*", "*/", "x", "sort",
            "GetPrivateIP", "\\", "join", "\n",
        ];
        var random = new Random(21);
        var template = new AddressTemplate(_machine);
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(0, 14)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.Equal(template.TryExpand(text, out _, out string error), error.Length == 0);
        }
    }

    /// <summary>This machine's own interfaces can be read, and the loopback is among them.</summary>
    [Fact]
    public void The_system_s_interfaces_are_read()
    {
        IReadOnlyList<InterfaceAddress> addresses = new SystemNetworkInterfaces().Addresses();
        InterfaceAddress loopback = Assert.Single(addresses, address => address.Address.Equals(System.Net.IPAddress.Loopback));
        Assert.Equal(8, loopback.PrefixLength);
        Assert.Equal(InterfaceFlags.Up | InterfaceFlags.Loopback, loopback.Flags);
    }
}
