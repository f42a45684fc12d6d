using K8sConsul.Helm.Manifests;
using K8sConsul.Helm.Rendering;

namespace K8sConsul.Helm.Tests;

/// <summary>How what templates print is cut, sorted and asked.</summary>
public sealed class ManifestTests
{
    [Theory]
    [InlineData("a: 1", "a: 1")]
    [InlineData("---\na: 1\n---\n\n---\nb: 2\n---", "a: 1|---\nb: 2")]
    [InlineData("\n\n  a: 1\n\n---   \n  b: 2", "a: 1|b: 2")]
    [InlineData("a: |\n  x\n  --- y\n---\n# c\nb: 1", "a: |\n  x\n  --- y|# c\nb: 1")]
    [InlineData("   \n---\n  ", "")]
    public void Documents(string text, string expected) => Assert.Equal(expected, string.Join('|', ManifestSplitter.Split(text)));

    [Fact]
    public void Kinds_come_in_the_order_of_installation_and_others_by_name_behind_them()
    {
        string[] kinds = ["Zebra", "Ingress", "Deployment", "Service", "ConfigMap", "CustomResourceDefinition", "Namespace", "Alpaca", "Secret", "StatefulSet", "ClusterRole", "Job"];
        using TestChart chart = new TestChart().With("templates/a.yaml", string.Join("\n---\n", kinds.Select((kind, i) => $"kind: {kind}\nmetadata: {{name: n{i}}}")))
            .With("templates/b.yaml", "kind: Service\nmetadata: {name: last}");
        Assert.Equal(
            "Namespace Secret ConfigMap CustomResourceDefinition ClusterRole Service Service Deployment StatefulSet Job Ingress Alpaca Zebra",
            string.Join(' ', chart.Render().Manifests.Select(manifest => manifest.Kind)));
        Assert.Equal(["n3", "last"], chart.Render().OfKind("Service").Select(manifest => manifest.Name));
    }

    [Fact]
    public void Hooks_are_kept_apart_and_unknown_ones_dropped()
    {
        using TestChart chart = new TestChart()
            .With("templates/a.yaml", Hooked("Pod", "a", "\"helm.sh/hook\": \"Test-Success, post-install\"") + "\n---\n" + Hooked("Service", "b", "helm.sh/hook: pre-delete, helm.sh/hook-weight: \"x\""))
            .With("templates/b.yaml", Hooked("Job", "c", "helm.sh/hook: whenever") + "\n---\n" + Hooked("Job", "d", "helm.sh/hook-weight: \"1\""));
        RenderedChart rendered = chart.Render();
        Assert.Equal(["b", "a"], rendered.Hooks.Select(hook => hook.Manifest.Name));
        Assert.Equal(["test", "post-install"], rendered.Hooks[1].Events);
        Assert.Equal(0, rendered.Hooks[0].Weight);
        Assert.Empty(rendered.Hooks[0].DeletePolicies);
        Assert.Equal("d", Assert.Single(rendered.Manifests).Name);
        Assert.Equal(["info: skipping unknown hook: \"whenever\""], rendered.Warnings);
    }

    [Fact]
    public void Notes_are_the_charts_own_and_no_manifest()
    {
        using TestChart chart = new TestChart().With("templates/NOTES.txt", "Hello {{ .Release.Name }}: not yaml: at all").WithSubchart("sub", "", "x: 1").With("charts/sub/templates/NOTES.txt", "no");
        RenderedChart rendered = chart.Render();
        Assert.Equal("Hello release-name: not yaml: at all", rendered.Notes);
        Assert.Single(rendered.Manifests);
        using TestChart silent = new TestChart().With("templates/t.yaml", "{{ if false }}x: 1{{ end }}");
        Assert.Equal("", silent.Render().Notes);
        Assert.Empty(silent.Render().Manifests);
        Assert.Equal("\n", silent.Render().Text);
    }

    [Fact]
    public void Ignored_and_hidden_files_are_no_part_of_the_chart()
    {
        using TestChart chart = new TestChart()
            .With(".helmignore", "# comment\n*.md\n/docs/\ntemplates/*.skip\nb?.txt\n[x-z]*\n")
            .With("templates/.hidden.yaml", "{{ fail \"hidden\" }}").With("templates/a.skip", "{{ fail \"skipped\" }}")
            .With("README.md", "").With("docs/a", "").With("deep/docs/a", "").With("b1.txt", "").With("b12.txt", "").With("yes", "")
            .With("templates/t.yaml", "files: {{ range $name, $_ := .Files }}{{ $name }} {{ end }}");
        Assert.Equal(".helmignore b12.txt deep/docs/a", chart.Render().Manifests[0].Text("files"));
        chart.With(".helmignore", "a/**");
        Assert.Equal("double-star (**) syntax is not supported", chart.Refusal());
    }

