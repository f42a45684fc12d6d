using K8sConsul.Agent.Dns;
using K8sConsul.Dns;

namespace K8sConsul.Agent.Tests.Dns;

/// <summary>The pure rules: names, recursors' addresses, times, addresses.</summary>
public sealed class DnsRulesTests
{
    [Theory]
    [InlineData("foo.node", RRType.A, "Node foo")]
    [InlineData("foo.bar.node", RRType.A, "Node foo.bar")]
    [InlineData("foo.node.dc2", RRType.A, "Node foo dc=dc2")]
    [InlineData("foo.node.a.b", RRType.A, "Unknown ")]
    [InlineData("node", RRType.A, "Unknown ")]
    [InlineData("db.service", RRType.A, "Service db")]
    [InlineData("t.1.db.service", RRType.A, "Service db tag=t.1")]
    [InlineData("_db._tcp.service", RRType.Srv, "Service db")]
    [InlineData("_db._v1.service.dc2", RRType.A, "Service db tag=v1 dc=dc2")]
    [InlineData("_db._udp", RRType.Srv, "Service db tag=udp")]
    [InlineData("_db._tcp", RRType.A, "Unknown ")]
    [InlineData("_db", RRType.Srv, "Service _db")]
    [InlineData("x._db._tcp.service", RRType.Srv, "Service _tcp tag=x._db")]
    [InlineData("_db.service", RRType.Srv, "Service _db")]
    [InlineData("service.service", RRType.A, "Service service")]
    [InlineData("db.service.node", RRType.A, "Node db.service")]
    [InlineData("x.y.db.connect", RRType.A, "Connect db")]
    [InlineData("db.ingress.dc1", RRType.A, "Ingress db dc=dc1")]
    [InlineData("my.query.query", RRType.A, "PreparedQuery my.query")]
    [InlineData("0a000001.addr.x.y", RRType.A, "Address  10.0.0.1")]
    [InlineData("0a00000g.addr", RRType.A, "Unknown ")]
    [InlineData("0a.addr", RRType.A, "NoAddress ")]
    [InlineData("db.virtual", RRType.A, "Unknown ")]
    [InlineData("", RRType.A, "Unknown ")]
    public void Names_mean_what_they_mean_to_Consul(string name, RRType type, string expected)
    {
        QuestionTarget target = QuestionTarget.Parse(name.Length == 0 ? [] : name.Split('.'), type);
        string actual = $"{target.Kind} {target.Name}"
            + (target.Tag.Length > 0 ? $" tag={target.Tag}" : "")
            + (target.Datacenter.Length > 0 ? $" dc={target.Datacenter}" : "")
            + (target.Address is { } address ? $" {address}" : "");
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("8.8.8.8", "8.8.8.8:53")]
    [InlineData("8.8.8.8:5353", "8.8.8.8:5353")]
    [InlineData("::1", "[::1]:53")]
    [InlineData("[::1]", "[::1]:53")]
    [InlineData("[::1]:5353", "[::1]:5353")]
    [InlineData("dns.example:53", "Unspecified/dns.example:53")]
    [InlineData("dns.example", "Unspecified/dns.example:53")]
    [InlineData("8.8.8.8:0", null)]
    [InlineData("8.8.8.8:x", null)]
    [InlineData("8.8.8.8:65536", null)]
    [InlineData("[::1", null)]
    [InlineData("a b", null)]
    [InlineData("", null)]
    public void Recursors_are_addresses_with_or_without_a_port(string text, string? expected)
    {
        Assert.Equal(expected is not null, RecursorAddress.TryParse(text, out System.Net.EndPoint? recursor));
        Assert.Equal(expected, recursor?.ToString());
    }

    [Fact]
    public void Unusable_options_are_refused_by_name()
    {
        Assert.False(DnsConfiguration.TryCreate(new DnsOptions { Recursors = ["x y"] }, out _, out string? error));
        Assert.Equal("Invalid recursor address: x y", error);
        Assert.False(DnsConfiguration.TryCreate(new DnsOptions { Domain = "a..b" }, out _, out error));
        Assert.Equal("Invalid domain: \"a..b\"", error);
        Assert.False(DnsConfiguration.TryCreate(new DnsOptions { Domain = "." }, out _, out _));
    }

    [Fact]
    public void Recursors_given_twice_are_asked_once()
        => Assert.Single(OurDns.Configure(new DnsOptions { Recursors = ["8.8.8.8", "8.8.8.8:53"] }).Recursors);

    [Theory]
    [InlineData("db", 5)]
    [InlineData("db-master", 60)]
    [InlineData("dbx", 7)]
    [InlineData("d", 1)]
    [InlineData("", 1)]
    public void Service_times_go_by_name_then_longest_prefix(string service, uint seconds)
    {
        DnsConfiguration configuration = OurDns.Configure(new DnsOptions
        {
            ServiceTtl = new Dictionary<string, TimeSpan>
            {
                ["*"] = TimeSpan.FromSeconds(1),
                ["db*"] = TimeSpan.FromSeconds(7.9),
                ["db-*"] = TimeSpan.FromMinutes(1),
                ["db"] = TimeSpan.FromSeconds(5),
            },
        });
        Assert.Equal(seconds, configuration.ServiceTtl(service));
        Assert.Equal(0u, OurDns.Configure(new DnsOptions()).ServiceTtl(service));
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("1", false)]
    [InlineData("1.2.3", false)]
    [InlineData("0x7f.0.0.1", false)]
    [InlineData("10.0.0.256", false)]
    [InlineData("www.example.com", false)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("", false)]
    public void Addresses_are_what_Go_takes_for_them(string text, bool isAddress)
        => Assert.Equal(isAddress, AnswerBuilder.ParseAddress(text) is not null);
}
