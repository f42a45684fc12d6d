using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Tests.Dependencies;

public sealed class DependencyParserTests
{
    public static TheoryData<string, string, string> Accepted => new()
    {
        { "service", "web", "health.service(web|passing)" },
        { "service", "web-1_a", "health.service(web-1_a|passing)" },
        { "service", "tag.web", "health.service(tag.web|passing)" },
        { "service", "v1.2=x:y.web", "health.service(v1.2=x:y.web|passing)" },
        { "service", "web@dc1", "health.service(web@dc1|passing)" },
        { "service", "web@dc.1-a~near.b", "health.service(web@dc.1-a~near.b|passing)" },
        { "service", "tag.web@dc1~_agent|any", "health.service(tag.web@dc1~_agent|any)" },
        { "service", "web|passing", "health.service(web|passing)" },
        { "service", "web|warning,passing", "health.service(web|passing,warning)" },
        { "service", "web|passing,passing,", "health.service(web|passing)" },
        { "service", "web|,", "health.service(web|passing)" },
        { "service", "web|critical,maintenance", "health.service(web|critical,maintenance)" },
        { "service", "web?ns=a&partition=b@dc1~n|any", "health.service(web?ns=a&partition=b@dc1~n|any)" },
        { "service", "web?partition=b&ns=a", "health.service(web?ns=a&partition=b|passing)" },
        { "service", "web?peer=p", "health.service(web?peer=p|passing)" },
        { "service", "web?sameness-group=g", "health.service(web?sameness-group=g|passing)" },
        { "service", "web?ns=", "health.service(web|passing)" },
        { "connect", "tag.web@dc1~n|warning", "health.connect(tag.web@dc1~n|warning)" },
        { "key", "a/b c/ä", "kv.block(a/b c/ä)" },
        { "key", "/a", "kv.block(a)" },
        { "key", "//a", "kv.block(/a)" },
        { "key", "/", "kv.block(/)" },
        { "key", "a?ns=n@dc1", "kv.block(a?ns=n@dc1)" },
        { "keyExists", "a.b|c~d@dc1", "kv.get(a.b|c~d@dc1)" },
        { "ls", "", "kv.list()" },
        { "ls", "a/", "kv.list(a/)" },
        { "ls", "/a@dc1", "kv.list(a@dc1)" },
        { "node", "", "catalog.node" },
        { "node", "n.1-a_b", "catalog.node(n.1-a_b)" },
        { "node", "n?partition=p@dc1", "catalog.node(n?partition=p@dc1)" },
        { "node", "@dc1", "catalog.node(@dc1)" },
        { "nodes", "", "catalog.nodes" },
        { "nodes", "@dc1~n", "catalog.nodes(@dc1~n)" },
        { "nodes", "~_agent", "catalog.nodes(~_agent)" },
        { "nodes", "?ns=a@dc1", "catalog.nodes(?ns=a@dc1)" },
        { "services", "", "catalog.services" },
        { "services", "@dc1", "catalog.services(@dc1)" },
        { "services", "?ns=a", "catalog.services(?ns=a)" },
        { "datacenters", "", "catalog.datacenters" },
        { "datacenters", "true", "catalog.datacenters(reachable)" },
        { "file", "/etc/a b", "file(/etc/a b)" },
        { "caRoots", "", "connect.caroots" },
        { "caLeaf", "web", "connect.caleaf(web)" },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Arguments_become_dependencies_with_a_printed_form(string function, string argument, string printed)
    {
        Dependency? dependency = Parse(function, argument, out string error);
        Assert.Equal(string.Empty, error);
        Assert.Equal(printed, dependency!.ToString());
        Assert.Equal(dependency, DependencyText.TryRead(printed));
    }

    [Theory]
    [InlineData("service", "", "health.service: invalid format: \"\"")]
    [InlineData("service", "web service", "health.service: invalid format: \"web service\"")]
    [InlineData("service", "wéb", "health.service: invalid format: \"wéb\"")]
    [InlineData("service", "tag.", "health.service: invalid format: \"tag.\"")]
    [InlineData("service", ".web", "health.service: invalid format: \".web\"")]
    [InlineData("service", "web~n@dc1", "health.service: invalid format: \"web~n@dc1\"")]
    [InlineData("service", "web|", "health.service: invalid format: \"web|\"")]
    [InlineData("service", "web@", "health.service: invalid format: \"web@\"")]
    [InlineData("service", "web\n", "health.service: invalid format: \"web\n\"")]
    [InlineData("connect", "a b", "health.service: invalid format: \"a b\"")]
    [InlineData("service", "web|happy", "health.service: invalid filter: \"happy\" in \"web|happy\"")]
    [InlineData("service", "web|passing,Any", "health.service: invalid filter: \"Any\" in \"web|passing,Any\"")]
    [InlineData("service", "web?dc=x", "health.service: unknown query parameter \"dc\" in \"dc=x\"")]
    [InlineData("service", "web?peer=a&sameness-group=b", "health.service: \"peer\" and \"sameness-group\" exclude each other in \"peer=a&sameness-group=b\"")]
    [InlineData("key", "", "kv.get: invalid format: \"\"")]
    [InlineData("key", "a@b@c", "kv.get: invalid format: \"a@b@c\"")]
    [InlineData("keyExists", "@dc1", "kv.get: invalid format: \"@dc1\"")]
    [InlineData("ls", "@dc1", "kv.list: invalid format: \"@dc1\"")]
    [InlineData("ls", "a?b c", "kv.list: invalid format: \"a?b c\"")]
    [InlineData("node", "a b", "catalog.node: invalid format: \"a b\"")]
    [InlineData("nodes", "a", "catalog.nodes: invalid format: \"a\"")]
    [InlineData("services", "~a", "catalog.services: invalid format: \"~a\"")]
    [InlineData("caLeaf", "", "connect.caleaf: invalid format: \"\"")]
    public void Wrong_arguments_are_refused_with_the_known_texts(string function, string argument, string text)
    {
        Assert.Null(Parse(function, argument, out string error));
        Assert.Equal(text, error);
    }

    [Fact]
    public void An_argument_has_a_longest_length()
    {
        Assert.NotNull(DependencyParser.TryKey(new string('a', DependencyParser.ArgumentLengthMax), out _));
        Assert.Null(DependencyParser.TryKey(new string('a', DependencyParser.ArgumentLengthMax + 1), out _));

        // The pattern gives back a greedy tag letter by letter; that must stay linear.
        Assert.Null(DependencyParser.TryService(new string('.', DependencyParser.ArgumentLengthMax - 1) + "!", out _));
        Assert.Null(DependencyParser.TryService(string.Concat(Enumerable.Repeat("a.", 2000)) + "!", out _));
    }

    [Fact]
    public void The_parts_are_taken_apart()
    {
        Dependency dependency = DependencyParser.TryService("a.b.web?ns=n@dc~x|warning,critical", out _)!;
        Assert.Equal("a.b", dependency.Tag);
        Assert.Equal("web", dependency.Name);
        Assert.Equal("n", dependency.Scope.Namespace);
        Assert.Equal("dc", dependency.Datacenter);
        Assert.Equal("x", dependency.Near);
        Assert.Equal(["critical", "warning"], dependency.Filters);
        Assert.False(dependency.IsPassingOnly);
        Assert.True(dependency.Accepts("warning"));
        Assert.False(dependency.Accepts("passing"));
    }

    [Theory]
    [InlineData("web", true)]
    [InlineData("web|passing", true)]
    [InlineData("web|any", false)]
    [InlineData("web|passing,warning", false)]
    [InlineData("web|any,passing", false)]
    public void Only_exactly_passing_is_the_server_s_to_filter(string argument, bool passingOnly)
    {
        Assert.Equal(passingOnly, DependencyParser.TryService(argument, out _)!.IsPassingOnly);
    }

    [Fact]
    public void Equal_dependencies_are_one_key_and_different_ones_are_not()
    {
        var set = new HashSet<Dependency>();
        Assert.True(set.Add(Parse("service", "web", out _)!));
        Assert.False(set.Add(Parse("service", "web|passing", out _)!));
        Assert.True(set.Add(Parse("connect", "web", out _)!));
        Assert.True(set.Add(Parse("service", "web|any", out _)!));
        Assert.True(set.Add(Parse("service", "web?ns=a", out _)!));
        Assert.True(set.Add(Parse("key", "web", out _)!));
        Assert.True(set.Add(Parse("keyExists", "web", out _)!));
        Assert.True(set.Add(Parse("ls", "web", out _)!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("kv.get")]
    [InlineData("kv.get(")]
    [InlineData("kv.get()")]
    [InlineData("kv.nothing(a)")]
    [InlineData("catalog.nodes()")]
    [InlineData("health.service(web)")]
    [InlineData("catalog.datacenters(all)")]
    public void Only_what_a_dependency_prints_is_read_back(string text)
    {
        Assert.Null(DependencyText.TryRead(text));
    }

    [Theory]
    [InlineData("node", "n", false)]
    [InlineData("file", "/x", false)]
    [InlineData("caLeaf", "web", false)]
    [InlineData("service", "web~_agent", false)]
    [InlineData("service", "web", true)]
    [InlineData("caRoots", "", true)]
    public void What_differs_by_host_is_not_shared(string function, string argument, bool shareable)
    {
        Assert.Equal(shareable, Parse(function, argument, out _)!.IsShareable);
    }

    internal static Dependency? Parse(string function, string argument, out string error)
    {
        error = string.Empty;
        return function switch
        {
            "service" => DependencyParser.TryService(argument, out error),
            "connect" => DependencyParser.TryConnect(argument, out error),
            "key" => DependencyParser.TryBlockingKey(argument, out error),
            "keyExists" => DependencyParser.TryKey(argument, out error),
            "ls" => DependencyParser.TryKeys(argument, out error),
            "node" => DependencyParser.TryNode(argument, out error),
            "nodes" => DependencyParser.TryNodes(argument, out error),
            "services" => DependencyParser.TryServices(argument, out error),
            "datacenters" => DependencyParser.Datacenters(argument is "true"),
            "file" => DependencyParser.File(argument),
            "caRoots" => DependencyParser.CaRoots(),
            "caLeaf" => DependencyParser.TryCaLeaf(argument, out error),
            _ => throw new ArgumentOutOfRangeException(nameof(function)),
        };
    }
}
