using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Tests.Model;

/// <summary>The token-by-token readers say what the generated ones say, and refuse what is no listing.</summary>
public sealed class ListingReaderTests
{
    private const string Members = """
        [
            {"Name": "a\u00e9", "Addr": "10.0.0.1", "Port": 8301, "Tags": {"role": "consul", "wan_join_port": "8302"}, "Status": 1,
             "ProtocolMin": 1, "ProtocolMax": 5, "ProtocolCur": 2, "DelegateMin": 2, "DelegateMax": 6, "DelegateCur": 4},
            {"Name": "b", "Unknown": {"deep": [1, {"x": null}]}, "AlsoUnknown": "text", "Tags": {}},
            {}
        ]
        """;

    private const string Nodes = """
        [
            {"ID": "40e4a748-2192-161a-0510-9bf59fe950b5", "Node": "a", "Address": "10.0.0.1", "Datacenter": "dc1",
             "TaggedAddresses": {"lan": "10.0.0.1", "wan": "10.0.0.1"}, "Meta": {"consul-network-segment": ""}, "CreateIndex": 9,
             "ModifyIndex": 18446744073709551615},
            {"ID": "", "Node": "b", "TaggedAddresses": null, "Meta": null, "More": true}
        ]
        """;

    public static TheoryData<string> MemberBodies => [Members, "[]", " [ ] ", "null", Encoding.UTF8.GetString(Testfile.Read("members.json"))];

    public static TheoryData<string> NodeBodies => [Nodes, "[]", Encoding.UTF8.GetString(Testfile.Read("catalog-nodes.json"))];

    [Theory]
    [MemberData(nameof(MemberBodies))]
    public void Members_are_those_of_the_generated_reader(string body)
    {
        Assert.Equal(Generated(body, ConsulJsonContext.Default.ListAgentMember), Write(ReadMembers(body), ConsulJsonContext.Default.ListAgentMember));
    }

    [Theory]
    [MemberData(nameof(NodeBodies))]
    public void Nodes_are_those_of_the_generated_reader(string body)
    {
        Assert.Equal(Generated(body, ConsulJsonContext.Default.ListCatalogNode), Write(ReadNodes(body), ConsulJsonContext.Default.ListCatalogNode));
    }

    [Fact]
    public void A_listing_cut_anywhere_is_refused()
    {
        for (int length = 0; length < Members.Length; length++)
        {
            Assert.ThrowsAny<JsonException>(() => ReadMembers(Members[..length]));
        }

        for (int length = 0; length < Nodes.Length; length++)
        {
            Assert.ThrowsAny<JsonException>(() => ReadNodes(Nodes[..length]));
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[[]]")]
    [InlineData("[] []")]
    [InlineData("\"text\"")]
    [InlineData("""[{"Name": 1}]""")]
    [InlineData("""[{"Port": "8301"}]""")]
    [InlineData("""[{"Port": 1.5}]""")]
    [InlineData("""[{"Port": 99999999999}]""")]
    [InlineData("""[{"Tags": []}]""")]
    [InlineData("""[{"Tags": {"role": {}}}]""")]
    public void What_is_no_listing_of_members_is_refused(string body)
    {
        Assert.ThrowsAny<JsonException>(() => ReadMembers(body));
    }

    private static List<AgentMember>? ReadMembers(string body)
    {
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(body));
        return ListingReader.Members(ref json);
    }

    private static List<CatalogNode> ReadNodes(string body)
    {
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(body));
        return ListingReader.Nodes(ref json);
    }

    private static string Generated<T>(string body, JsonTypeInfo<T> type) => Write(JsonSerializer.Deserialize(body, type), type);

    private static string Write<T>(T? value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value!, type);
}
