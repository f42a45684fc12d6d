using K8sConsul.Helm.Charts;

namespace K8sConsul.Helm.Rendering;

/// <summary>What the dot of each chart's templates holds. All templates of a chart share it, and what they change in it.</summary>
internal sealed class RootObjects
{
    private readonly Dictionary<string, object?> _release;
    private readonly Structure _capabilities;

    public RootObjects(HelmOptions options, KubeVersion kubeVersion)
    {
        _release = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Name"] = options.ReleaseName,
            ["Namespace"] = options.Namespace,
            ["IsUpgrade"] = options.IsUpgrade,
            ["IsInstall"] = !options.IsUpgrade,
            ["Revision"] = (nint)options.Revision,
            ["Service"] = "Helm",
        };
        _capabilities = new Structure(
            "chartutil.Capabilities",
            [
                new("KubeVersion", kubeVersion),
                new("APIVersions", new ApiVersions(options.ApiVersions)),
                new("HelmVersion", new Structure(
                    "version.BuildInfo",
                    [new("Version", options.HelmVersion), new("GitCommit", ""), new("GitTreeState", ""), new("GoVersion", "go1.22.7")])),
            ]);
    }

    /// <summary>For a chart and, below <c>.Subcharts</c>, its own.</summary>
    /// <param name="chart">With the subcharts that are wanted.</param>
    /// <param name="values">Its own, among them those of its subcharts.</param>
    /// <param name="path">Of the chart: <c>parent/charts/name</c>.</param>
    /// <param name="found">Gets each template of the chart and its subcharts.</param>
    public Dictionary<string, object?> Collect(Chart chart, Dictionary<string, object?> values, string path, List<TemplateFile> found)
    {
        var subcharts = new Dictionary<string, object?>(StringComparer.Ordinal);
        var root = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Chart"] = chart.Metadata,
            ["Files"] = new TemplateFiles(chart.Files),
            ["Release"] = _release,
            ["Capabilities"] = _capabilities,
            ["Values"] = values,
            ["Subcharts"] = subcharts,
        };
        foreach (Chart subchart in chart.Subcharts)
        {
            var own = (Dictionary<string, object?>)values[subchart.Name]!;
            subcharts[subchart.Name] = Collect(subchart, own, $"{path}/charts/{subchart.Name}", found);
        }

        foreach (ChartFile file in chart.Templates)
        {
            var template = new TemplateFile($"{path}/{file.Name}", file.Text, root, $"{path}/templates");
            if (!chart.Metadata.IsLibrary || template.IsPartial)
            {
                found.Add(template);
            }
        }

        return root;
    }
}
