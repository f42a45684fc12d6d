using K8sConsul.Template;
using K8sConsul.TemplateRunner.Engine;
using K8sConsul.TemplateRunner.Language;

namespace K8sConsul.TemplateRunner.Tests.Language;

/// <summary>spec/template.md, section 4: what each function gives, what it waits for, and how it fails.</summary>
public sealed class GoTemplateEngineTests
{
    [Theory]
    [InlineData("""{{key "a"}}{{key "/a"}}{{key ""}}""", "11")]
    [InlineData("""{{keyExists "a"}} {{keyExists "absent"}} {{keyExists "empty"}}""", "true false true")]
    [InlineData("""{{keyOrDefault "a" "d"}} {{keyOrDefault "absent" "d"}} {{keyOrDefault "empty" "d"}}""", "1 d d")]
    [InlineData("""{{range ls "app"}}{{.Path}}={{.Key}}={{.Value}}={{.ModifyIndex}}={{.Flags}};{{end}}""", "app/a=a=A=7=3;")]
    [InlineData("""{{range tree "app"}}{{.Key}}={{.Value}};{{end}}""", "a=A;b/c=C;")]
    [InlineData("""{{range safeLs "app"}}{{.Key}};{{end}}{{range safeTree "app"}}{{.Key}};{{end}}""", "a;a;b/c;")]
    [InlineData("""{{range ls "none"}}x{{else}}nothing{{end}}""", "nothing")]
    [InlineData("""{{range service "web"}}{{.Node}} {{.ID}} {{.Name}} {{.Address}}:{{.Port}} {{.Tags}} {{.Status}};{{end}}""", "n1 web1 web 10.1.0.1:8001 [v1 primary] passing;n2 web2 web 10.1.0.1:8002 [] passing;")]
    [InlineData("""{{len (service "web" "any")}}{{len (service "web|any")}}""", "33")]
    [InlineData("""{{range service "web"}}{{.Tags.Contains "v1"}};{{end}}""", "true;false;")]
    [InlineData("""{{range service "web"}}{{.ServiceMeta.zone}}{{.ServiceMeta.nope}}{{.NodeMeta.nope}}{{(index .ServiceTaggedAddresses "lan").Address}};{{end}}""", "z110.1.0.9;z110.1.0.9;")]
    [InlineData("""{{with index (service "web") 0}}{{range .Checks}}{{.CheckID}}={{.Status}}={{.Output}}{{end}} {{.Weights.Passing}}{{end}}""", "alive=passing=ok 1")]
    [InlineData("""{{range connect "web"}}{{.ID}}:{{.Port}}{{end}}""", "web1-proxy:20000")]
    [InlineData("""{{range services}}{{.Name}}{{.Tags}}{{end}}""", "consul[]web[v1]")]
    [InlineData("""{{with node}}{{.Node.Node}} {{.Node.Address}} {{.Node.Meta.rack}}{{range .Services}} {{.Service}}:{{.Port}}{{.Tags}}{{end}}{{end}}""", "me 10.0.0.1 r1 web:80[v1]")]
    [InlineData("""{{with node "gone"}}x{{else}}nobody{{end}}""", "nobody")]
    [InlineData("""{{range nodes}}{{.Node}}={{.Address}};{{end}}""", "a=10.0.0.1;b=10.0.0.2;")]
    [InlineData("""{{datacenters}}""", "[dc1 dc2]")]
    [InlineData("""{{file "/etc/x"}}{{file ""}}""", "content")]
    [InlineData("""{{range caRoots}}{{.Name}} {{.RootCertPEM}} {{.Active}}{{end}}""", "root PEM true")]
    [InlineData("""{{with caLeaf "web"}}{{.CertPEM}} {{.PrivateKeyPEM}}{{end}}""", "CERT KEY")]
    public void What_is_known_is_shown(string template, string expected)
    {
        RenderOutcome outcome = Render(template);
        Assert.Equal((expected, "", 0), (outcome.Text, outcome.Error, outcome.Missing.Count));
    }

    [Theory]
    [InlineData("""{{key "b"}}|""", "|", "kv.block(b)")]
    [InlineData("""{{key "absent"}}|""", "|", "kv.block(absent)")]
    [InlineData("""{{keyExists "b"}}""", "false", "kv.get(b)")]
    [InlineData("""{{keyOrDefault "b" "d"}}""", "d", "kv.get(b)")]
    [InlineData("""{{ls "x"}}{{tree "x"}}""", "[][]", "kv.list(x)")]
    [InlineData("""{{safeLs "none"}}""", "[]", "kv.list(none)")]
    [InlineData("""{{safeTree "none"}}""", "[]", "kv.list(none)")]
    [InlineData("""{{range service "v1.web@dc2~_agent|any"}}x{{end}}|""", "|", "health.service(v1.web@dc2~_agent|any)")]
    [InlineData("""{{services "@dc2"}}""", "[]", "catalog.services(@dc2)")]
    [InlineData("""{{with node "x"}}x{{end}}|""", "|", "catalog.node(x)")]
    [InlineData("""{{nodes "@dc2"}}""", "[]", "catalog.nodes(@dc2)")]
    [InlineData("""{{datacenters true}}""", "[]", "catalog.datacenters(reachable)")]
    [InlineData("""{{file "/etc/y"}}|""", "|", "file(/etc/y)")]
    [InlineData("""{{with caLeaf "x"}}x{{end}}|""", "|", "connect.caleaf(x)")]
    public void What_is_not_known_is_empty_and_waited_for(string template, string text, string missing)
    {
        RenderOutcome outcome = Render(template);
        Assert.Equal((text, ""), (outcome.Text, outcome.Error));
        Assert.Equal([missing], outcome.Missing.Select(static dependency => dependency.ToString()));
        Assert.Equal([missing], outcome.Used.Select(static dependency => dependency.ToString()));
    }

