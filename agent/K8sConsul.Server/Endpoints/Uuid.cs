using System.Globalization;
using System.Text;

namespace K8sConsul.Server.Endpoints;

/// <summary>What Consul's two readers of UUIDs say about a text that is none.</summary>
internal static class Uuid
{
    public const int Length = 36;

    private const int HyphensMax = 4;

    /// <summary>As node IDs are read (go-uuid). Null for a UUID.</summary>
    public static string? Parse(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) != Length)
        {
            return "uuid string is wrong length";
        }

        if (text.Length != Length || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        {
            return "uuid is improperly formatted";
        }

        return Hex(text[..8] + text[9..13] + text[14..18] + text[19..23] + text[24..]);
    }

    /// <summary>As the state store's index of IDs reads them (go-memdb), which is laxer about hyphens. Null for an ID.</summary>
    public static string? Lookup(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) != Length)
        {
            return $"UUID must be {Length} characters";
        }

        int hyphens = text.Count(c => c == '-');
        if (hyphens > HyphensMax)
        {
            return string.Create(CultureInfo.InvariantCulture, $"UUID should have maximum of {HyphensMax} \"-\"; got {hyphens}");
        }

        string digits = text.Replace("-", string.Empty, StringComparison.Ordinal);
        if (digits.Length % 2 != 0)
        {
            return "Input (without hyphens) must be even length";
        }

        return Hex(digits) is { } wrong ? "Invalid UUID: " + wrong : null;
    }

    private static string? Hex(string digits)
    {
        foreach (byte b in Encoding.UTF8.GetBytes(digits))
        {
            if (!char.IsAsciiHexDigit((char)b))
            {
                // Go prints the byte as the character of that number, and the character itself where it can be printed.
                bool printable = b is >= 0x20 and < 0x7f or > 0xa0 and not 0xad;
                return string.Create(CultureInfo.InvariantCulture, $"encoding/hex: invalid byte: U+{b:X4}{(printable ? $" '{(char)b}'" : string.Empty)}");
            }
        }

        return null;
    }
}
