using K8sConsul.Agent.Checks;
using K8sConsul.Agent.Checks.Probes;

namespace K8sConsul.Agent.Tests.Checks;

/// <summary>Texts that must read as Go's; the expectations were printed by Consul 1.8.7 or by Go's own documentation.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1", 80)]
    [InlineData("[::1]:80", "::1", 80)]
    [InlineData(":80", "", 80)]
    [InlineData("localhost:http", "localhost", 80)]
    [InlineData("h:", "h", 0)]
    public void An_address_is_split(string address, string host, int port)
    {
        Assert.True(HostPort.TryParse("tcp", address, out string parsedHost, out int parsedPort, out _));
        Assert.Equal((host, port), (parsedHost, parsedPort));
    }

    [Theory]
    [InlineData("127.0.0.1", "dial tcp: address 127.0.0.1: missing port in address")]
    [InlineData("", "dial tcp: address : missing port in address")]
    [InlineData("127.0.0.1:xx", "dial tcp: address tcp/xx: unknown port")]
    [InlineData("127.0.0.1:70000", "dial tcp: address 70000: invalid port")]
    [InlineData("127.0.0.1:99999999999", "dial tcp: address 99999999999: invalid port")]
    [InlineData("::1:80", "dial tcp: address ::1:80: too many colons in address")]
    [InlineData("[::1", "dial tcp: address [::1: missing ']' in address")]
    [InlineData("[::1]", "dial tcp: address [::1]: missing port in address")]
    public void An_address_that_is_none_is_refused_with_Gos_words(string address, string error)
    {
        Assert.False(HostPort.TryParse("tcp", address, out _, out _, out string? actual));
        Assert.Equal(error, actual);
    }

    [Theory]
    [InlineData("http://[::1/", "parse \"http://[::1/\": missing ']' in host")]
    [InlineData("127.0.0.1:29003/status/200", "parse \"127.0.0.1:29003/status/200\": first path segment in URL cannot contain colon")]
    [InlineData("ftp://x/", "Get \"ftp://x/\": unsupported protocol scheme \"ftp\"")]
    [InlineData("http://127.0.0.1:x/", "parse \"http://127.0.0.1:x/\": invalid port \":x\" after host")]
    [InlineData("http:///x", "Get \"http:///x\": http: no Host in request URL")]
    [InlineData("x", "Get \"x\": unsupported protocol scheme \"\"")]
    public void A_URL_that_is_none_is_refused_with_Gos_words(string url, string error)
    {
        Assert.False(GoUrl.TryParse(url, "GET", out _, out string? actual));
        Assert.Equal(error, actual);
    }

    [Theory]
    [InlineData("hello garbage", "malformed HTTP status code \"garbage\"")]
    [InlineData("hello", "malformed HTTP response \"hello\"")]
    [InlineData("SSH 200 OK", "malformed HTTP version \"SSH\"")]
    public void A_status_line_that_is_none_reads_as_in_Go(string line, string error)
    {
        Assert.Equal(error, HttpFailureText.StatusLine(line));
    }

    [Theory]
    [InlineData("abcd", 4, "abcd")]
    [InlineData("abcde", 4, "abcd ... (captured 4 of 5 bytes)")]
    public void A_report_is_cut_at_its_end(string output, int max, string kept)
    {
        Assert.Equal(kept, CheckScheduler.Cut(output, max));
    }
}
