namespace K8sConsul.TemplateRunner.Language;

/// <summary>A folder that a template's files must lie in.</summary>
internal static class Sandbox
{
    /// <summary>Links are followed first: a path that only seems to lie within does not.</summary>
    public static bool Holds(string folder, string path)
    {
        string root = Real(Path.GetFullPath(folder)).TrimEnd('/') + "/";
        return Real(Path.GetFullPath(path)).StartsWith(root, StringComparison.Ordinal);
    }

    /// <summary>The path with every link on it resolved, as far as it exists.</summary>
    private static string Real(string path)
    {
        const int LinksMax = 40;
        string real = path;
        for (int links = 0; links < LinksMax; links++)
        {
            if (FirstLink(real) is not var (end, target))
            {
                return real;
            }

            string folder = Path.GetDirectoryName(real[..end]) ?? "/";
            real = Path.GetFullPath(Path.Combine(folder, target) + real[end..]);
        }

        // Links that lead to each other lead nowhere: an empty path lies in no folder.
        return string.Empty;
    }

    private static (int End, string Target)? FirstLink(string path)
    {
        for (int end = path.IndexOf('/', 1); ; end = path.IndexOf('/', end + 1))
        {
            int until = end < 0 ? path.Length : end;
            if (new FileInfo(path[..until]).LinkTarget is { } target)
            {
                return (until, target);
            }

            if (end < 0)
            {
                return null;
            }
        }
    }
}
