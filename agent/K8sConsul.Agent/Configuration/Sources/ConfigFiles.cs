namespace K8sConsul.Agent.Configuration;

/// <summary>Finds the sources below the paths of the command line.</summary>
internal static class ConfigFiles
{
    public static bool TryFind(
        IReadOnlyList<string> paths, string format, List<string> warnings, out List<ConfigSource> sources, out string error)
    {
        sources = [];
        error = string.Empty;
        foreach (string path in paths)
        {
            try
            {
                if (Directory.Exists(path))
                {
                    AddDirectory(path, format, warnings, sources);
                }
                else
                {
                    AddFile(path, format, warnings, sources);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                error = $"config: Open failed on {path}. open {path}: {OsError.TextOf(failure)}";
                return false;
            }
        }

        return true;
    }

    private static void AddDirectory(string directory, string format, List<string> warnings, List<ConfigSource> sources)
    {
        string[] names = [.. Directory.EnumerateFileSystemEntries(directory).Select(entry => Path.GetFileName(entry))];
        Array.Sort(names, StringComparer.Ordinal);
        foreach (string name in names)
        {
            string path = Path.Combine(directory, name);
            string? target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
            path = target ?? Cleaned(path);
            if (!Directory.Exists(path))
            {
                AddFile(path, format, warnings, sources);
            }
        }
    }

    private static void AddFile(string path, string format, List<string> warnings, List<ConfigSource> sources)
    {
        byte[] data = File.ReadAllBytes(path);
        bool isJson = path.EndsWith(".json", StringComparison.Ordinal);
        if (format.Length == 0 && !isJson && !path.EndsWith(".hcl", StringComparison.Ordinal))
        {
            warnings.Add($"skipping file {path}, extension must be .hcl or .json, or config format must be set");
            return;
        }

        sources.Add(new ConfigSource(path, format.Length == 0 ? isJson : format is "json", data));
    }

    /// <summary>Without the doubled and idle parts that the path of the directory brought along.</summary>
    private static string Cleaned(string path)
    {
        var kept = new List<string>();
        foreach (string part in path.Split('/'))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part is ".." && kept.Count > 0 && kept[^1] is not "..")
            {
                kept.RemoveAt(kept.Count - 1);
                continue;
            }

            kept.Add(part);
        }

        return (path.StartsWith('/') ? "/" : string.Empty) + string.Join('/', kept);
    }
}
