using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using K8sConsul.Agent.Dns;
using K8sConsul.Dns;
using K8sConsul.Testing;
using K8sConsul.Tests;

namespace K8sConsul.Agent.Tests.Dns;

public sealed class RecursorTests
{
    private static readonly ResourceRecord s_address = ResourceRecord.Address(null, 77, IPAddress.Parse("1.2.3.4"));

    private static DnsOptions Options(params string[] recursors)
        => new() { Recursors = recursors, RecursorTimeout = TimeSpan.FromMilliseconds(300) };

    [Fact]
    public async Task Query_is_passed_on_and_reply_back_octet_for_octet()
    {
        byte[] sent = [];
        await using var upstream = new FakeUpstream((_, query) => sent = FakeUpstream.Reply(query, RCode.NoError, s_address));
        await using OurDns dns = OurDns.Start(new InMemoryDnsCatalog(), Options(upstream.Address));
        byte[] query = [.. DnsClient.Query("www.example.com", RRType.Aaaa, 1400)];
        byte[]? reply = await DnsClient.AskUdpAsync(dns.EndPoint, query);
        Assert.Equal(sent, reply);
        Assert.Equal(query, Assert.Single(upstream.Asked).Query);
    }

    [Fact]
    public async Task Tcp_queries_are_passed_on_over_tcp()
    {
        await using var upstream = new FakeUpstream((_, query) => FakeUpstream.Reply(query, RCode.NoError, s_address));
        await using OurDns dns = OurDns.Start(new InMemoryDnsCatalog(), Options(upstream.Address));
        byte[]?[] replies = await DnsClient.AskTcpAsync(
            dns.EndPoint,
            DnsClient.Query("www.example.com", RRType.A),
            DnsClient.Query("www.example.org", RRType.A));
        Assert.All(replies, Assert.NotNull);
        Assert.All(upstream.Asked, asked => Assert.Equal(DnsTransport.Tcp, asked.Transport));
        Assert.Equal(2, upstream.Asked.Count);
    }

    [Theory]
    [InlineData(RCode.NoError, true)]
    [InlineData(RCode.NameError, true)]
    [InlineData(RCode.ServerFailure, false)]
    [InlineData(RCode.Refused, false)]
    [InlineData(RCode.NotImplemented, false)]
    [InlineData(RCode.FormatError, false)]
    public async Task Only_answers_and_missing_names_are_final(RCode first, bool isFinal)
    {
        await using var one = new FakeUpstream((_, query) => FakeUpstream.Reply(query, first));
        await using var two = new FakeUpstream((_, query) => FakeUpstream.Reply(query, RCode.NoError, s_address));
        await using OurDns dns = OurDns.Start(new InMemoryDnsCatalog(), Options(one.Address, two.Address));
        byte[]? reply = await DnsClient.AskUdpAsync(dns.EndPoint, DnsClient.Query("www.example.com", RRType.A));
        Assert.Single(one.Asked);
        Assert.Equal(isFinal ? 0 : 1, two.Asked.Count);
        Assert.True(DnsHeader.TryRead(reply, out DnsHeader header));
        Assert.Equal(isFinal ? first : RCode.NoError, header.RCode);
    }

    [Fact]
    public async Task Silent_and_dead_recursors_are_passed_over()
    {
        await using var silent = new FakeUpstream((_, _) => null);
        await using var dead = new FakeUpstream((_, _) => null);
        string deadAddress = dead.Address;
        await dead.DisposeAsync();
        await using var good = new FakeUpstream((_, query) => FakeUpstream.Reply(query, RCode.NoError, s_address));
        await using OurDns dns = OurDns.Start(new InMemoryDnsCatalog(), Options(deadAddress, silent.Address, good.Address));
        byte[]? reply = await DnsClient.AskUdpAsync(dns.EndPoint, DnsClient.Query("www.example.com", RRType.A));
        Assert.Contains("1.2.3.4", DnsText.Full(reply), StringComparison.Ordinal);
        Assert.Single(silent.Asked);
    }

    [Fact]
    public async Task All_failing_is_SERVFAIL_with_the_clients_EDNS()
    {
        await using var bad = new FakeUpstream((_, query) => FakeUpstream.Reply(query, RCode.ServerFailure));
        await using OurDns dns = OurDns.Start(new InMemoryDnsCatalog(), Options(bad.Address));
        byte[]? reply = await DnsClient.AskUdpAsync(dns.EndPoint, DnsClient.Query("www.example.com", RRType.A, 1232));
        Assert.Equal("flags=8182 q=1 an=0 ns=0 ar=1 size=44", DnsText.Shape(reply));
    }

