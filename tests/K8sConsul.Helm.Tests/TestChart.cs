using K8sConsul.Helm.Manifests;
using K8sConsul.Helm.Rendering;

namespace K8sConsul.Helm.Tests;

/// <summary>A chart that a test writes into a folder of its own.</summary>
internal sealed class TestChart : IDisposable
{
    private const string Metadata = "apiVersion: v2\nname: c\nversion: 1.0.0\nappVersion: \"2.0\"\n";

    public string Folder { get; } = Directory.CreateTempSubdirectory("k8sconsul-helm-").FullName;

    public TestChart()
    {
        With("Chart.yaml", Metadata);
    }

    public TestChart With(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    /// <summary>A subchart named as its folder, with a template that prints something of its values.</summary>
    public TestChart WithSubchart(string name, string values, string template, string version = "1.0.0")
    {
        return With($"charts/{name}/Chart.yaml", $"name: {name}\nversion: {version}\n")
            .With($"charts/{name}/values.yaml", values)
            .With($"charts/{name}/templates/t.yaml", template);
    }

    public RenderedChart Render(HelmOptions? options = null) => HelmTemplate.Render(Folder, options);

    /// <summary>What one template prints, as the value <c>out</c> of its only document.</summary>
    public string Print(string expression, HelmOptions? options = null)
    {
        With("templates/t.yaml", "out: {{ " + expression + " | toString | toJson }}");
        return Render(options).Manifests[0].Text("out");
    }

    /// <summary>The text of the refusal.</summary>
    public string Refusal(HelmOptions? options = null) => Assert.Throws<HelmException>(() => Render(options)).Message;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
