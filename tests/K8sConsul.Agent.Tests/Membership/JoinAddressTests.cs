using K8sConsul.Agent.Membership;

namespace K8sConsul.Agent.Tests.Membership;

public sealed class JoinAddressTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", 8301)]
    [InlineData("10.0.0.1:9301", "10.0.0.1", 9301)]
    [InlineData("web", "web", 8301)]
    [InlineData("web.example.com:1", "web.example.com", 1)]
    [InlineData("::1", "::1", 8301)]
    [InlineData("[::1]", "::1", 8301)]
    [InlineData("[fe80::1%eth0]:7", "fe80::1%eth0", 7)]
    [InlineData("node.dc2/10.0.0.1:9302", "10.0.0.1", 9302)]
    [InlineData("", "", 8301)]
    public void Address_is_taken_apart(string text, string host, int port)
    {
        Assert.True(JoinAddress.TryParse(text, 8301, out JoinAddress address, out _));
        Assert.Equal((host, (ushort)port), (address.Host, address.Port));
    }

    [Theory]
    [InlineData("web:http")]
    [InlineData("web:70000")]
    [InlineData("web:-1")]
    [InlineData("web:")]
    public void Port_that_is_no_number_is_refused(string text)
    {
        Assert.False(JoinAddress.TryParse(text, 8301, out _, out string error));
        Assert.Contains("unknown port", error);
    }
}
