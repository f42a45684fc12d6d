using System.Text;
using K8sConsul.Agent.Dns;
using K8sConsul.Dns;
using K8sConsul.Testing;

namespace K8sConsul.Agent.Tests.Dns;

/// <summary>Our server and a real agent, with the same data and settings, give the same replies: flags, records, times, sizes.</summary>
public sealed class DnsConformanceTests
{
    private static readonly string[] s_names =
    [
        "foo.node.consul", "foo.node.dc1.consul", "FOO.Node.DC1.Consul", "foo.node.dc2.consul", "foo.node.dc1.x.consul",
        "upper.node.node.consul", "six.node.consul", "dual.node.consul", "dual2.node.consul", "ext.node.consul", "alias.node.consul",
        "loop.node.consul", "under_score.node.consul", "sick.node.consul", "n1.node.consul", "nope.node.consul", "node.consul", "m10.node.consul",
        "db.service.consul", "db.service.dc1.consul", "db.service.dc2.consul", "DB.SERVICE.CONSUL", "primary.db.service.consul",
        "nope.db.service.consul", "_db._primary.service.consul", "_db._tcp.service.consul", "_db._udp.service.consul", "_db._tcp.consul",
        "_db._v1.consul", "_db._tcp.dc1.consul", "_db._tcp.dc9.consul", "_db.service.consul", "_x._db._tcp.service.consul",
        "tagup.mixedcase.service.consul", "t.1.MixedCase.service.consul", "six.service.consul", "mixed.service.consul",
        "dual.service.consul", "duals.service.consul", "extsvc.service.consul", "aliased.service.consul", "cn.service.consul",
        "both.service.consul", "loop.service.consul", "selfy.service.consul", "twice.service.consul", "same.service.consul",
        "under_score.service.consul", "onsick.service.consul", "nope.service.consul", "service.consul", "consul.service.consul",
        "db.connect.consul", "x.db.connect.consul", "db.connect.dc1.consul", "nope.connect.consul", "_db._tcp.connect.consul",
        "connect.consul", "db.ingress.consul", "ingress.consul", "db.virtual.consul", "db-proxy.service.consul",
        "pq.query.consul", "dotted.name.query.consul", "pq.query.dc1.consul", "pq.query.dc2.consul", "empty.query.consul",
        "nope.query.consul", "_pq._tcp.query.consul", "query.consul",
        "0a000001.addr.consul", "0A000001.ADDR.dc1.consul", "0a000001.addr.x.y.consul", "fd000000000000000000000000000005.addr.consul",
        "0a00000g.addr.consul", "0a0000011.addr.consul", "0a.addr.consul", "x.0a000001.addr.consul", "addr.consul",
        "consul", "foo.consul", "dc1.consul", "a.b.c.d.consul", "db.service.node.consul", "node.db.service.consul",
        "1.0.0.10.in-addr.arpa", "2.9.9.10.in-addr.arpa", "99.0.0.10.in-addr.arpa", "0.10.in-addr.arpa", "arpa", "in-addr.arpa",
        "6.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa", "1.0.0.127.IN-ADDR.arpa", "x.1.0.0.10.in-addr.arpa",
        "9.0.18.198.in-addr.arpa", "www.example.com", "notconsul", "xconsul", ".", "consul.example.com",
    ];

    private static readonly string[] s_namesWithChoice = ["many.service.consul", "many.service.dc1.consul", "cnmany.service.consul"];

    private static readonly RRType[] s_types =
    [
        RRType.A, RRType.Aaaa, RRType.Srv, RRType.Any, RRType.Txt, RRType.NS, RRType.Soa, RRType.CName, RRType.Ptr, RRType.MX, RRType.DS,
        RRType.Axfr, (RRType)0, (RRType)65,
    ];

    private static readonly ushort?[] s_sizes = [null, 0, 300, 512, 513, 600, 700, 1232, 4096, 65_535];

