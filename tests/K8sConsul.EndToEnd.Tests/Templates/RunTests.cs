using System.Text;

namespace K8sConsul.EndToEnd.Tests.Templates;

/// <summary>The published program, being native code: every function works in it, and it obeys signals.</summary>
public sealed class RunTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("k8sconsul-template-").FullName;
    private readonly AgentProcess _agent;

    public RunTests()
    {
        _agent = new AgentProcess("templates", _folder, "-server", "-bootstrap");
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The table that K8sConsul.TemplateRunner.Tests runs in its own process: types that only reflection would find are missing here.</summary>
    [Fact]
    public async Task Every_helper_gives_what_the_table_says()
    {
        string[] lines = [.. (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Testdata", "helpers.txt"))).Where(static line => line.Length > 0 && line[0] != '#')];
        List<(string Template, string Expected)> rows = [.. lines.Chunk(2).Where(static row => !row[1].StartsWith("! ", StringComparison.Ordinal)).Select(static row => (row[0], row[1]))];
        var config = new StringBuilder("consul { address = \"consul:8500\" }\n");
        Directory.CreateDirectory(Path.Combine(_folder, "made"));
        for (int i = 0; i < rows.Count; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, $"{i}.ctmpl"), rows[i].Template.Replace("FOLDER", _folder, StringComparison.Ordinal));
            config.Append($"template {{ source = \"{i}.ctmpl\" destination = \"{i}\" }}\n");
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, "template.hcl"), config.ToString());
        await using TemplateProcess template = TemplateProcess.Start(_folder, "nobody:1", ["-config", "template.hcl", "-once"], ("SET", "value"));
        int code = await template.EndAsync();
        Assert.True(code == 0, template.Log);
        for (int i = 0; i < rows.Count; i++)
        {
            string expected = rows[i].Expected is "\\" ? "" : rows[i].Expected.Replace(@"\\", "\u0001", StringComparison.Ordinal).Replace(@"\n", "\n", StringComparison.Ordinal).Replace('\u0001', '\\');
            string rendered = await File.ReadAllTextAsync(Path.Combine(_folder, i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            Assert.True(expected == rendered, $"{rows[i].Template}\ngives {rendered}\nand not {expected}");
        }
    }

    [Fact]
    public async Task Every_function_that_asks_Consul_has_an_answer_from_an_agent()
    {
        await _agent.StartWithLeaderAsync();
        await _agent.PutKeyAsync("app/a", "A");
        await _agent.PutKeyAsync("app/b/c", "C");
        using (HttpResponseMessage answer = await _agent.Http.PutAsync("/v1/agent/service/register", new StringContent(
            """{"ID":"web1","Name":"web","Port":80,"Address":"10.0.0.1","Tags":["v1"],"Meta":{"zone":"z1"}}""")))
        {
            answer.EnsureSuccessStatusCode();
        }

        await Eventually.TrueAsync("the catalog has the service", async () => (await _agent.Http.GetStringAsync("/v1/catalog/service/web")).Contains("web1", StringComparison.Ordinal), () => _agent.Log);
        await File.WriteAllTextAsync(Path.Combine(_folder, "in.ctmpl"), $$$"""
            {{ key "app/a" }} {{ keyExists "no" }} {{ keyOrDefault "no" "d" }} {{ range ls "app" }}{{ .Key }}{{ end }} {{ range safeLs "app" }}{{ .Key }}{{ end }}
            {{ range tree "app" }}{{ .Key }}={{ .Value }};{{ end }} {{ range safeTree "app" }}{{ .Path }};{{ end }} {{ explode (tree "app") }} {{ range $k, $v := tree "app" | byKey }}{{ $k }}{{ end }}
            {{ range service "web" }}{{ .ID }} {{ .Address }}:{{ .Port }} {{ .Tags }} {{ .Status }} {{ .ServiceMeta.zone }}{{ end }} {{ range connect "web" }}x{{ end }}
            {{ range services }}{{ .Name }}{{ .Tags }} {{ end }}{{ with node }}{{ .Node.Node }}{{ range .Services }} {{ .Service }}{{ end }}{{ end }} {{ range nodes }}{{ .Node }}{{ end }}
            {{ datacenters }} {{ file "{{{_folder}}}/in.ctmpl" | len | lt 10 }} {{ range $t, $s := byTag (service "web") }}{{ $t }}={{ len $s }}{{ end }} {{ range $m, $s := byMeta "zone" (service "web") }}{{ $m }}{{ end }} {{ range $p, $s := byPort (service "web") }}{{ $p }}{{ end }}

            """);
        await using TemplateProcess template = TemplateProcess.Start(_folder, _agent.Http.BaseAddress!.Authority, ["-template", "in.ctmpl:out", "-once"]);
        int code = await template.EndAsync();
        Assert.True(code == 0, template.Log);
        Assert.Equal(
            """
            A false d a a
            a=A;b/c=C; app/a;app/b/c; map[a:A b:map[c:C]] ab
            web1 10.0.0.1:80 [v1] passing z1 
            consul[] web[v1] templates consul web templates
            [dc1] true v1=1 z1 80

            """,
            await File.ReadAllTextAsync(Path.Combine(_folder, "out")));
    }

    [Fact]
    public async Task A_reload_reads_the_configuration_again_and_SIGTERM_ends_it_with_code_12()
    {
        await _agent.StartWithLeaderAsync();
        await _agent.PutKeyAsync("app/a", "A");
        await ConfigureAsync("before {{ key \"app/a\" }}");
        await using TemplateProcess template = TemplateProcess.Start(_folder, _agent.Http.BaseAddress!.Authority, ["-config", "template.hcl", "-pid-file", "pid"]);
        await template.SaysAsync("(runner) all templates rendered");
        await ConfigureAsync("{{ broken");
        await template.SendAsync("HUP");
        await template.SaysAsync("(config) read again");
        Assert.Equal(14, await template.EndAsync());
        Assert.Contains("[ERR] (cli) (dynamic): parse: template: :1: ", template.Log, StringComparison.Ordinal);
        Assert.Equal("before A", await File.ReadAllTextAsync(Path.Combine(_folder, "out")));

        await ConfigureAsync("before {{ key \"app/a\" }}");
        await using TemplateProcess other = TemplateProcess.Start(_folder, _agent.Http.BaseAddress!.Authority, ["-config", "template.hcl", "-pid-file", "pid"]);
        await other.SaysAsync("(runner) all templates rendered");
        await ConfigureAsync("after {{ key \"app/a\" }}");
        await other.SendAsync("HUP");
        await other.SaysAsync("(runner) all templates rendered", times: 2);
        Assert.Equal("after A", await File.ReadAllTextAsync(Path.Combine(_folder, "out")));
        Assert.True(File.Exists(Path.Combine(_folder, "pid")));
        Assert.Equal(12, await other.SignalAsync("TERM"));
        Assert.False(File.Exists(Path.Combine(_folder, "pid")));
    }

    [Theory]
    [InlineData("exit 5", 5)]
    [InlineData("true; exit 0", 0)]
    public async Task The_child_s_exit_code_is_passed_on(string script, int code)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "in.ctmpl"), "x");
        await using TemplateProcess template = TemplateProcess.Start(_folder, "127.0.0.1:1", ["-template", "in.ctmpl:out", "-exec", script]);
        Assert.Equal(code, await template.EndAsync());
    }

    private Task ConfigureAsync(string contents)
    {
        return File.WriteAllTextAsync(
            Path.Combine(_folder, "template.hcl"), $"template {{ contents = \"{contents.Replace("\"", "\\\"", StringComparison.Ordinal)}\" destination = \"out\" }}");
    }
}
