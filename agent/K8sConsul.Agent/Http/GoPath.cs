using System.Globalization;
using System.Text;

namespace K8sConsul.Agent.Http;

/// <summary>Paths as Go's <c>net/http</c> treats them before it looks for a handler.</summary>
internal static class GoPath
{
    /// <summary>Removes empty, <c>.</c> and <c>..</c> elements; a trailing slash stays.</summary>
    public static string Clean(string path)
    {
        if (!NeedsCleaning(path))
        {
            return path;
        }

        var kept = new List<string>();
        foreach (string element in path.Split('/'))
        {
            switch (element)
            {
                case "" or ".":
                    break;
                case "..":
                    if (kept.Count > 0)
                    {
                        kept.RemoveAt(kept.Count - 1);
                    }

                    break;
                default:
                    kept.Add(element);
                    break;
            }
        }

        string clean = "/" + string.Join('/', kept);
        return path.EndsWith('/') && clean.Length > 1 ? clean + "/" : clean;
    }

    public static bool HasUnprintable(string path)
    {
        foreach (Rune rune in path.EnumerateRunes())
        {
            if (rune.Value == ' ')
            {
                continue;
            }

            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The path percent-encoded for a <c>Location</c> header.</summary>
    public static string Encode(string path)
    {
        var encoded = new StringBuilder(path.Length + 8);
        foreach (byte b in Encoding.UTF8.GetBytes(path))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || "-_.~$&+,/:;=@".Contains((char)b, StringComparison.Ordinal))
            {
                encoded.Append((char)b);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }

        return encoded.ToString();
    }

    private static bool NeedsCleaning(string path) =>
        path.Contains("//", StringComparison.Ordinal)
        || path.Contains("/./", StringComparison.Ordinal)
        || path.Contains("/../", StringComparison.Ordinal)
        || path.EndsWith("/.", StringComparison.Ordinal)
        || path.EndsWith("/..", StringComparison.Ordinal);
}
