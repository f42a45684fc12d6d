using K8sConsul.Helm.Manifests;
using K8sConsul.Helm.Rendering;

namespace K8sConsul.Helm.Tests;

/// <summary>Whose values win, and what subcharts see of them.</summary>
public sealed class ValuesTests
{
    private const string Show = "v: {{ .Values | toJson | quote }}";

    [Fact]
    public void Later_sources_win_over_earlier_ones()
    {
        using TestChart chart = new TestChart().With("values.yaml", "a: chart\nb: chart\nc: chart\nd: chart\ne: chart\n").With("templates/t.yaml", Show);
        RenderedChart rendered = chart.Render(new HelmOptions
        {
            Values = ["b: file\nc: file\nd: file\ne: file\n", "c: second\nd: second\ne: second\n"],
            SetJson = ["d=\"json\",e=\"json\""],
            Set = ["e=set,f=1"],
            SetString = ["f=2"],
        });
        Assert.Equal("""{"a":"chart","b":"file","c":"second","d":"json","e":"set","f":"2"}""", rendered.Manifests[0].Text("v"));
    }

    [Theory]
    [InlineData("m: {a: 1, b: 2}", "m: {b: 3, c: 4}", """{"m":{"a":1,"b":3,"c":4}}""")]
    [InlineData("l: [1, 2, 3]", "l: [9]", """{"l":[9]}""")]
    [InlineData("a: 1\nb: 2", "a: null", """{"b":2}""")]
    [InlineData("m: {a: 1, b: {c: 2, d: 3}}", "m: {b: {c: null}}", """{"m":{"a":1,"b":{"d":3}}}""")]
    [InlineData("m: {a: 1}", "m: null", "{}")]
    [InlineData("m: {a: 1}", "m: {zz: null}", """{"m":{"a":1}}""")]
    [InlineData("a: null\nb:", "", """{"a":null,"b":null}""")]
    [InlineData("a: 1", "new: {x: null, z: 1}", """{"a":1,"new":{"x":null,"z":1}}""")]
    [InlineData("m: {a: 1}", "m: text", """{"m":"text"}""")]
    [InlineData("", "a: yes\nb: 'yes'\nc: 010\n1: one", """{"1":"one","a":true,"b":"yes","c":8}""")]
    public void Tables_merge_and_nulls_take_away(string own, string given, string expected)
    {
        using TestChart chart = new TestChart().With("values.yaml", own).With("templates/t.yaml", Show);
        Assert.Equal(expected, chart.Render(new HelmOptions { Values = [given] }).Manifests[0].Text("v"));
    }

    [Fact]
    public void A_scalar_for_a_table_and_a_table_for_a_scalar_are_warned_of()
    {
        using TestChart chart = new TestChart().With("values.yaml", "s: text\nm: {t: {x: 1}, u: 1}").With("templates/t.yaml", Show);
        RenderedChart rendered = chart.Render(new HelmOptions { Values = ["s: {k: 1}\nm: {t: 5, u: {z: 1}}"] });
        Assert.Equal("""{"m":{"t":5,"u":{"z":1}},"s":{"k":1}}""", rendered.Manifests[0].Text("v"));
        Assert.Equal(
            [
                "warning: skipped value for c.s: Not a table.",
                "warning: cannot overwrite table with non table for c.m.t (map[x:1])",
                "warning: destination for c.m.u is a table. Ignoring non-table value (1)",
            ],
            rendered.Warnings);
    }

    [Fact]
    public void A_subchart_sees_its_own_values_and_the_global_ones()
    {
        using TestChart chart = new TestChart()
            .With("values.yaml", "global: {region: here, m: {a: parent}}\nsub: {a: parent, b: parent}\nmine: 1\n")
            .With("templates/t.yaml", Show)
            .WithSubchart("sub", "a: sub\nb: sub\nc: sub\nd: sub\nglobal: {region: sub, own: sub, m: {a: sub, b: sub}}\n", Show);
        RenderedChart rendered = chart.Render(new HelmOptions { Values = ["sub: {b: file, d: null}"] });
        Assert.Equal("c/charts/sub/templates/t.yaml", rendered.Manifests[0].Source);
        Assert.Equal(
            """{"a":"parent","b":"file","c":"sub","global":{"m":{"a":"parent","b":"sub"},"own":"sub","region":"here"}}""",
            rendered.Manifests[0].Text("v"));
        Assert.Contains("\"mine\":1", rendered.Manifests[1].Text("v"), StringComparison.Ordinal);
        Assert.Contains("\"sub\":{\"a\":\"parent\",\"b\":\"file\",\"c\":\"sub\"", rendered.Manifests[1].Text("v"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_should_be_a_subcharts_table_must_be_one()
    {
        using TestChart chart = new TestChart().WithSubchart("sub", "", Show);
        Assert.Equal("type mismatch on sub: text is no table", chart.Refusal(new HelmOptions { Set = ["sub=text"] }));
    }

    [Fact]
    public void What_a_template_changes_later_ones_of_the_chart_see_and_the_next_render_does_not()
    {
        using TestChart chart = new TestChart()
            .With("values.yaml", "num: 1")
            .With("templates/b.yaml", "b: {{ $_ := set .Values \"num\" 2 }}{{ .Values.num }}")
            .With("templates/a.yaml", "a: {{ .Values.num }}")
            .With("templates/c.yaml", "c: {{ .Values.num }}");
        for (int round = 0; round < 2; round++)
        {
            // By name backwards: c comes before b, and a behind it.
            Assert.Equal(["a: 2", "b: 2", "c: 1"], chart.Render().Manifests.Select(manifest => manifest.Content));
        }
    }

    [Theory]
    [InlineData("a: [", "failed to parse values: error converting YAML to JSON: yaml: line ")]
    [InlineData("- 1", "failed to parse values: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}")]
    public void Values_that_are_no_map_are_refused(string given, string error)
    {
        using TestChart chart = new TestChart().With("templates/t.yaml", Show);
        Assert.StartsWith(error, chart.Refusal(new HelmOptions { Values = [given] }), StringComparison.Ordinal);
    }
}