    public static TheoryData<string, string> Settings() => new()
    {
        { "defaults", "" },
        { "truncate", """ "dns_config":{"enable_truncate":true,"udp_answer_limit":50,"node_ttl":"12s","service_ttl":{"*":"3s","db":"5s","ma*":"1m"}} """ },
        { "a_record_limit", """ "dns_config":{"a_record_limit":2,"udp_answer_limit":0,"enable_truncate":true,"soa":{"refresh":1,"retry":2,"expire":3,"min_ttl":4}} """ },
        { "plain", """ "dns_config":{"disable_compression":true,"only_passing":true,"enable_additional_node_meta_txt":false} """ },
        { "alt_domain", """ "alt_domain":"alt.test","dns_config":{"udp_answer_limit":5} """ },
        { "long_domain", """ "domain":"a.rather.long.domain.example" """ },
    };

    private static DnsOptions OptionsOf(string settings) => settings switch
    {
        "truncate" => new DnsOptions
        {
            EnableTruncate = true,
            UdpAnswerLimit = 50,
            NodeTtl = TimeSpan.FromSeconds(12.9),
            ServiceTtl = new Dictionary<string, TimeSpan>
            {
                ["*"] = TimeSpan.FromSeconds(3),
                ["db"] = TimeSpan.FromSeconds(5),
                ["ma*"] = TimeSpan.FromMinutes(1),
            },
        },
        "a_record_limit" => new DnsOptions
        {
            ARecordLimit = 2,
            UdpAnswerLimit = 0,
            EnableTruncate = true,
            Soa = new SoaOptions { Refresh = 1, Retry = 2, Expire = 3, MinTtl = 4 },
        },
        "plain" => new DnsOptions { DisableCompression = true, OnlyPassing = true, EnableAdditionalNodeMetaTxt = false },
        "alt_domain" => new DnsOptions { AltDomain = "alt.test", UdpAnswerLimit = 5 },
        "long_domain" => new DnsOptions { Domain = "a.rather.long.domain.example." },
        _ => new DnsOptions(),
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Replies_are_those_of_a_real_agent(string name, string settings)
    {
        await using RealConsulAgent real = await RealConsulAgent.StartAsync(settings.Trim());
        await DnsWorld.RegisterAsync(real);
        await using OurDns ours = OurDns.Start(DnsWorld.Catalog(real.ServerPort), OptionsOf(name));

        var differences = new StringBuilder();
        int asked = 0;
        foreach (string original in (string[])[.. s_names, .. s_namesWithChoice])
        {
            bool hasChoice = s_namesWithChoice.Contains(original);
            foreach (string question in NamesFor(name, original))
            {
                foreach (RRType type in s_types)
                {
                    // Sizes matter where there is much to say; elsewhere one with and one without EDNS will do.
                    foreach (ushort? size in hasChoice || question == original ? s_sizes : [null, 1232])
                    {
                        byte[] query = DnsClient.Query(question, type, size);
                        byte[]? expected = await DnsClient.AskUdpAsync(real.DnsEndPoint, query);
                        byte[]? actual = await DnsClient.AskUdpAsync(ours.EndPoint, query);
                        Compare(differences, $"{question} {type} size={size}", expected, actual, hasChoice);
                        asked++;
                    }

                    byte[] overTcp = DnsClient.Query(question, type);
                    byte[]? expectedTcp = (await DnsClient.AskTcpAsync(real.DnsEndPoint, overTcp))[0];
                    byte[]? actualTcp = (await DnsClient.AskTcpAsync(ours.EndPoint, overTcp))[0];
                    Compare(differences, $"{question} {type} tcp", expectedTcp, actualTcp, hasChoice);
                }
            }
        }

        Assert.True(asked > 2000, $"only {asked} queries asked");
        Assert.True(differences.Length == 0, differences.ToString());
    }

    /// <summary>Odd and broken messages: the first octets of the reply, the errors, and what is not answered at all.</summary>
    [Fact]
    public async Task Broken_queries_are_treated_as_by_a_real_agent()
    {
        await using RealConsulAgent real = await RealConsulAgent.StartAsync();
        await DnsWorld.RegisterAsync(real);
        await using OurDns ours = OurDns.Start(DnsWorld.Catalog(real.ServerPort));

        byte[] plain = DnsClient.Query("m10.node.consul", RRType.A);
        byte[] edns = DnsClient.Query("foo.node.consul", RRType.A, 1232);
        byte[] subnet = [.. edns[..^2], 0, 11, 0, 8, 0, 7, 0, 1, 24, 0, 198, 51, 100];
        byte[] foreign = DnsClient.Query("www.example.com", RRType.A, 1232);
        List<byte[]> queries = [];
        foreach (byte[] seed in (byte[][])[plain, edns, subnet, foreign])
        {
            for (int length = 0; length < seed.Length; length++)
            {
                queries.Add(seed[..length]);
            }

            // Each flag, each opcode, counts that do not agree with what follows, other classes.
            for (int flag = 0; flag < 16; flag++)
            {
                queries.Add(With(seed, 2 + (flag / 8), (byte)(seed[2 + (flag / 8)] ^ (0x80 >> (flag % 8)))));
            }

            for (byte opcode = 0; opcode < 16; opcode++)
            {
                queries.Add(With(seed, 2, (byte)((opcode << 3) | 1)));
            }

            for (int count = 5; count < 12; count += 2)
            {
                for (byte value = 0; value < 4; value++)
                {
                    queries.Add(With(seed, count, value));
                }
            }

            queries.Add([.. seed, 1, 2, 3]);
        }

        var random = new Random(23);
        for (int round = 0; round < 1500; round++)
        {
            byte[] changed = [.. round % 2 == 0 ? subnet : plain];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                // The first octets of the flags are left alone here: most of their values are not answered, which takes long to see.
                // Nor is the OPT record's type: the real agent takes records of every type apart, and this one only looks for OPT.
                int at = random.Next(changed.Length);
                int optTypeAt = edns.Length - 10;
                changed[at == 2 || at == optTypeAt || at == optTypeAt + 1 ? 3 : at] = (byte)random.Next(256);
            }

            queries.Add(changed);
        }

        var differences = new StringBuilder();
        foreach (byte[] query in queries)
        {
            bool isAnswered = query.Length >= 12 && (query[2] & 0x80) == 0;
            byte[]? expected = await DnsClient.AskUdpAsync(real.DnsEndPoint, query, isAnswered ? 5000 : 100);
            byte[]? actual = await DnsClient.AskUdpAsync(ours.EndPoint, query, isAnswered ? 5000 : 100);
            Compare(differences, Convert.ToHexStringLower(query), expected, actual, hasChoice: false);
        }

        Assert.True(differences.Length == 0, differences.ToString());

        static byte[] With(byte[] query, int at, byte value)
        {
            byte[] changed = [.. query];
            changed[at] = value;
            return changed;
        }
    }

    private static IEnumerable<string> NamesFor(string settings, string name) => settings switch
    {
        "alt_domain" => [name, .. name.EndsWith(".consul", StringComparison.Ordinal) ? new[] { name[..^6] + "Alt.test" } : []],
        "long_domain" => [name.EndsWith("consul", StringComparison.Ordinal) ? name[..^6] + "a.rather.long.domain.example" : name],
        _ => [name],
    };

    private static void Compare(StringBuilder differences, string what, byte[]? expected, byte[]? actual, bool hasChoice)
    {
        string real = hasChoice ? DnsText.Shape(expected) : DnsText.Full(expected);
        string ours = hasChoice ? DnsText.Shape(actual) : DnsText.Full(actual);
        if (!string.Equals(real, ours, StringComparison.Ordinal))
        {
            differences.Append(what).Append("\n real: ").Append(real).Append("\n ours: ").Append(ours).Append('\n');
        }
    }
}