    [Theory]
    [InlineData("""{{service "a b"}}""", """template: :1:2: executing "" at <service "a b">: error calling service: health.service: invalid format: "a b" """)]
    [InlineData("""{{service "web" "odd"}}""", """template: :1:2: executing "" at <service "web" "odd">: error calling service: health.service: invalid filter: "odd" in "web|odd" """)]
    [InlineData("""{{key "a@b@c"}}""", """template: :1:2: executing "" at <key "a@b@c">: error calling key: kv.get: invalid format: "a@b@c" """)]
    [InlineData("""{{service}}""", """template: :1:2: executing "" at <service>: error calling service: service: wrong number of arguments, expected 1 or 2, but got 0 """)]
    [InlineData("""{{(index (service "web") 0).Nope}}""", """template: :1:25: executing "" at <0>: can't evaluate field Nope in type *dependency.HealthService """)]
    [InlineData("""{{secret "a/b"}}""", """template: :1:2: executing "" at <secret "a/b">: error calling secret: K8sConsul does not read Vault's secrets: put the value into a file and use the function file, or into a key """)]
    [InlineData("""{{nomadServices}}""", """template: :1:2: executing "" at <nomadServices>: error calling nomadServices: K8sConsul does not ask Nomad: register the service in Consul and use the function service """)]
    public void Mistakes_are_told_in_the_languages_words(string template, string error)
    {
        Assert.Equal(error.TrimEnd(), Render(template).Error);
    }

    [Theory]
    [InlineData("""{{service "web" | len}}""", 2, false, "")]
    [InlineData("""{{service "web" | len}}""", 3, false, "health.service(web|passing)")]
    [InlineData("""{{service "web" | len}}{{service "web|any" | len}}""", 3, false, "health.service(web|passing)")]
    [InlineData("""{{connect "web" | len}}""", 2, false, "health.connect(web|passing)")]
    [InlineData("""{{ls "none"}}{{tree "none"}}""", 5, false, "")]
    [InlineData("""{{ls "none"}}""", 0, true, "kv.list(none)")]
    [InlineData("""{{tree "none"}}""", 0, true, "kv.list(none)")]
    [InlineData("""{{service "empty"}}""", 0, true, "health.service(empty|passing)")]
    [InlineData("""{{service "web"}}{{tree "app"}}{{services}}{{nodes}}""", 0, true, "")]
    public void Too_short_a_list_is_missing_where_that_is_asked_for(string template, int minInstances, bool keepLast, string missing)
    {
        var source = new TemplateSource { Text = template, MinInstances = minInstances, KeepLastOnEmpty = keepLast };
        RenderOutcome outcome = new GoTemplateEngine(TestHost.Sample).Parse(source).Render(KnownData.Sample, TestContext.Current.CancellationToken);
        Assert.Equal(missing, string.Join(' ', outcome.Missing));
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public void What_was_asked_before_a_mistake_is_still_told()
    {
        RenderOutcome outcome = Render("""{{key "b"}}{{index (service "web") 9}}""");
        Assert.NotEmpty(outcome.Error);
        Assert.Equal(["health.service(web|passing)", "kv.block(b)"], outcome.Used.Order().Select(static dependency => dependency.ToString()));
    }

    [Theory]
    [InlineData(false, "<no value>", "")]
    [InlineData(true, "", """template: :1:3: executing "" at <data>: map has no entry for key "zz" """)]
    public void An_absent_entry_is_a_mistake_where_that_is_asked_for(bool isError, string text, string error)
    {
        var helpers = new TemplateFunctions().Add("data", static () => new Dictionary<string, object?>(StringComparer.Ordinal));
        RenderOutcome outcome = new GoTemplateEngine(TestHost.Sample, helpers)
            .Parse(new TemplateSource { Text = "{{(data).zz}}", ErrorOnMissingKey = isError })
            .Render(KnownData.Sample, TestContext.Current.CancellationToken);
        Assert.Equal((text, error.TrimEnd()), (outcome.Text, outcome.Error));
    }

    [Fact]
    public void A_function_can_be_disabled_by_name_or_pattern()
    {
        var source = new TemplateSource { Text = """{{key "a"}}{{keyExists "a"}}""", FunctionDenylist = ["keyE*", "sprig_*"] };
        RenderOutcome outcome = new GoTemplateEngine(TestHost.Sample).Parse(source).Render(KnownData.Sample, TestContext.Current.CancellationToken);
        Assert.Equal("""template: :1:13: executing "" at <keyExists "a">: error calling keyExists: function is disabled""", outcome.Error);
    }

    [Fact]
    public void Delimiters_are_the_templates_own()
    {
        var source = new TemplateSource { Text = """<< key "a" >> {{ kept }}""", LeftDelimiter = "<<", RightDelimiter = ">>" };
        Assert.Equal(
            "1 {{ kept }}", new GoTemplateEngine(TestHost.Sample).Parse(source).Render(KnownData.Sample, TestContext.Current.CancellationToken).Text);
    }

    [Theory]
    [InlineData("{{", "template: :1: unclosed action")]
    [InlineData("{{nope}}", """template: :1: function "nope" not defined""")]
    public void A_text_that_is_no_template_is_refused(string template, string error)
    {
        TemplateRefusedException refused = Assert.Throws<TemplateRefusedException>(
            () => new GoTemplateEngine(TestHost.Sample).Parse(new TemplateSource { Text = template }));
        Assert.Equal(error, refused.Message);
    }

    private static RenderOutcome Render(string template)
    {
        return new GoTemplateEngine(TestHost.Sample)
            .Parse(new TemplateSource { Text = template })
            .Render(KnownData.Sample, TestContext.Current.CancellationToken);
    }
}
