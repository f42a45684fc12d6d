using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using K8sConsul.Go;

namespace K8sConsul.Server.Endpoints;

/// <summary>A number in a query, read as <c>strconv.ParseUint</c> reads base 10, with its words.</summary>
internal static class QueryNumber
{
    public static bool TryParse(string text, out ulong value, [NotNullWhen(false)] out string? error)
    {
        error = null;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        string why = text.Length > 0 && text.All(char.IsAsciiDigit) ? "value out of range" : "invalid syntax";
        error = $"strconv.ParseUint: parsing {GoText.Quote(text)}: {why}";
        return false;
    }
}