    [Theory]
    [InlineData("spec.list[1].name", "b")]
    [InlineData("spec.list[name=a].value", "1")]
    [InlineData("spec.list[value=2.5].name", "b")]
    [InlineData("metadata.labels[\"app.kubernetes.io/name\"]", "x")]
    [InlineData("[\"kind\"]", "Thing")]
    [InlineData("spec.matrix[0][1]", "2")]
    [InlineData("spec.nothing", "null")]
    [InlineData("spec.flag", "true")]
    [InlineData("spec.big", "1000000")]
    public void Paths(string path, string expected)
    {
        using TestChart chart = Thing();
        Assert.Equal(expected, chart.Render().Single("Thing").Text(path));
    }

    [Theory]
    [InlineData("spec.absent")]
    [InlineData("spec.list[2]")]
    [InlineData("spec.list[name=z]")]
    [InlineData("spec.flag.deeper")]
    [InlineData("spec[0]")]
    [InlineData("metadata.labels.app")]
    public void Paths_that_lead_nowhere(string path)
    {
        using TestChart chart = Thing();
        Manifest manifest = chart.Render().Single("Thing");
        Assert.False(manifest.Has(path));
        Assert.Contains(path, Assert.Throws<KeyNotFoundException>(() => manifest.Find(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_that_are_none()
    {
        using TestChart chart = Thing();
        Manifest manifest = chart.Render().Single("Thing");
        Assert.Throws<FormatException>(() => manifest.Has("spec..list"));
        Assert.Throws<FormatException>(() => manifest.Has("spec.list[0"));
        Assert.Throws<InvalidOperationException>(() => manifest.List("spec.flag"));
        Assert.Throws<InvalidOperationException>(() => manifest.Map("spec.list"));
        Assert.Throws<InvalidOperationException>(() => manifest.Text("spec.list"));
    }

    /// <summary>Time and chance are the same each time, and differ within a render.</summary>
    [Fact]
    public void Chance_is_repeatable()
    {
        using TestChart chart = new TestChart().With("templates/t.yaml", "a: {{ randAlphaNum 20 | quote }}\nb: {{ randAlphaNum 20 | quote }}\nt: {{ now | date \"2006-01-02\" | quote }}\nu: {{ uuidv4 }}");
        RenderedChart first = chart.Render();
        Assert.Equal(first.Text, chart.Render().Text);
        Assert.NotEqual(first.Manifests[0].Text("a"), first.Manifests[0].Text("b"));
        Assert.Equal("2024-01-01", first.Manifests[0].Text("t"));
        var host = new Template.Functions.FunctionHost { Clock = () => new DateTimeOffset(2030, 5, 6, 0, 0, 0, TimeSpan.Zero), Random = below => below - 1 };
        Manifest other = chart.Render(new HelmOptions { Host = host }).Manifests[0];
        Assert.Equal("99999999999999999999 2030-05-06", $"{other.Text("a")} {other.Text("t")}");
    }

    [Fact]
    public void Certificates_are_repeatable_and_their_keys_differ()
    {
        using TestChart chart = new TestChart().With("templates/t.yaml", """
            {{- $ca := genCA "ca" 10 }}{{ $cert := genSignedCert "web" nil (list "web.example") 10 $ca }}
            ca: {{ $ca.Cert | b64enc }}
            cert: {{ $cert.Cert | b64enc }}
            keysDiffer: {{ ne $ca.Key $cert.Key }}
            """);
        RenderedChart first = chart.Render();
        Assert.Equal(first.Text, chart.Render().Text);
        Assert.Equal("true", first.Manifests[0].Text("keysDiffer"));
        Assert.NotEqual(first.Manifests[0].Text("ca"), first.Manifests[0].Text("cert"));
    }

    private static TestChart Thing() => new TestChart().With(
        "templates/t.yaml",
        "kind: Thing\nmetadata: {labels: {app.kubernetes.io/name: x}}\nspec: {list: [{name: a, value: 1}, {name: b, value: 2.5}], matrix: [[1, 2]], nothing: null, flag: yes, big: 1000000}");

    private static string Hooked(string kind, string name, string annotations) => $"kind: {kind}\nmetadata: {{name: {name}, annotations: {{{annotations}}}}}";
}
