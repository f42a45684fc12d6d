using System.Collections.Immutable;
using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Tests.Local;

/// <summary>The rules of definitions. All texts but those of later versions were printed by Consul 1.8.7.</summary>
public sealed class DefinitionTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<CheckDefinition, string?> Checks => new()
    {
        { new(), "TTL must be > 0 for TTL checks" },
        { new() { Ttl = Second }, null },
        { new() { Ttl = -Second }, "TTL must be > 0 for TTL checks" },
        { new() { Ttl = Second, Interval = Second }, "Interval and TTL cannot both be specified" },
        { new() { Ttl = Second, Http = "x" }, "Interval must be > 0 for Script, HTTP, or TCP checks" },
        { new() { Http = "x", Interval = -Second }, "Interval must be > 0 for Script, HTTP, or TCP checks" },
        { new() { Http = "x", Interval = Second, AliasService = "x" }, "Interval cannot be set for Alias checks" },
        { new() { Ttl = Second, AliasService = "x" }, "TTL must be not be set for Alias checks" },
        { new() { Interval = Second, AliasService = "x" }, null },
        { new() { AliasNode = "x" }, null },
        { new() { Ttl = Second, OutputMaxSize = -1 }, "MaxOutputMaxSize must be positive" },
        { new() { DockerContainerId = "abc", Interval = Second }, "TTL must be > 0 for TTL checks" },
        { new() { DockerContainerId = "abc", ScriptArgs = ["x"], Interval = Second }, null },
        { new() { Http = "x", Tcp = "y", Interval = Second }, null },
        { new() { Ttl = Second, SuccessBeforePassing = -3 }, null },
        { new() { Interval = Second }, "TTL must be > 0 for TTL checks" },
        { new() { Tcp = "x", Interval = Second, FailuresBeforeWarning = 2, FailuresBeforeCritical = 1 }, "FailuresBeforeWarning can't be higher than FailuresBeforeCritical" },
    };

    [Theory]
    [MemberData(nameof(Checks))]
    public void A_check_breaks_the_first_rule_that_Consul_names(CheckDefinition check, string? error)
    {
        Assert.Equal(error, check.Validate());
    }

    [Theory]
    [InlineData("docker", "docker checks are not supported by this build")]
    [InlineData("os_service", "os_service checks are not supported by this build")]
    public void Kinds_that_are_not_run_say_so(string kind, string text)
    {
        CheckDefinition check = kind == "docker"
            ? new CheckDefinition { DockerContainerId = "abc", ScriptArgs = ["x"], Interval = Second }
            : new CheckDefinition { OsService = "sshd", Interval = Second };
        Assert.Equal(kind, check.TypeName);
        Assert.Equal(text, check.Unsupported());
    }

    [Fact]
    public void Where_several_kinds_are_given_http_wins_over_tcp()
    {
        Assert.Equal("http", new CheckDefinition { Http = "x", Tcp = "y", Interval = Second }.TypeName);
    }

    [Fact]
    public void Definitions_are_equal_by_what_they_say()
    {
        CheckDefinition one = new() { Http = "x", Header = Headers("A", "1"), ScriptArgs = ["a", "b"] };
        Assert.Equal(one, new CheckDefinition { Http = "x", Header = Headers("A", "1"), ScriptArgs = ["a", "b"] });
        Assert.NotEqual(one, one with { Header = Headers("A", "2") });
        Assert.NotEqual(one, one with { ScriptArgs = ["a"] });
        Assert.NotEqual(one, one with { Timeout = Second });
        Assert.True(new CheckDefinition().IsEmpty);
        Assert.False(new CheckDefinition { ScriptArgs = ["x"] }.IsEmpty);
    }

    public static TheoryData<ServiceDefinition, string?> Services => new()
    {
        { new(), "Missing service name" },
        { new() { Name = "a", Address = "0.0.0.0" }, "Invalid service address" },
        { new() { Name = "a", Address = "::" }, "Invalid service address" },
        { new() { Name = "a", Address = "[::]" }, "Invalid service address" },
        { new() { Name = "a", Weights = new(0, 0) }, "Invalid Weights: Passing must be greater than 0" },
        { new() { Name = "a", Weights = new(1, -1) }, "Invalid Weights: Warning must be greater or equal than 0" },
        { new() { Name = "a", Weights = new(70000, 1) }, "Invalid Weights: DNS Weight must be between 0 and 65535" },
        { new() { Name = "a", Weights = new(1, 70000) }, "Invalid Weights: DNS Weight must be between 0 and 65535" },
        { new() { Name = "a", Weights = new(2, 0) }, null },
        { new() { Name = "a", Meta = Meta(("a b", "1")) }, "Invalid Service Meta: Couldn't load metadata pair ('a b', '1'): Key contains invalid characters" },
        { new() { Name = "a", Meta = Meta(("", "1")) }, "Invalid Service Meta: Couldn't load metadata pair ('', '1'): Key cannot be blank" },
        { new() { Name = "a", Meta = Meta(("consul-x", "1")) }, "Invalid Service Meta: Couldn't load metadata pair ('consul-x', '1'): Key prefix 'consul-' is reserved for internal use" },
        { new() { Name = "a", Meta = Meta((new string('k', 129), "1")) }, $"Invalid Service Meta: Couldn't load metadata pair ('{new string('k', 129)}', '1'): Key is too long (limit: 128 characters)" },
        { new() { Name = "a", Meta = Meta(("k", new string('v', 513))) }, $"Invalid Service Meta: Couldn't load metadata pair ('k', '{new string('v', 513)}'): Value is too long (limit: 512 characters)" },
        { new() { Name = "a", Meta = Meta([.. Enumerable.Range(0, 65).Select(i => ($"k{i}", ""))]) }, "Invalid Service Meta: Node metadata cannot contain more than 64 key/value pairs" },
        { new() { Name = "a", Port = -1 }, null },
        { new() { Name = "a", Kind = "bogus" }, null },
        { new() { Name = "a", Checks = [new() { Ttl = Second, Interval = Second }] }, "Invalid check: Interval and TTL cannot both be specified" },
        { new() { Name = "a", Checks = [new() { Name = "x" }] }, "Invalid check: TTL must be > 0 for TTL checks" },
        { new() { Name = "a", Checks = [new()] }, null },
        { new() { Name = "a", Checks = [new() { Ttl = Second, Status = "bad" }] }, "Status for checks must 'passing', 'warning', 'critical'" },
        { new() { Name = "a", Kind = "connect-proxy" }, "2 errors occurred:\n\t* Proxy.DestinationServiceName must be non-empty for Connect proxy services\n\t* Port must be set for a Connect proxy\n\n" },
        { new() { Name = "a", Kind = "connect-proxy", Proxy = new() { DestinationServiceName = "x" } }, "1 error occurred:\n\t* Port must be set for a Connect proxy\n\n" },
        { new() { Name = "a", Kind = "connect-proxy", Port = 1, ConnectNative = true, Proxy = new() { DestinationServiceName = "x" } }, "1 error occurred:\n\t* A Proxy cannot also be Connect Native, only typical services\n\n" },
        { new() { Name = "a", Kind = "mesh-gateway" }, "1 error occurred:\n\t* Port must be non-zero for a mesh-gateway\n\n" },
        { new() { Name = "a", Kind = "terminating-gateway" }, "1 error occurred:\n\t* Port must be non-zero for a terminating-gateway\n\n" },
        { new() { Name = "a", Kind = "ingress-gateway" }, null },
        { new() { Name = "a", Kind = "mesh-gateway", Port = 5, Proxy = new() { DestinationServiceName = "x" } }, "1 error occurred:\n\t* The Proxy.DestinationServiceName configuration is invalid for a mesh-gateway\n\n" },
    };

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_breaks_the_first_rule_that_Consul_names(ServiceDefinition service, string? error)
    {
        Assert.Equal(error, ServiceRules.Validate(service));
    }

    [Theory]
    [InlineData("1.2.3.4", "lan_ipv4,wan_ipv4")]
    [InlineData("::ffff:1.2.3.4", "lan_ipv4,wan_ipv4")]
    [InlineData("fe80::1", "lan_ipv6,wan_ipv6")]
    [InlineData("foo.bar", "")]
    [InlineData("", "")]
    public void An_address_is_copied_under_its_family(string address, string names)
    {
        ServiceDefinition service = new ServiceDefinition { Name = "a", Address = address, Port = 80 }.Normalized();
        Assert.Equal(names, string.Join(',', service.TaggedAddresses.Keys));
        Assert.All(service.TaggedAddresses.Values, a => Assert.Equal(new ServiceAddress(address, 80), a));
        Assert.Equal("a", service.Id);
    }

    [Fact]
    public void A_tagged_address_that_was_given_stays()
    {
        ServiceDefinition service = new ServiceDefinition
        {
            Name = "a",
            Address = "1.2.3.4",
            Port = 80,
            TaggedAddresses = ImmutableSortedDictionary.Create<string, ServiceAddress>(StringComparer.Ordinal).Add("lan_ipv4", new("9.9.9.9", 5)),
        }.Normalized();
        Assert.Equal(new ServiceAddress("9.9.9.9", 5), service.TaggedAddresses["lan_ipv4"]);
        Assert.Equal(new ServiceAddress("1.2.3.4", 80), service.TaggedAddresses["wan_ipv4"]);
    }

    [Fact]
    public void The_content_hash_moves_with_every_field_and_with_nothing_else()
    {
        ServiceDefinition service = new() { Id = "a", Name = "a", Tags = ["x", "y"] };
        ServiceDefinition[] others =
        [
            service with { Id = "b" }, service with { Name = "b" }, service with { Tags = ["xy"] }, service with { Tags = ["y", "x"] }, service with { Tags = ["x"] },
            service with { Address = "x" }, service with { Port = 1 }, service with { Kind = "x" }, service with { Meta = Meta(("a", "b")) }, service with { Meta = Meta(("ab", "")) },
            service with { Weights = new(2, 1) }, service with { Weights = new(1, 2) }, service with { EnableTagOverride = true }, service with { ConnectNative = true },
            service with { TaggedAddresses = service.TaggedAddresses.Add("lan", new("a", 1)) }, service with { Proxy = new() { DestinationServiceName = "x" } },
            service with { Proxy = new() { LocalServiceAddress = "x" } }, service with { Proxy = new() { ConfigJson = "{}" } },
            service with { Proxy = new() { Upstreams = [new() { DestinationName = "x" }] } }, service with { Proxy = new() { ExposePaths = [new(1, "/", 2, "http", false)] } },
        ];
        string[] hashes = [.. others.Append(service).Select(ContentHash.Of)];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(ContentHash.Of(service), ContentHash.Of(service with { Token = "t", Proxy = ProxyDefinition.Empty }));
        Assert.All(hashes, h => Assert.Matches("^[1-9a-f][0-9a-f]{0,15}$", h));
    }

    private static ImmutableSortedDictionary<string, string> Meta(params (string Key, string Value)[] pairs) =>
        pairs.ToImmutableSortedDictionary(static p => p.Key, static p => p.Value, StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> Headers(string name, string value) =>
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add(name, [value]);
}
