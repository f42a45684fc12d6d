using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;
using K8sConsul.Hcl;

namespace K8sConsul.Cli.Commands.Services;

/// <summary>Service definitions out of configuration files.</summary>
internal static class ServiceFiles
{
    private const int FileBytesMax = 64 * 1024 * 1024;

    /// <param name="paths">Files, or folders of them.</param>
    /// <param name="terminal">Hears of files that are skipped.</param>
    /// <param name="error">Consul's text; empty when all are loaded.</param>
    /// <returns>In the order of the arguments; in one file <c>services</c> go before <c>service</c>. Null when any is refused.</returns>
    public static List<ServiceRegistration>? TryLoad(IReadOnlyList<string> paths, Terminal terminal, out string error)
    {
        List<ServiceRegistration> services = [];
        var badValues = new TreeErrors();
        foreach (string path in paths)
        {
            if (!Path.Exists(path))
            {
                error = $"Error: config: Open failed on {path}. open {path}: no such file or directory";
                return null;
            }

            foreach (string file in FilesOf(path, terminal))
            {
                if (!TryLoadFile(file, services, badValues, out string reason))
                {
                    error = $"Error: {reason}";
                    return null;
                }
            }
        }

        error = badValues.BadValueText.Length > 0 ? $"Error: {badValues.BadValueText}" : string.Empty;
        return error.Length == 0 ? services : null;
    }

    private static string[] FilesOf(string path, Terminal terminal)
    {
        if (!Directory.Exists(path))
        {
            if (IsJson(path) || IsHcl(path))
            {
                return [path];
            }

            terminal.Error($"skipping file {path}, extension must be .hcl or .json, or config format must be set");
            return [];
        }

        string[] files = Array.FindAll(Directory.GetFiles(path), file => IsJson(file) || IsHcl(file));
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static bool TryLoadFile(string path, List<ServiceRegistration> services, TreeErrors errors, out string error)
    {
        byte[]? text = GoFile.TryReadAll(path, FileBytesMax, out error);
        if (text is null)
        {
            error = $"config: ReadFile failed on {path}: {error}";
            return false;
        }

        ParseOutcome parsed = IsJson(path) ? JsonParser.Parse(text) : HclParser.Parse(text);
        error = parsed.Error;
        if (parsed.Root is not null)
        {
            services.AddRange(ServiceTree.Read(parsed.Root, errors));
            error = errors.Text;
        }

        error = error.Length > 0 ? $"failed to parse {path}: {error}" : string.Empty;
        return error.Length == 0;
    }

    private static bool IsJson(string path)
    {
        return path.EndsWith(".json", StringComparison.Ordinal);
    }

    private static bool IsHcl(string path)
    {
        return path.EndsWith(".hcl", StringComparison.Ordinal);
    }
}
