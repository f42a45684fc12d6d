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

    /// <summary>The positions are those that Go's base64.StdEncoding reports.</summary>
    [Theory]
    [InlineData("!", 0)]
    [InlineData("A", 0)]
    [InlineData("AA", 0)]
    [InlineData("AAAAA", 4)]
    [InlineData("AA!A", 2)]
    [InlineData("A===", 1)]
    [InlineData("AAA=AAAA", 4)]
    [InlineData("AA=A", 2)]
    [InlineData("AA=", 3)]
    [InlineData("AA\nA", 1)]
    [InlineData("A\n!", 2)]
    [InlineData("AAAA ", 4)]
    public void Base64_errors_tell_where_as_Go_does(string text, int position)
    {
        GossipException refused = Assert.Throws<GossipException>(() => GoBase64.Decode(text));

        Assert.Equal($"illegal base64 data at input byte {position}", refused.Message);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("AAAA", 3)]
    [InlineData("AAA=", 2)]
    [InlineData("AA==", 1)]
    [InlineData("AA\n==\r\n", 1)]
    public void Base64_is_decoded(string text, int length) => Assert.Equal(length, GoBase64.Decode(text).Length);
}
