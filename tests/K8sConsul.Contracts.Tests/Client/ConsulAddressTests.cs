using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Client.Transport;

namespace K8sConsul.Contracts.Tests.Client;

public sealed class ConsulAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:8500", false, "http://127.0.0.1:8500", "127.0.0.1:8500")]
    [InlineData("127.0.0.1", false, "http://127.0.0.1", "127.0.0.1:80")]
    [InlineData("127.0.0.1", true, "https://127.0.0.1", "127.0.0.1:443")]
    [InlineData("https://consul.example", false, "https://consul.example", "consul.example:443")]
    [InlineData("http://consul.example:1/", false, "http://consul.example:1", "consul.example:1")]
    [InlineData("http://127.0.0.1:8500", true, "https://127.0.0.1:8500", "127.0.0.1:8500")]
    [InlineData("http://127.0.0.1:8500/behind/a proxy/", false, "http://127.0.0.1:8500/behind/a%20proxy", "127.0.0.1:8500")]
    [InlineData("[::1]:1", false, "http://[::1]:1", "[::1]:1")]
    [InlineData("127.0.0.1:abc", false, "http://127.0.0.1:abc", "[127.0.0.1:abc]:80")]
    [InlineData("127.0.0.1:1 1", false, "http://127.0.0.1:1%201", "[127.0.0.1:1 1]:80")]
    public void An_address_of_TCP_is_taken_apart_and_shown_as_Go_does(string text, bool useTls, string baseUrl, string dialText)
    {
        ConsulAddress? address = ConsulAddress.TryParse(text, useTls, out string error);
        Assert.Equal(string.Empty, error);
        Assert.Equal(baseUrl, address!.BaseUrl);
        Assert.Equal(dialText, address.DialText);
        Assert.Null(address.SocketPath);
    }

    [Fact]
    public void An_address_of_a_socket_shows_its_path_escaped()
    {
        ConsulAddress address = ConsulAddress.TryParse("unix:///run/consul.sock", useTls: false, out _)!;
        Assert.Equal("/run/consul.sock", address.SocketPath);
        Assert.Equal("http://%2Frun%2Fconsul.sock", address.BaseUrl);
    }

    [Fact]
    public void An_unknown_scheme_is_refused()
    {
        Assert.Null(ConsulAddress.TryParse("foo://a", useTls: false, out string error));
        Assert.Equal("Unknown protocol scheme: foo", error);
    }

    [Theory]
    [InlineData("127.0.0.1", 0x7f000001u)]
    [InlineData("255.255.255.255", 0xffffffffu)]
    [InlineData("1.2.3.4", 0x01020304u)]
    [InlineData("1.2.3", 0u)]
    [InlineData("1.2.3.", 0u)]
    [InlineData("1.2.3.4.", 0u)]
    [InlineData("1.2.3.4.5", 0u)]
    [InlineData(".1.2.3", 0u)]
    [InlineData("256.1.1.1", 0u)]
    [InlineData("1000.1.1.1", 0u)]
    [InlineData("a.b.c.d", 0u)]
    [InlineData("", 0u)]
    public void Only_four_decimal_numbers_are_a_dotted_quad(string host, uint value)
    {
        Assert.Equal(value, DirectSocket.ParseDottedQuad(host));
    }
}
