namespace K8sConsul.Template.Functions;

/// <summary>Paths with slashes, and URLs. The forms with <c>os</c> are those of Linux.</summary>
internal static class SprigPaths
{
    public static void AddTo(TemplateFunctions functions)
    {
        foreach (string form in new[] { "", "os" })
        {
            functions
                .Add(SprigLists.Name(form, "base"), (string path) => Base(path))
                .Add(SprigLists.Name(form, "dir"), (string path) => Clean(path[..(path.LastIndexOf('/') + 1)]))
                .Add(SprigLists.Name(form, "clean"), (string path) => Clean(path))
                .Add(SprigLists.Name(form, "ext"), (string path) => Extension(path))
                .Add(SprigLists.Name(form, "isAbs"), (string path) => path.StartsWith('/'));
        }

        functions
            .Add("urlParse", (string url) => UrlParts.Parse(url))
            .Add("urlJoin", (Dictionary<string, object?> parts) => UrlParts.Join(parts));
    }

    private static string Base(string path)
    {
        if (path.Length == 0)
        {
            return ".";
        }

        string trimmed = path.TrimEnd('/');
        return trimmed.Length == 0 ? "/" : trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }

    private static string Extension(string path)
    {
        int dot = path.LastIndexOf('.');
        return dot > path.LastIndexOf('/') ? path[dot..] : "";
    }

    private static string Clean(string path)
    {
        bool isRooted = path.StartsWith('/');
        var parts = new List<string>();
        foreach (string part in path.Split('/'))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (!isRooted)
            {
                parts.Add(part);
            }
        }

        string joined = string.Join('/', parts);
        return isRooted ? "/" + joined : joined.Length == 0 ? "." : joined;
    }
}
