using System.Globalization;
using System.Text.RegularExpressions;

namespace K8sConsul.Template.Functions;

/// <summary>What a plain scalar stands for, as Go's yaml.v2 reads it: the words of YAML 1.1, and its numbers.</summary>
internal static partial class YamlScalar
{
    /// <returns>Null, a bool, an int, a float, or the text itself.</returns>
    public static object? Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                return true;
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                return false;
            case ".nan" or ".NaN" or ".NAN":
                return double.NaN;
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF":
                return double.PositiveInfinity;
            case "-.inf" or "-.Inf" or "-.INF":
                return double.NegativeInfinity;
        }

        char first = text[0];
        return char.IsAsciiDigit(first) || first is '+' or '-' or '.' ? Number(text) ?? text : text;
    }

    /// <summary>What YAML 1.1 reads as a number to base 60, which Go writes quoted: <c>1:30</c>.</summary>
    public static bool IsBase60(string text) => Base60().IsMatch(text);

    private static object? Number(string text)
    {
        // Digits may be grouped by underscores, but not where a point comes first.
        string plain = text[0] == '.' ? text : text.Replace("_", "", StringComparison.Ordinal);
        if (TryWhole(plain, out object? whole))
        {
            return whole;
        }

        return Float().IsMatch(plain)
            && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real)
            ? real
            : null;
    }

    private static bool TryWhole(string text, out object? whole)
    {
        whole = null;
        bool negative = text.StartsWith('-');
        string digits = negative || text.StartsWith('+') ? text[1..] : text;
        if (digits.Length == 0)
        {
            return false;
        }

        int numberBase = 10;
        if (digits.Length > 1 && digits[0] == '0')
        {
            (numberBase, digits) = char.ToLowerInvariant(digits[1]) switch
            {
                'x' => (16, digits[2..]),
                'b' => (2, digits[2..]),
                'o' => (8, digits[2..]),
                _ => (8, digits[1..]),
            };
        }

        UInt128 value = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : int.MaxValue;
            if (digit >= numberBase || value > ulong.MaxValue)
            {
                return false;
            }

            value = (value * (uint)numberBase) + (uint)digit;
        }

        if (digits.Length == 0 || value > ulong.MaxValue)
        {
            return false;
        }

        if (value <= long.MaxValue || (negative && value == (UInt128)long.MaxValue + 1))
        {
            whole = (nint)(long)(negative ? -(Int128)value : (Int128)value);
            return true;
        }

        whole = negative ? null : (ulong)value;
        return whole is not null;
    }

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Float();

    [GeneratedRegex(@"\A[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Base60();
}
