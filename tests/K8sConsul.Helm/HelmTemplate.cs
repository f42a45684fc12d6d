using System.Text.RegularExpressions;
using K8sConsul.Helm.Charts;
using K8sConsul.Helm.Manifests;
using K8sConsul.Helm.Rendering;
using K8sConsul.Helm.Values;
using K8sConsul.Template;
using K8sConsul.Template.Functions;

namespace K8sConsul.Helm;

/// <summary><c>helm template</c>: a chart's folder and values in, manifests out.</summary>
public static partial class HelmTemplate
{
    private const int ReleaseNameLengthMax = 53;

    /// <exception cref="HelmException">What Helm would end with.</exception>
    public static RenderedChart Render(string chartFolder, HelmOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(chartFolder);
        options ??= HelmOptions.Default;
        CheckReleaseName(options.ReleaseName);
        var kubeVersion = new KubeVersion(options.KubeVersion);
        Chart loaded = ChartLoader.Load(chartFolder);
        CheckInstallable(loaded, kubeVersion);

        var warnings = new List<string>();
        Dictionary<string, object?> given = GivenValues.Of(options);
        Chart chart = WantedSubcharts.Select(loaded, given, warnings);
        Dictionary<string, object?> values = CoalescedValues.Of(chart, given, warnings);
        SchemaRules.Check(chart, values);

        var files = new List<TemplateFile>();
        new RootObjects(options, kubeVersion).Collect(chart, values, chart.Name, files);
        SortedDictionary<string, string> printed = ChartRenderer.Render(files, options.Host ?? RepeatableHost.Create());
        return Sort(chart, printed, options, warnings);
    }

    private static RenderedChart Sort(Chart chart, SortedDictionary<string, string> printed, HelmOptions options, List<string> warnings)
    {
        string notes = printed.GetValueOrDefault($"{chart.Name}/templates/NOTES.txt", "");
        var manifests = new List<Manifest>();
        var hooks = new List<Hook>();
        foreach ((string path, string text) in printed.Where(file => !file.Key.EndsWith("NOTES.txt", StringComparison.Ordinal)))
        {
            foreach (Manifest manifest in ManifestSplitter.Split(text).Select(document => Manifest.Parse(path, document)))
            {
                if (!HookReader.IsHook(manifest))
                {
                    manifests.Add(manifest);
                }
                else if (HookReader.TryRead(manifest) is { } hook)
                {
                    hooks.Add(hook);
                }
                else
                {
                    warnings.Add($"info: skipping unknown hook: \"{manifest.Annotations["helm.sh/hook"]}\"");
                }
            }
        }

        return new RenderedChart(options.IncludeCrds, options.SkipTests)
        {
            Manifests = [.. manifests.OrderBy(manifest => manifest.Kind, InstallOrder.Instance)],
            Hooks = [.. hooks.OrderBy(hook => hook.Manifest.Kind, InstallOrder.Instance)],
            Crds = [.. CrdsOf(chart, chart.Name)],
            Notes = notes,
            Warnings = warnings,
        };
    }

    private static IEnumerable<Manifest> CrdsOf(Chart chart, string path)
    {
        return chart.Crds
            .Select(file => Manifest.Parse($"{path}/{file.Name}", file.Text))
            .Concat(chart.Subcharts.SelectMany(subchart => CrdsOf(subchart, $"{path}/charts/{subchart.Name}")));
    }

    private static void CheckReleaseName(string name)
    {
        if (name.Length is 0 or > ReleaseNameLengthMax || !ReleaseName().IsMatch(name))
        {
            throw new HelmException($"release name \"{name}\": invalid release name, must match regex {ReleaseNamePattern} "
                + $"and the length must not be longer than {ReleaseNameLengthMax}");
        }
    }

    private static void CheckInstallable(Chart chart, KubeVersion kubeVersion)
    {
        if (chart.Metadata.IsLibrary)
        {
            throw new HelmException("library charts are not installable");
        }

        if (chart.Metadata.KubeVersion.Length > 0 && !Allows(chart.Metadata.KubeVersion, kubeVersion.Version))
        {
            throw new HelmException(
                $"chart requires kubeVersion: {chart.Metadata.KubeVersion} which is incompatible with Kubernetes {kubeVersion.Version}");
        }
    }

    private static bool Allows(string constraint, string version)
    {
        try
        {
            return VersionRange.Allows(constraint, version);
        }
        catch (TemplateFunctionException)
        {
            // As in Helm, a constraint that is none allows nothing.
            return false;
        }
    }

    private const string ReleaseNamePattern = @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    [GeneratedRegex(ReleaseNamePattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ReleaseName();
}
