using K8sConsul.Dns;

namespace K8sConsul.Agent.Tests.Dns;

public sealed class DnsServerTests
{
    [Fact]
    public async Task Answers_over_udp_and_tcp()
    {
        await using OurDns dns = OurDns.Start(DnsWorld.Catalog());
        byte[] query = DnsClient.Query("foo.node.consul", RRType.A);
        byte[]? udp = await DnsClient.AskUdpAsync(dns.EndPoint, query);
        byte[]? tcp = (await DnsClient.AskTcpAsync(dns.EndPoint, query))[0];
        Assert.NotNull(udp);
        Assert.Equal(DnsText.Full(udp), DnsText.Full(tcp));
    }
}