    [Fact]
    public async Task Forged_replies_are_ignored()
    {
        byte[]? real = null;
        await using var upstream = new FakeUpstream((_, query) =>
        {
            real = FakeUpstream.Reply(query, RCode.NoError, s_address);
            return null;
        });
        await using OurDns dns = OurDns.Start(new InMemoryDnsCatalog(), Options(upstream.Address));

        // Another ID, another question, a query instead of a reply: none is taken, and the time runs out.
        await using var forger = new FakeUpstream((_, query) =>
        {
            byte[] reply = FakeUpstream.Reply(query, RCode.NoError, s_address);
            switch (query[1] % 3)
            {
                case 0:
                    reply[1] ^= 1;
                    break;
                case 1:
                    reply[13] ^= 1;
                    break;
                default:
                    reply[2] &= 0x7f;
                    break;
            }

            return reply;
        });
        dns.Responder.Reload(OurDns.Configure(Options(forger.Address)));
        for (byte i = 0; i < 3; i++)
        {
            byte[] query = DnsClient.Query("www.example.com", RRType.A);
            query[1] = i;
            byte[]? reply = await DnsClient.AskUdpAsync(dns.EndPoint, query);
            Assert.True(DnsHeader.TryRead(reply, out DnsHeader header));
            Assert.Equal(RCode.ServerFailure, header.RCode);
        }

        Assert.Null(real);
        Assert.Equal(3, forger.Asked.Count);
    }

    [Fact]
    public async Task Cut_replies_are_passed_on_as_they_are()
    {
        await using var upstream = new FakeUpstream((_, query) =>
        {
            byte[] reply = FakeUpstream.Reply(query, RCode.NoError);
            reply[2] |= 0x02;
            return reply;
        });
        await using OurDns dns = OurDns.Start(new InMemoryDnsCatalog(), Options(upstream.Address));
        byte[]? reply = await DnsClient.AskUdpAsync(dns.EndPoint, DnsClient.Query("www.example.com", RRType.A));
        Assert.True(DnsHeader.TryRead(reply, out DnsHeader header) && header.IsTruncated);
    }

    [Fact]
    public async Task Random_order_asks_all_of_them_first_at_times()
    {
        await using var one = new FakeUpstream((_, query) => FakeUpstream.Reply(query, RCode.NoError));
        await using var two = new FakeUpstream((_, query) => FakeUpstream.Reply(query, RCode.NoError));
        DnsOptions options = Options(one.Address, two.Address) with { RecursorStrategy = RecursorStrategy.Random };
        await using OurDns dns = OurDns.Start(new InMemoryDnsCatalog(), options);
        for (int i = 0; i < 64 && (one.Asked.IsEmpty || two.Asked.IsEmpty); i++)
        {
            await DnsClient.AskUdpAsync(dns.EndPoint, DnsClient.Query("www.example.com", RRType.A));
        }

        Assert.NotEmpty(one.Asked);
        Assert.NotEmpty(two.Asked);
    }

    [Fact]
    public async Task Reload_turns_recursion_on_and_off()
    {
        await using var upstream = new FakeUpstream((_, query) => FakeUpstream.Reply(query, RCode.NoError, s_address));
        await using OurDns dns = OurDns.Start(DnsWorld.Catalog());
        byte[] query = DnsClient.Query("www.example.com", RRType.A);
        Assert.StartsWith("flags=8105 ", DnsText.Shape(await DnsClient.AskUdpAsync(dns.EndPoint, query)), StringComparison.Ordinal);
        dns.Responder.Reload(OurDns.Configure(Options(upstream.Address)));
        Assert.StartsWith("flags=8180 ", DnsText.Shape(await DnsClient.AskUdpAsync(dns.EndPoint, query)), StringComparison.Ordinal);

        // Answers of our own now say that recursion is there, although they are kept ones.
        byte[] own = DnsClient.Query("foo.node.consul", RRType.A);
        Assert.StartsWith("flags=8580 ", DnsText.Shape(await DnsClient.AskUdpAsync(dns.EndPoint, own)), StringComparison.Ordinal);
        dns.Responder.Reload(OurDns.Configure(new DnsOptions()));
        Assert.StartsWith("flags=8500 ", DnsText.Shape(await DnsClient.AskUdpAsync(dns.EndPoint, own)), StringComparison.Ordinal);
    }

