using System.Globalization;

namespace K8sConsul.Helm.Manifests;

/// <summary>
/// A way into a document: <c>spec.containers[0].image</c>, <c>spec.containers[name=web].image</c>,
/// <c>metadata.labels["app.kubernetes.io/name"]</c>.
/// </summary>
internal static class ManifestPath
{
    /// <returns>False where there is nothing; a null that is written there is something.</returns>
    /// <exception cref="FormatException">It is no path.</exception>
    public static bool TryFind(object? document, string path, out object? found)
    {
        found = document;
        int at = 0;
        while (at < path.Length)
        {
            bool exists = path[at] == '[' ? TryBracket(path, ref at, found, out found) : TryName(path, ref at, found, out found);
            if (!exists)
            {
                found = null;
                return false;
            }
        }

        return true;
    }

    private static bool TryName(string path, ref int at, object? within, out object? found)
    {
        int start = path[at] == '.' ? at + 1 : at;
        int end = path.AsSpan(start).IndexOfAny('.', '[') is var length and >= 0 ? start + length : path.Length;
        if (end == start)
        {
            throw new FormatException($"a name is missing in the path {path}");
        }

        at = end;
        return TryKey(within, path[start..end], out found);
    }

    private static bool TryBracket(string path, ref int at, object? within, out object? found)
    {
        int start = at + 1;
        bool isQuoted = start < path.Length && path[start] == '"';
        int end = isQuoted ? path.IndexOf("\"]", start + 1, StringComparison.Ordinal) : path.IndexOf(']', start);
        if (end < 0)
        {
            throw new FormatException($"a bracket is left open in the path {path}");
        }

        string inside = path[(isQuoted ? start + 1 : start)..end];
        at = end + (isQuoted ? 2 : 1);
        if (isQuoted)
        {
            return TryKey(within, inside, out found);
        }

        if (inside.Split('=', 2) is [string key, string wanted])
        {
            found = (within as List<object?>)?.Find(item => TryKey(item, key, out object? value) && ManifestValue.Print(value) == wanted);
            return found is not null;
        }

        int index = int.Parse(inside, NumberStyles.None, CultureInfo.InvariantCulture);
        found = within is List<object?> list && index < list.Count ? list[index] : null;
        return within is List<object?> { Count: var count } && index < count;
    }

    private static bool TryKey(object? within, string key, out object? found)
    {
        found = null;
        return within is Dictionary<string, object?> map && map.TryGetValue(key, out found);
    }
}
