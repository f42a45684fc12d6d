using K8sConsul.Contracts.Client;
using K8sConsul.Go;
using K8sConsul.Hcl;

namespace K8sConsul.TemplateRunner.Configuration;

/// <summary>Reads the files that <c>-config</c> names.</summary>
internal static class ConfigFiles
{
    /// <summary>A configuration is written by hand.</summary>
    private const int FileBytesMax = 16 * 1024 * 1024;

    /// <summary>Folders within folders; also a guard against a loop of mounts.</summary>
    private const int DepthMax = 32;

    /// <summary>The file, or the folder's files in the order of their names. Links within a folder are not followed: a mounted ConfigMap has each file twice.</summary>
    /// <param name="path">As given.</param>
    /// <param name="settings">What they say, merged.</param>
    /// <param name="warnings">Added to.</param>
    /// <returns>What is wrong; empty for nothing.</returns>
    public static string Read(string path, SettingMap settings, List<string> warnings)
    {
        List<string> files = [];
        try
        {
            if (Directory.Exists(path))
            {
                Walk(new DirectoryInfo(path), files, depth: 0);
            }
            else if (File.Exists(path))
            {
                files.Add(path);
            }
            else
            {
                return $"missing file/folder: {path}";
            }
        }
        catch (Exception failure) when (GoErrors.IsFileFailure(failure))
        {
            return $"failed to walk {path}: {GoErrors.OfFile(failure)}";
        }

        foreach (string file in files)
        {
            byte[]? bytes = GoFile.TryReadAll(file, FileBytesMax, out string error);
            error = bytes is null ? error : ReadText(bytes, settings, warnings);
            if (error.Length > 0)
            {
                return $"from file: {file}: {error}";
            }
        }

        return string.Empty;
    }

    /// <inheritdoc cref="Read"/>
    public static string ReadText(ReadOnlySpan<byte> text, SettingMap settings, List<string> warnings)
    {
        ParseOutcome outcome = HclParser.Parse(text);
        if (outcome.Root is null)
        {
            return $"error parsing config: {outcome.Error}";
        }

        SettingMap read = SettingDecoder.Decode(outcome.Root, warnings, out string error);
        if (error.Length == 0)
        {
            settings.Merge(read);
        }

        return error;
    }

    private static void Walk(DirectoryInfo folder, List<string> files, int depth)
    {
        FileSystemInfo[] entries = folder.GetFileSystemInfos();
        Array.Sort(entries, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (FileSystemInfo entry in entries)
        {
            if (entry.LinkTarget is not null)
            {
                continue;
            }

            if (entry is DirectoryInfo inner && depth < DepthMax)
            {
                Walk(inner, files, depth + 1);
            }
            else if (entry is FileInfo)
            {
                files.Add(entry.FullName);
            }
        }
    }
}
