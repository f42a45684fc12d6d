using System.Text;
using K8sConsul.Helm.Values;
using K8sConsul.Template;

namespace K8sConsul.Helm.Charts;

/// <summary>A chart's folder, read whole.</summary>
internal static class ChartLoader
{
    private static readonly string[] s_notForTemplates =
        ["Chart.yaml", "Chart.lock", "values.yaml", "values.schema.json", "requirements.yaml", "requirements.lock"];

    /// <exception cref="HelmException">It is no chart.</exception>
    public static Chart Load(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new HelmException($"path \"{folder}\" not found");
        }

        string ignore = Path.Combine(folder, ".helmignore");
        var rules = new IgnoreRules(File.Exists(ignore) ? File.ReadAllText(ignore) : "");
        var files = new List<ChartFile>();
        Collect(new DirectoryInfo(folder), "", rules, files);
        return FromFiles(files, isRoot: true);
    }

    /// <summary>Names in one order, whatever the file system says.</summary>
    private static void Collect(DirectoryInfo folder, string prefix, IgnoreRules rules, List<ChartFile> files)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            string name = prefix + entry.Name;
            if (rules.Ignores(name, entry is DirectoryInfo))
            {
                continue;
            }

            if (entry is DirectoryInfo inner)
            {
                Collect(inner, name + "/", rules, files);
            }
            else
            {
                byte[] data = File.ReadAllBytes(entry.FullName);
                files.Add(new ChartFile(name, data.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? data[Encoding.UTF8.Preamble.Length..] : data));
            }
        }
    }

    private static Chart FromFiles(IReadOnlyList<ChartFile> files, bool isRoot)
    {
        Dictionary<string, object?> document = ReadMap(files, "Chart.yaml") ?? throw new HelmException("Chart.yaml file is missing");
        var metadata = new ChartMetadata(document, ChartMetadata.Text(document, "name"), isRoot);
        MetadataRules.Check(document, metadata);
        Dictionary<string, object?> declaring = ReadMap(files, "requirements.yaml") ?? document;
        return new Chart
        {
            Metadata = metadata,
            Values = ReadMap(files, "values.yaml") ?? new Dictionary<string, object?>(StringComparer.Ordinal),
            Schema = files.FirstOrDefault(file => file.Name == "values.schema.json")?.Text,
            Templates = [.. files.Where(file => IsBelow(file, "templates/"))],
            Files = [.. files.Where(file => !IsBelow(file, "templates/") && !IsBelow(file, "charts/") && !s_notForTemplates.Contains(file.Name))],
            Declared = [.. ChartMetadata.List(declaring, "dependencies").OfType<Dictionary<string, object?>>().Select(Dependency)],
            Subcharts = [.. Subcharts(files, metadata.Name)],
        };
    }

    private static bool IsBelow(ChartFile file, string folder) => file.Name.StartsWith(folder, StringComparison.Ordinal);

    private static Dictionary<string, object?>? ReadMap(IReadOnlyList<ChartFile> files, string name)
    {
        if (files.FirstOrDefault(file => file.Name == name) is not { } found)
        {
            return null;
        }

        try
        {
            return YamlValues.ReadMap(found.Text);
        }
        catch (TemplateFunctionException refused)
        {
            throw new HelmException($"cannot load {name}: {refused.Message}", refused);
        }
    }

    private static ChartDependency Dependency(Dictionary<string, object?> entry)
    {
        MetadataRules.CheckDependency(entry);
        if (entry.ContainsKey("import-values"))
        {
            throw new HelmException("import-values of a dependency are not supported here");
        }

        return new ChartDependency
        {
            Name = ChartMetadata.Text(entry, "name"),
            Version = ChartMetadata.Text(entry, "version"),
            Alias = ChartMetadata.Text(entry, "alias"),
            Condition = ChartMetadata.Text(entry, "condition"),
            Tags = ChartMetadata.Texts(entry, "tags"),
        };
    }

    private static IEnumerable<Chart> Subcharts(IReadOnlyList<ChartFile> files, string parent)
    {
        const string Folder = "charts/";
        foreach (IGrouping<string, ChartFile> group in files
            .Where(file => IsBelow(file, Folder))
            .GroupBy(file => file.Name[Folder.Length..].Split('/')[0], StringComparer.Ordinal))
        {
            if (group.Key[0] is '_' or '.')
            {
                continue;
            }

            if (group.Key.EndsWith(".tgz", StringComparison.Ordinal))
            {
                throw new HelmException($"error unpacking {group.Key} in {parent}: archives are not supported here, only folders");
            }

            string prefix = Folder + group.Key + "/";
            List<ChartFile> own = [.. group.Where(file => IsBelow(file, prefix)).Select(file => file with { Name = file.Name[prefix.Length..] })];
            if (own.Count == 0)
            {
                continue;
            }

            yield return LoadSubchart(own, group.Key, parent);
        }
    }

    private static Chart LoadSubchart(List<ChartFile> files, string folder, string parent)
    {
        try
        {
            return FromFiles(files, isRoot: false);
        }
        catch (HelmException refused)
        {
            throw new HelmException($"error unpacking subchart {folder} in {parent}: {refused.Message}", refused);
        }
    }
}
