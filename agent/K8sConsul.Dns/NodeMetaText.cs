using System.Text;

namespace K8sConsul.Dns;

/// <summary>The text that a TXT record shows for a key and its value (RFC 1464).</summary>
public static class NodeMetaText
{
    private const string PlainPrefix = "rfc1035-";

    /// <summary>
    /// <c>key=value</c> with back-quotes before what would be misread in the key; the value alone for keys that begin with
    /// <c>rfc1035-</c>, in any case.
    /// </summary>
    public static string Of(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        if (key.StartsWith(PlainPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return value;
        }

        int leading = key.Length - key.TrimStart(' ').Length;
        int trailingFrom = key.TrimEnd(' ').Length;
        var text = new StringBuilder(key.Length + value.Length + 1);
        for (int i = 0; i < key.Length; i++)
        {
            char c = key[i];
            if (c is '`' or '=' || (c == ' ' && (i < leading || i >= trailingFrom)))
            {
                text.Append('`');
            }

            text.Append(c);
        }

        return text.Append('=').Append(value.Replace("`", "``", StringComparison.Ordinal)).ToString();
    }
}
