using K8sConsul.Helm.Manifests;
using K8sConsul.Helm.Rendering;

namespace K8sConsul.Helm.Tests;

/// <summary>A chart that does what real ones do, whole: Charts/web.</summary>
public sealed class FixtureChartTests
{
    private static readonly HelmOptions s_other = new()
    {
        ReleaseName = "web-blue",
        Namespace = "shop",
        IsUpgrade = true,
        Revision = 7,
        KubeVersion = "1.29.4-eks-1234",
        Values = ["replicaCount: 5\nobsolete: {drop: null}\npodAnnotations: null\nglobal: {labels: {team: blue}}\nnodeSelector: {disk: ssd}\n"],
        Set =
        [
            "image.tag=9.9,service.ports[0].name=web,service.ports[0].port=9000,service.ports[0].targetPort=9001,ingress.enabled=true", "sessions.enabled=true,sessions.policy=lfu",
            "cache.enabled=false,tags.extra=true", "cache.size=1Mi",
        ],
        SetString = ["extraEnv[0].value=1"],
        IncludeCrds = true,
        SkipTests = true,
    };

    [Fact]
    public void The_defaults_render_as_expected() => Check("web", HelmOptions.Default);

    [Fact]
    public void Other_values_render_as_expected() => Check("web-other", s_other);

    [Fact]
    public void Two_renders_agree()
    {
        RenderedChart first = HelmTemplate.Render(TestFiles.Chart("web"), s_other);
        RenderedChart second = HelmTemplate.Render(TestFiles.Chart("web"), s_other);
        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.Notes, second.Notes);
    }

    [Fact]
    public void Manifests_can_be_asked()
    {
        RenderedChart chart = HelmTemplate.Render(TestFiles.Chart("web"));
        Manifest deployment = chart.Single("Deployment");
        Assert.Equal("release-name-web", deployment.Name);
        Assert.Equal("apps/v1", deployment.ApiVersion);
        Assert.Equal("", deployment.Namespace);
        Assert.Equal("default", chart.Single("RoleBinding").Namespace);
        Assert.Equal("web-1.2.3_build.5", deployment.Labels["helm.sh/chart"]);
        Assert.Equal("registry.example.org/web/server:4.5", deployment.Text("spec.template.spec.containers[0].image"));
        Assert.Equal("8081", deployment.Text("spec.template.spec.containers[name=web].ports[name=admin].containerPort"));
        Assert.Equal("web", deployment.Text("spec.selector.matchLabels[\"app.kubernetes.io/name\"]"));
        Assert.Equal(2, chart.OfKind("Service").Count());
        Assert.False(deployment.Has("spec.template.spec.nodeSelector"));
        Assert.Single(deployment.List("spec.template.spec.tolerations"));
        Hook migrate = chart.Hooks.Single(hook => hook.Manifest.Kind == "Job");
        Assert.Equal(["pre-install", "pre-upgrade"], migrate.Events);
        Assert.Equal(-5, migrate.Weight);
        Assert.Equal(["before-hook-creation", "hook-succeeded"], migrate.DeletePolicies);
        Assert.True(chart.Hooks.Single(hook => hook.Manifest.Kind == "Pod").IsTest);
        Assert.Equal("widgets.example.org", Assert.Single(chart.Crds).Name);
        Assert.Throws<KeyNotFoundException>(() => deployment.Find("spec.nothing"));
        Assert.Throws<KeyNotFoundException>(() => chart.Single("Service"));
    }

    private static void Check(string expected, HelmOptions options)
    {
        RenderedChart chart = HelmTemplate.Render(TestFiles.Chart("web"), options);
        string all = chart.Text + "NOTES:\n" + chart.Notes;
        string? record = Environment.GetEnvironmentVariable("K8SCONSUL_HELM_RECORD");
        if (record is not null)
        {
            File.WriteAllText(Path.Combine(record, expected + ".expected.txt"), all);
        }

        Assert.Equal(TestFiles.ReadTestdata(expected + ".expected.txt"), all);
        Assert.Empty(chart.Warnings);
    }
}