    /// <summary>Names that lead outside, reverse names, foreign names: the same upstream behind a real agent and behind us.</summary>
    [Fact]
    public async Task Replies_with_a_recursor_are_those_of_a_real_agent()
    {
        await using var upstream = new FakeUpstream((_, query) => FakeUpstream.NameOf(query) switch
        {
            "www.example.com." => FakeUpstream.Reply(
                query,
                RCode.NoError,
                [
                    ResourceRecord.Pointing(null, RRType.CName, 30, DomainName.Parse("web.example.net")),
                    .. Enumerable.Range(4, 7).Select(i => ResourceRecord.Address(DomainName.Parse("web.example.net"), 77, IPAddress.Parse($"1.2.3.{i}"))),
                ]),
            "99.0.0.10.in-addr.arpa." => FakeUpstream.Reply(query, RCode.NoError, ResourceRecord.Pointing(null, RRType.Ptr, 5, DomainName.Parse("a.example"))),
            "missing.example." => FakeUpstream.Reply(query, RCode.NameError),
            _ => FakeUpstream.Reply(query, RCode.ServerFailure),
        });
        await using RealConsulAgent real = await RealConsulAgent.StartAsync($"\"recursors\":[\"{upstream.Address}\"],\"dns_config\":{{\"service_ttl\":{{\"*\":\"9s\"}},\"node_ttl\":\"4s\"}}");
        await DnsWorld.RegisterAsync(real);
        DnsOptions options = Options(upstream.Address) with
        {
            NodeTtl = TimeSpan.FromSeconds(4),
            ServiceTtl = new Dictionary<string, TimeSpan> { ["*"] = TimeSpan.FromSeconds(9) },
        };
        await using OurDns ours = OurDns.Start(DnsWorld.Catalog(real.ServerPort), options);

        var differences = new StringBuilder();
        string[] names =
        [
            "www.example.com", "missing.example", "failing.example", "99.0.0.10.in-addr.arpa", "98.0.0.10.in-addr.arpa", "1.0.0.10.in-addr.arpa",
            "ext.node.consul", "extsvc.service.consul", "both.service.consul", "alias.node.consul", "foo.node.consul", "nope.node.consul",
            "cn.service.consul", "consul", ".",
        ];
        foreach (string name in names)
        {
            foreach (RRType type in (RRType[])[RRType.A, RRType.Aaaa, RRType.Srv, RRType.Any, RRType.CName, RRType.Txt, RRType.DS, RRType.Ptr, RRType.Soa])
            {
                foreach (ushort? size in (ushort?[])[null, 1232])
                {
                    byte[] query = DnsClient.Query(name, type, size);
                    string expected = DnsText.Full(await DnsClient.AskUdpAsync(real.DnsEndPoint, query));
                    string actual = DnsText.Full(await DnsClient.AskUdpAsync(ours.EndPoint, query));
                    if (!string.Equals(expected, actual, StringComparison.Ordinal))
                    {
                        differences.Append(name).Append(' ').Append(type).Append(" size=").Append(size).Append("\n real: ").Append(expected).Append("\n ours: ").Append(actual).Append('\n');
                    }
                }
            }
        }

        Assert.True(differences.Length == 0, differences.ToString());
    }

    /// <summary>A real resolver as recursor: unbound, with names of its own.</summary>
    [Fact]
    public async Task Unbound_answers_through_us()
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(path => Path.Combine(path, "unbound"))
            .FirstOrDefault(File.Exists);
        if (program is null && !string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal))
        {
            Assert.Skip("unbound is not on the PATH.");
        }

        Assert.NotNull(program);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("k8sconsul-unbound-");
        var address = new IPEndPoint(IPAddress.Loopback, Ports.Take());
        string settings = Path.Combine(folder.FullName, "unbound.conf");
        await File.WriteAllTextAsync(
            settings,
            $"""
            server:
              interface: 127.0.0.1
              port: {address.Port}
              do-daemonize: no
              username: ""
              chroot: ""
              directory: "{folder.FullName}"
              pidfile: "{folder.FullName}/pid"
              use-syslog: no
              local-zone: "bed.test." static
              local-data: "a.bed.test. 60 IN A 192.0.2.1"
            remote-control:
              control-enable: no
            """);
        using var process = Process.Start(new ProcessStartInfo(program, ["-d", "-c", settings]) { UseShellExecute = false, RedirectStandardError = true })!;
        try
        {
            var output = new ConcurrentQueue<string?>();
            process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data);
            process.BeginErrorReadLine();
            byte[] query = DnsClient.Query("a.bed.test", RRType.A, 1232);
            byte[]? direct = null;
            for (int attempt = 0; attempt < 100 && direct is null; attempt++)
            {
                try
                {
                    direct = await DnsClient.AskUdpAsync(address, query, timeoutMs: 200);
                }
                catch (SocketException)
                {
                    // Not listening yet: the port answers "unreachable" at once.
                    await Task.Delay(50);
                }
            }

            Assert.True(direct is not null, string.Join('\n', output));
            await using OurDns dns = OurDns.Start(DnsWorld.Catalog(), Options(address.ToString()) with { RecursorTimeout = TimeSpan.FromSeconds(5) });
            Assert.Equal(DnsText.Full(direct), DnsText.Full(await DnsClient.AskUdpAsync(dns.EndPoint, query)));
            Assert.Contains("192.0.2.1", DnsText.Full((await DnsClient.AskTcpAsync(dns.EndPoint, query))[0]), StringComparison.Ordinal);
            Assert.Contains("flags=8583 ", DnsText.Full(await DnsClient.AskUdpAsync(dns.EndPoint, DnsClient.Query("b.bed.test", RRType.A))), StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }
}
