using System.Text;

namespace K8sConsul.Go;

/// <summary>Escaping by the rules of Go's net/url, so that requests and the addresses in error texts look the same.</summary>
public static class GoUrlEscape
{
    private const string HexDigits = "0123456789ABCDEF";

    /// <summary>Letters, digits and these stay as they are everywhere.</summary>
    private const string Unreserved = "-_.~";

    /// <summary>A slash in a name separates segments and stays.</summary>
    private const string PathKept = "$&+,/:;=@";

    private const string HostKept = "!$&'()*+,;=:[]<>\"";

    private const string FragmentKept = PathKept + "?!()*";

    public static string Path(string path)
    {
        return Escape(path, PathKept, blank: null);
    }

    public static string Query(string text)
    {
        return Escape(text, kept: string.Empty, blank: '+');
    }

    /// <param name="text">Bytes, as a text of Go may be without being UTF-8.</param>
    public static string Query(ReadOnlySpan<byte> text)
    {
        return Escape(text, kept: string.Empty, blank: '+');
    }

    public static string Fragment(string text)
    {
        return Escape(text, FragmentKept, blank: null);
    }

    /// <summary>A unix socket's path stands where the host does and shows its slashes escaped.</summary>
    public static string Host(string host)
    {
        return Escape(host, HostKept, blank: null);
    }

    private static string Escape(string text, string kept, char? blank)
    {
        int plain = 0;
        while (plain < text.Length && IsKept(text[plain], kept))
        {
            plain++;
        }

        return plain == text.Length ? text : Escape(Encoding.UTF8.GetBytes(text), kept, blank);
    }

    private static string Escape(ReadOnlySpan<byte> text, string kept, char? blank)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (byte unit in text)
        {
            char letter = (char)unit;
            if (IsKept(letter, kept))
            {
                escaped.Append(letter);
            }
            else if (letter == ' ' && blank is not null)
            {
                escaped.Append(blank.Value);
            }
            else
            {
                escaped.Append('%').Append(HexDigits[unit >> 4]).Append(HexDigits[unit & 15]);
            }
        }

        return escaped.ToString();
    }

    private static bool IsKept(char letter, string kept)
    {
        return char.IsAsciiLetterOrDigit(letter) || Unreserved.Contains(letter) || kept.Contains(letter);
    }
}
