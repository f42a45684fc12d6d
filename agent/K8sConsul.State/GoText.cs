using System.Globalization;
using System.Text;

namespace K8sConsul.State;

/// <summary>Texts as Go's <c>%q</c> prints them, for messages that clients compare.</summary>
public static class GoText
{
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2);
        quoted.Append('"');
        foreach (Rune rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '"':
                    quoted.Append("\\\"");
                    break;
                case '\\':
                    quoted.Append("\\\\");
                    break;
                case '\n':
                    quoted.Append("\\n");
                    break;
                case '\r':
                    quoted.Append("\\r");
                    break;
                case '\t':
                    quoted.Append("\\t");
                    break;
                case 7:
                    quoted.Append("\\a");
                    break;
                case 8:
                    quoted.Append("\\b");
                    break;
                case 12:
                    quoted.Append("\\f");
                    break;
                case 11:
                    quoted.Append("\\v");
                    break;
                case < 0x20 or 0x7f:
                    quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
                    break;
                default:
                    quoted.Append(rune.ToString());
                    break;
            }
        }

        return quoted.Append('"').ToString();
    }
}
