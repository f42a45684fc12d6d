using K8sConsul.Helm.Rendering;

namespace K8sConsul.Helm.Tests;

/// <summary>What templates find in the dot.</summary>
public sealed class ObjectTests
{
    [Theory]
    [InlineData(".Release.Name", "blue")]
    [InlineData(".Release.Namespace", "shop")]
    [InlineData("printf \"%v %v %d %s\" .Release.IsInstall .Release.IsUpgrade .Release.Revision .Release.Service", "false true 3 Helm")]
    [InlineData(".Release.Nothing", "<nil>")]
    [InlineData(".Chart.Name", "c")]
    [InlineData(".Chart.Version", "1.0.0")]
    [InlineData(".Chart.AppVersion", "2.0")]
    [InlineData(".Chart.APIVersion", "v2")]
    [InlineData(".Chart.Type", "")]
    [InlineData("printf \"%v\" .Chart.IsRoot", "true")]
    [InlineData("printf \"%v %v\" .Chart.Keywords .Chart.Deprecated", "[] false")]
    [InlineData(".Capabilities.KubeVersion", "v1.29.4-eks-1")]
    [InlineData(".Capabilities.KubeVersion.Version", "v1.29.4-eks-1")]
    [InlineData(".Capabilities.KubeVersion.GitVersion", "v1.29.4-eks-1")]
    [InlineData("print .Capabilities.KubeVersion.Major \".\" .Capabilities.KubeVersion.Minor", "1.29")]
    [InlineData("semverCompare \">=1.29-0\" .Capabilities.KubeVersion.Version", "true")]
    [InlineData(".Capabilities.APIVersions.Has \"apps/v1\"", "true")]
    [InlineData(".Capabilities.APIVersions.Has \"policy/v1beta2\"", "false")]
    [InlineData(".Capabilities.APIVersions.Has \"monitoring.coreos.com/v1/ServiceMonitor\"", "true")]
    [InlineData(".Capabilities.HelmVersion.Version", "v3.16.3")]
    [InlineData(".Template.Name", "c/templates/t.yaml")]
    [InlineData(".Template.BasePath", "c/templates")]
    [InlineData("len .Subcharts", "0")]
    [InlineData(".Files.Get \"conf/a.txt\"", "one\ntwo\n")]
    [InlineData(".Files.Get \"absent\"", "")]
    [InlineData(".Files.GetBytes \"conf/b.txt\" | printf \"%s\"", "b")]
    [InlineData(".Files.Lines \"conf/a.txt\" | join \"|\"", "one|two")]
    [InlineData("len (.Files.Lines \"absent\")", "0")]
    [InlineData("(.Files.Glob \"conf/*\").AsConfig", "a.txt: |\n  one\n  two\nb.txt: b")]
    [InlineData("(.Files.Glob \"conf/**\").AsSecrets", "a.txt: b25lCnR3bwo=\nb.txt: Yg==\nc.yaml: Yzogezw+")]
    [InlineData("(.Files.Glob \"nothing/*\").AsConfig", "{}")]
    [InlineData("len (.Files.Glob \"**.txt\")", "2")]
    [InlineData("len (.Files.Glob \"conf/{a,b}.t?t\")", "2")]
    [InlineData("len (.Files.Glob \"conf/[!a].txt\")", "1")]
    [InlineData("len (.Files.Glob \"*\")", "1")]
    [InlineData(".Files.Get \"Chart.yaml\"", "")]
    [InlineData("len .Files", "4")]
    [InlineData("index .Files \"conf/b.txt\" | printf \"%s\"", "b")]
    [InlineData("lookup \"v1\" \"Secret\" \"ns\" \"name\" | toJson", "{}")]
    [InlineData("(lookup \"v1\" \"Secret\" \"ns\" \"name\").data", "<nil>")]
    [InlineData("getHostByName \"localhost\"", "")]
    public void Objects_and_lookups(string expression, string expected)
    {
        using TestChart chart = new TestChart()
            .With("conf/a.txt", "one\ntwo\n").With("conf/b.txt", "b").With("conf/deep/c.yaml", "c: {<>").With("README.md", "read me");
        var options = new HelmOptions
        {
            ReleaseName = "blue",
            Namespace = "shop",
            IsUpgrade = true,
            Revision = 3,
            KubeVersion = "1.29.4-eks-1",
            ApiVersions = ["monitoring.coreos.com/v1/ServiceMonitor"],
        };
        Assert.Equal(expected, chart.Print(expression, options));
    }

    [Fact]
    public void Files_can_be_walked()
    {
        using TestChart chart = new TestChart().With("conf/b", "2").With("conf/a", "1")
            .With("templates/t.yaml", "{{ range $name, $bytes := .Files.Glob \"conf/*\" }}{{ base $name }}: {{ toString $bytes }}\n{{ end }}");
        Assert.Equal("a: 1\nb: 2", chart.Render().Manifests[0].Content);
    }
}
