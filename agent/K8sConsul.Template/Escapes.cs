using System.Globalization;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>Texts made safe to stand inside HTML, JavaScript or a URL's query.</summary>
internal static class Escapes
{
    public static string Html(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            _ = c switch
            {
                '\0' => escaped.Append('\ufffd'),
                '"' => escaped.Append("&#34;"),
                '\'' => escaped.Append("&#39;"),
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    public static string JavaScript(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\\' or '\'' or '"':
                    escaped.Append('\\').Append((char)rune.Value);
                    break;
                case < ' ' or '<' or '>' or '&' or '=':
                case > 0x7f when !GoText.IsPrintable(rune):
                    escaped.Append(@"\u").Append(rune.Value.ToString("X4", CultureInfo.InvariantCulture));
                    break;
                default:
                    escaped.Append(rune.ToString());
                    break;
            }
        }

        return escaped.ToString();
    }

    public static string UrlQuery(string text) => GoUrlEscape.Query(Utf8Text.Bytes(text));
}
