using System.Text;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;

namespace K8sConsul.Server.Tests.Consensus;

/// <summary>raft/peers.json in both forms; the texts are those of Consul 1.8.7 but for the last of them.</summary>
public sealed class PeersFileTests
{
    private static readonly RaftServer _self = new(new ServerId("a"), "10.0.0.9:8300");

    private static readonly RaftConfiguration _known = new(
    [
        new RaftServer(new ServerId("a"), "10.0.0.1:8300"),
        new RaftServer(new ServerId("b"), "10.0.0.2:8300"),
        new RaftServer(new ServerId("c"), "10.0.0.3:8300", Suffrage.Nonvoter),
    ]);

    private static string? Parse(string text, out RaftConfiguration configuration) => PeersFile.Parse(Encoding.UTF8.GetBytes(text), _known, _self, out configuration);

    private static string Text(RaftConfiguration configuration) =>
        string.Join(' ', configuration.Servers.Select(server => $"{server.Id}={server.Address}{(server.IsVoter ? "" : "*")}"));

    [Theory]
    [InlineData("""[{"id":"x","address":"1.1.1.1:1"}]""", "x=1.1.1.1:1")]
    [InlineData("""[{"id":"x","address":"1.1.1.1:1","non_voter":false},{"ID":"y","Address":"1.1.1.1:2","NON_VOTER":true,"other":[1]}]""", "x=1.1.1.1:1 y=1.1.1.1:2*")]
    [InlineData("""["10.0.0.1:8300"]""", "a=10.0.0.1:8300")]
    [InlineData("""["10.0.0.9:8300","10.0.0.2:8300"]""", "a=10.0.0.9:8300 b=10.0.0.2:8300")]
    [InlineData("""["10.0.0.3:8300"]""", "c=10.0.0.3:8300")]
    public void Servers_are_named_by_object_or_by_address(string text, string expected)
    {
        Assert.Null(Parse(text, out RaftConfiguration configuration));
        Assert.Equal(expected, Text(configuration));
    }

    [Theory]
    [InlineData("", "EOF")]
    [InlineData("{bad", "invalid character 'b' looking for beginning of object key string")]
    [InlineData("[]", "Need at least one voter in configuration: {[]}")]
    [InlineData("null", "Need at least one voter in configuration: {[]}")]
    [InlineData("""[{"id":"x","address":"1.1.1.1:1","non_voter":true}]""", "Need at least one voter in configuration: {[{Nonvoter x 1.1.1.1:1}]}")]
    [InlineData("""[{"id":"","address":"1.1.1.1:1"}]""", "Empty ID in configuration: {[{Voter  1.1.1.1:1}]}")]
    [InlineData("""[{"id":"a","address":""}]""", "Empty address in configuration: {Voter a }")]
    [InlineData("""[{"id":"a","address":"b"},{"id":"a","address":"c"}]""", "Found duplicate ID in configuration: a")]
    [InlineData("""[{"id":"a","address":"b"},{"id":"d","address":"b"}]""", "Found duplicate address in configuration: b")]
    [InlineData("{}", "json: cannot unmarshal object into Go value of type []raft.configEntry")]
    [InlineData("[5]", "json: cannot unmarshal number into Go value of type raft.configEntry")]
    [InlineData("""[{"id":5}]""", "json: cannot unmarshal number into Go struct field configEntry.id of type raft.ServerID")]
    [InlineData("""[{"non_voter":"x"}]""", "json: cannot unmarshal string into Go struct field configEntry.non_voter of type bool")]
    [InlineData("""["10.9.9.9:8300"]""", "no server of the last configuration has the address \"10.9.9.9:8300\": give its id too, as peers.info shows")]
    [InlineData("""["10.0.0.9:8300","10.0.0.1:8300"]""", "Found duplicate ID in configuration: a")]
    public void What_names_no_configuration_is_refused(string text, string expected)
    {
        Assert.Equal(expected, Parse(text, out RaftConfiguration configuration));
        Assert.True(configuration.IsEmpty);
    }

    [Fact]
    public void A_file_beyond_every_use_is_refused_unread()
    {
        byte[] content = new byte[PeersFile.BytesMax + 1];
        Assert.Equal("the file has more than 1048576 bytes", PeersFile.Parse(content, _known, _self, out _));
    }

    [Fact]
    public void More_servers_than_Raft_takes_are_refused()
    {
        string many = string.Join(',', Enumerable.Range(0, 2000).Select(i => $$"""{"id":"s{{i}}","address":"h:{{i}}"}"""));
        Assert.Contains("servers are more than", Parse($"[{many}]", out _), StringComparison.Ordinal);
    }
}
