using K8sConsul.Helm.Manifests;
using K8sConsul.Helm.Rendering;

namespace K8sConsul.Helm.Tests;

/// <summary>Which subcharts are rendered, and under which names.</summary>
public sealed class SubchartTests
{
    private const string Show = "chart: {{ .Chart.Name }}\nv: {{ .Values.v | quote }}\nroot: {{ .Chart.IsRoot }}\npath: {{ .Template.BasePath }}";

    [Theory]
    [InlineData("condition: sub.enabled", "", true)]
    [InlineData("condition: sub.enabled", "sub.enabled=false", false)]
    [InlineData("condition: sub.enabled", "sub.enabled=text", true)]
    [InlineData("condition: 'a.b,sub.enabled'", "a.b=false,sub.enabled=true", false)]
    [InlineData("condition: 'a.b,sub.enabled'", "sub.enabled=false", false)]
    [InlineData("tags: [x, z]", "", true)]
    [InlineData("tags: [x, z]", "tags.x=false", false)]
    [InlineData("tags: [x, z]", "tags.x=false,tags.z=true", true)]
    [InlineData("condition: sub.enabled\n    tags: [x]", "tags.x=false,sub.enabled=true", true)]
    [InlineData("condition: sub.enabled\n    tags: [x]", "tags.x=true,sub.enabled=false", false)]
    public void Conditions_come_before_tags(string rule, string set, bool isWanted)
    {
        using TestChart chart = Declaring($"  - name: sub\n    version: 1.x\n    {rule}\n");
        RenderedChart rendered = chart.Render(new HelmOptions { Set = set.Length == 0 ? [] : [set] });
        Assert.Equal(isWanted, rendered.Manifests.Any(manifest => manifest.Source.Contains("/charts/sub/", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_alias_gives_a_subchart_another_name_and_other_values()
    {
        using TestChart chart = Declaring("  - name: sub\n    version: '*'\n  - name: sub\n    alias: other\n    version: '*'\n")
            .With("values.yaml", "sub: {v: first}\nother: {v: second}\n");
        RenderedChart rendered = chart.Render();
        Assert.Equal(["c/charts/other/templates/t.yaml", "c/charts/sub/templates/t.yaml"], rendered.Manifests.Take(2).Select(manifest => manifest.Source));
        Assert.Equal(["other second", "sub first"], rendered.Manifests.Take(2).Select(manifest => manifest.Text("chart") + " " + manifest.Text("v")));
        Assert.Equal("c/charts/other/templates", rendered.Manifests[0].Text("path"));
        Assert.Equal("false", rendered.Manifests[0].Text("root"));
    }

    [Fact]
    public void A_subchart_of_a_version_that_is_not_meant_is_no_declared_one()
    {
        // As in Helm it is then rendered as one that Chart.yaml does not know, though a condition takes it away by its name.
        using TestChart chart = Declaring("  - name: sub\n    version: 2.x\n    alias: other\n");
        Assert.Equal(["sub", "c"], chart.Render().Manifests.Select(manifest => manifest.Text("chart")));
        using TestChart conditional = Declaring("  - name: sub\n    version: 2.x\n    condition: sub.enabled\n");
        Assert.Single(conditional.Render(new HelmOptions { Set = ["sub.enabled=false"] }).Manifests);
    }

    [Fact]
    public void A_declared_subchart_must_be_there()
    {
        using TestChart chart = Declaring("  - name: gone\n    version: 1.x\n");
        Assert.EndsWith("found in Chart.yaml, but missing in charts/ directory: gone", chart.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Definitions_of_the_parent_take_the_place_of_the_subcharts()
    {
        using TestChart chart = new TestChart()
            .With("templates/_h.tpl", "{{ define \"name\" }}parent{{ end }}")
            .WithSubchart("sub", "", "out: {{ include \"name\" . }} {{ include \"own\" . }}")
            .With("charts/sub/templates/_h.tpl", "{{ define \"name\" }}sub{{ end }}{{ define \"own\" }}own{{ end }}");
        Assert.Equal("parent own", chart.Render().Manifests[0].Text("out"));
    }

    [Fact]
    public void A_library_gives_partials_only()
    {
        using TestChart chart = new TestChart()
            .With("templates/t.yaml", "out: {{ include \"lib.name\" . }}")
            .WithSubchart("lib", "", "{{ fail \"not rendered\" }}")
            .With("charts/lib/Chart.yaml", "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n")
            .With("charts/lib/templates/_h.tpl", "{{ define \"lib.name\" }}from {{ .Chart.Name }}{{ end }}");
        Assert.Equal("from c", Assert.Single(chart.Render().Manifests).Text("out"));
    }

    [Fact]
    public void Subcharts_of_subcharts_get_their_part()
    {
        using TestChart chart = new TestChart()
            .With("values.yaml", "sub: {deep: {v: root}}\nglobal: {g: 1}")
            .WithSubchart("sub", "deep: {v: sub, w: sub}", "x: 1")
            .With("charts/sub/charts/deep/Chart.yaml", "name: deep\nversion: 0.1.0\n")
            .With("charts/sub/charts/deep/values.yaml", "v: deep\nw: deep\nx: deep\n")
            .With("charts/sub/charts/deep/templates/t.yaml", "o: {{ .Values | toJson | quote }}");
        Assert.Equal("""{"global":{"g":1},"v":"root","w":"sub","x":"deep"}""", chart.Render().Manifests[0].Text("o"));
    }

    private static TestChart Declaring(string dependencies)
    {
        return new TestChart()
            .With("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n" + dependencies)
            .With("templates/t.yaml", Show)
            .WithSubchart("sub", "v: own", Show);
    }
}
