using K8sConsul.Helm.Rendering;

namespace K8sConsul.Helm.Tests;

/// <summary>What Helm would not render, and how it says so.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("a: 1\nb:\n  {{ required \"b is required\" .Values.b }}", "execution error at (c/templates/t.yaml:3:5): b is required")]
    [InlineData("{{ required \"not empty\" \"\" }}", "execution error at (c/templates/t.yaml:1:3): not empty")]
    [InlineData("{{- fail \"two\\nlines\" }}", "execution error at (c/templates/t.yaml:1:4): two\nlines")]
    [InlineData("\n {{ include \"deep\" . }}", "execution error at (c/templates/t.yaml:2:4): from below")]
    [InlineData("{{ tpl \"{{ fail `in tpl` }}\" . }}", "execution error at (c/templates/t.yaml:1:3): in tpl")]
    [InlineData("{{ nope }}", "parse error at (c/templates/t.yaml:1): function \"nope\" not defined")]
    [InlineData("\n{{ if }}", "parse error at (c/templates/t.yaml:2): missing value for if")]
    [InlineData("{{ env \"HOME\" }}", "parse error at (c/templates/t.yaml:1): function \"env\" not defined")]
    [InlineData("{{ expandenv \"$HOME\" }}", "parse error at (c/templates/t.yaml:1): function \"expandenv\" not defined")]
    [InlineData("{{ .Values.a.b }}", "template: c/templates/t.yaml:1:10: executing \"c/templates/t.yaml\" at <.Values.a.b>: nil pointer evaluating interface {}.b")]
    [InlineData("{{ include \"gone\" . }}", "template: c/templates/t.yaml:1:3: executing \"c/templates/t.yaml\" at <include \"gone\" .>: error calling include: template: no template \"gone\" associated with template \"gotpl\"")]
    [InlineData("{{ include \"broken\" . }}", "template: c/templates/t.yaml:1:3: executing \"c/templates/t.yaml\" at <include \"broken\" .>: error calling include: template: c/templates/_h.tpl:2:31: executing \"broken\" at <.Values.x.y.z>: nil pointer evaluating interface {}.y")]
    [InlineData("{{ tpl \"{{\" . }}", "template: c/templates/t.yaml:1:3: executing \"c/templates/t.yaml\" at <tpl \"{{\" .>: error calling tpl: cannot parse template \"{{\": template: gotpl:1: unclosed action")]
    [InlineData("{{ tpl \"{{ .a.b }}\" . }}", "template: c/templates/t.yaml:1:3: executing \"c/templates/t.yaml\" at <tpl \"{{ .a.b }}\" .>: error calling tpl: error during tpl function execution for \"{{ .a.b }}\": template: gotpl:1:5: executing \"gotpl\" at <.a.b>: nil pointer evaluating interface {}.b")]
    [InlineData("a: [1", "YAML parse error on c/templates/t.yaml: error converting YAML to JSON: yaml: line 1: ")]
    [InlineData("a: 1\nb:\n  c: 1\n d: 2", "YAML parse error on c/templates/t.yaml: error converting YAML to JSON: yaml: line 4: ")]
    [InlineData("ok: 1\n---\na: b: c", "YAML parse error on c/templates/t.yaml: error converting YAML to JSON: yaml: line 1: ")]
    [InlineData("just text", "YAML parse error on c/templates/t.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type map[string]interface {}")]
    [InlineData("metadata: {annotations: {a: true}}", "YAML parse error on c/templates/t.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal bool into Go struct field .metadata.annotations of type string")]
    [InlineData("metadata: {name: 5}", "YAML parse error on c/templates/t.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field .metadata.name of type string")]
    public void Templates(string template, string error)
    {
        using TestChart chart = new TestChart()
            .With("templates/_h.tpl", "{{ define \"deep\" }}{{ fail \"from below\" }}{{ end }}\n{{ define \"broken\" }}{{ .Values.x.y.z }}{{ end }}")
            .With("templates/t.yaml", template);
        string refusal = chart.Refusal();
        Assert.True(error.EndsWith(": ", StringComparison.Ordinal) ? refusal.StartsWith(error, StringComparison.Ordinal) : refusal == error, refusal);
    }

    [Theory]
    [InlineData("apiVersion: v2\nversion: 1.0.0", "validation: chart.metadata.name is required")]
    [InlineData("apiVersion: v2\nname: c", "validation: chart.metadata.version is required")]
    [InlineData("apiVersion: v3\nname: c\nversion: 1.0.0", "validation: chart.metadata.apiVersion must be v1 or v2")]
    [InlineData("name: c\nversion: x.y", "validation: chart.metadata.version \"x.y\" is invalid")]
    [InlineData("name: c\nversion: 1.0.0\ntype: other", "validation: chart.metadata.type must be application or library")]
    [InlineData("name: c\nversion: 1.0.0\ntype: library", "library charts are not installable")]
    [InlineData("name: c\nversion: 1.0.0\nappVersion: 1.5", "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field Metadata.appVersion of type string")]
    [InlineData("name: [", "cannot load Chart.yaml: error converting YAML to JSON: yaml: line 1: ")]
    [InlineData("name: c\nversion: 1.0.0\nkubeVersion: '>=1.32.0'", "chart requires kubeVersion: >=1.32.0 which is incompatible with Kubernetes v1.31.0")]
    [InlineData("name: c\nversion: 1.0.0\nkubeVersion: nonsense", "chart requires kubeVersion: nonsense which is incompatible with Kubernetes v1.31.0")]
    [InlineData("name: c\nversion: 1.0.0\ndependencies: [{name: s, version: 1}]", "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field Dependency.version of type string")]
    [InlineData("name: c\nversion: 1.0.0\ndependencies: [{name: s, version: '1', tags: [y]}]", "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal bool into Go struct field Dependency.tags of type string")]
    [InlineData("name: c\nversion: 1.0.0\ndependencies: [{name: s, version: '1', import-values: [x]}]", "import-values of a dependency are not supported here")]
    public void Chart_yaml(string metadata, string error)
    {
        using TestChart chart = new TestChart().With("Chart.yaml", metadata);
        Assert.StartsWith(error, chart.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Blue")]
    [InlineData("")]
    [InlineData("a_b")]
    [InlineData("-a")]
    [InlineData("a234567890123456789012345678901234567890123456789012345")]
    public void Release_names(string name)
    {
        using var chart = new TestChart();
        Assert.StartsWith($"release name \"{name}\": invalid release name, must match regex ", chart.Refusal(new HelmOptions { ReleaseName = name }), StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_and_versions()
    {
        using var chart = new TestChart();
        Assert.Equal("invalid kube version 'x': Invalid Semantic Version", chart.Refusal(new HelmOptions { KubeVersion = "x" }));
        string gone = Path.Combine(chart.Folder, "gone");
        Assert.Equal($"path \"{gone}\" not found", Assert.Throws<HelmException>(() => HelmTemplate.Render(gone)).Message);
        Directory.CreateDirectory(gone);
        Assert.Equal("Chart.yaml file is missing", Assert.Throws<HelmException>(() => HelmTemplate.Render(gone)).Message);
        chart.With("charts/sub/values.yaml", "a: 1");
        Assert.Equal("error unpacking subchart sub in c: Chart.yaml file is missing", chart.Refusal());
        using TestChart archive = new TestChart().With("charts/sub-1.0.0.tgz", "x");
        Assert.Equal("error unpacking sub-1.0.0.tgz in c: archives are not supported here, only folders", archive.Refusal());
    }

    [Fact]
    public void A_template_that_includes_itself_ends()
    {
        using TestChart chart = new TestChart().With("templates/t.yaml", "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}");
        string refusal = chart.Refusal();
        Assert.EndsWith("rendering template has a nested reference name: a: unable to execute template", refusal, StringComparison.Ordinal);
        Assert.Equal(1003, refusal.Split("error calling include").Length);
    }

    [Fact]
    public void Including_often_is_not_including_deeply()
    {
        using TestChart chart = new TestChart().With("templates/t.yaml", "{{ define \"a\" }}x{{ end }}out: {{ range until 3000 }}{{ include \"a\" . }}{{ end }}");
        Assert.Equal(3000, chart.Render().Manifests[0].Text("out").Length);
    }

    [Fact]
    public void Values_that_the_schema_does_not_allow()
    {
        using TestChart chart = new TestChart()
            .With("values.yaml", "replicas: 1\nserver: {name: a}")
            .With("values.schema.json", """
                { "$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "required": ["replicas"], "properties": {
                    "replicas": { "type": "integer", "minimum": 1 },
                    "server": { "type": "object", "additionalProperties": false, "properties": { "name": { "type": "string", "pattern": "^[a-z]+$" } } } } }
                """)
            .WithSubchart("sub", "", "x: 1")
            .With("charts/sub/values.schema.json", """{ "properties": { "port": { "type": "integer" } } }""");
        Assert.Single(chart.Render().Manifests);
        const string Head = "values don't meet the specifications of the schema(s) in the following chart(s):\n";
        string refusal = chart.Refusal(new HelmOptions { Set = ["replicas=two,server.name=A1,server.other=x", "sub.port=x"] });
        Assert.StartsWith(Head + "c:\n- at '/", refusal, StringComparison.Ordinal);
        foreach (string place in new[] { "- at '/replicas': ", "- at '/server/name': ", "- at '/server/other': ", "\nsub:\n- at '/port': " })
        {
            Assert.Contains(place, refusal, StringComparison.Ordinal);
        }

        Assert.Contains("- at '': ", chart.Refusal(new HelmOptions { Set = ["replicas=null"] }), StringComparison.Ordinal);
        chart.With("values.schema.json", "{");
        Assert.StartsWith("values.schema.json is no schema: ", chart.Refusal(), StringComparison.Ordinal);
    }
}
