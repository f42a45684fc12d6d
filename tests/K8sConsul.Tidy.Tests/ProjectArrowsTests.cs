using System.Xml.Linq;

namespace K8sConsul.Tidy.Tests;

/// <summary>Dependencies point only inwards: a project may refer to those listed here and to no others.</summary>
public sealed class ProjectArrowsTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["K8sConsul.Go"] = [],
        ["K8sConsul.MessagePack"] = [],
        ["K8sConsul.Raft"] = [],
        ["K8sConsul.Dns"] = [],
        ["K8sConsul.Hcl"] = ["K8sConsul.Go"],
        ["K8sConsul.Filter"] = ["K8sConsul.Go"],
        ["K8sConsul.Template"] = ["K8sConsul.Go"],
        ["K8sConsul.Contracts"] = ["K8sConsul.Go"],
        ["K8sConsul.Posix"] = ["K8sConsul.Go"],
        ["K8sConsul.Logging"] = ["K8sConsul.Go"],
        ["K8sConsul.Addresses"] = ["K8sConsul.Go", "K8sConsul.Hcl"],
        ["K8sConsul.TemplateRunner"] =
        [
            "K8sConsul.Addresses", "K8sConsul.Contracts", "K8sConsul.Hcl", "K8sConsul.Go", "K8sConsul.Posix", "K8sConsul.Template",
            "K8sConsul.TemplateFunctions",
        ],
        ["K8sConsul.TemplateFunctions"] = ["K8sConsul.Template", "K8sConsul.Contracts", "K8sConsul.Go"],
        ["K8sConsul.Grpc"] = [],
        ["K8sConsul.Gossip"] = ["K8sConsul.Go", "K8sConsul.MessagePack"],
        ["K8sConsul.State"] = ["K8sConsul.Go", "K8sConsul.MessagePack"],
        ["K8sConsul.Storage"] = ["K8sConsul.Raft"],
        ["K8sConsul.Server"] =
        [
            "K8sConsul.Raft", "K8sConsul.Gossip", "K8sConsul.State", "K8sConsul.Storage", "K8sConsul.Contracts", "K8sConsul.Filter",
            "K8sConsul.Grpc", "K8sConsul.MessagePack",
        ],
        ["K8sConsul.Agent"] = ["K8sConsul.Server", "K8sConsul.Dns", "K8sConsul.Hcl", "K8sConsul.Posix", "K8sConsul.Addresses", "K8sConsul.Logging"],
        ["K8sConsul.Cli"] = ["K8sConsul.Agent", "K8sConsul.Contracts", "K8sConsul.Hcl", "K8sConsul.TemplateRunner", "K8sConsul.Logging"],
    };

    private static readonly string[] Cores =
    [
        "K8sConsul.Go", "K8sConsul.MessagePack", "K8sConsul.Raft", "K8sConsul.Gossip", "K8sConsul.Dns", "K8sConsul.Hcl", "K8sConsul.Filter",
        "K8sConsul.Template", "K8sConsul.TemplateFunctions", "K8sConsul.State",
    ];

    public static TheoryData<string> Projects => [.. Repository.Files("*.csproj", "agent", "operator", "registrator")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_its_place_allows(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        Assert.True(Allowed.ContainsKey(name), $"{name} has no place yet: add it here and to ARCHITECTURE.md");
        foreach (XElement reference in XDocument.Load(path).Descendants("ProjectReference"))
        {
            string target = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value);
            Assert.Contains(target, Allowed[name]);
        }
    }

    [Fact]
    public void Every_core_has_its_banned_calls_checked_by_the_compiler()
    {
        foreach (string core in Cores)
        {
            string project = File.ReadAllText(Path.Combine(Repository.Root, "agent", core, core + ".csproj"));
            Assert.Contains("<PureCore>true</PureCore>", project, StringComparison.Ordinal);
        }
    }
}
