using System.Globalization;
using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>Go's <c>strconv</c>: numbers and truth values read from texts, with its error texts.</summary>
internal static class GoNumbers
{
    public static bool ParseBool(string text)
    {
        return GoNumber.TryParseBool(text, out bool value) ? value : throw new TemplateFunctionException(GoNumber.BoolError(text));
    }

    /// <param name="text">Decimal digits, and a sign.</param>
    /// <param name="function">Whose error it is: <c>Atoi</c> or <c>ParseInt</c>.</param>
    public static long ParseInt(string text, string function = "ParseInt")
    {
        return TryParseInt(text, out long value, out bool outOfRange)
            ? value
            : throw Refused(function, text, outOfRange ? "value out of range" : "invalid syntax");
    }

    /// <param name="outOfRange">The value is then the limit that was passed.</param>
    public static bool TryParseInt(string text, out long value, out bool outOfRange)
    {
        NumberOutcome outcome = GoNumber.ParseDecimalInt(text, out value);
        outOfRange = outcome == NumberOutcome.OutOfRange;
        if (outOfRange)
        {
            value = text.StartsWith('-') ? long.MinValue : long.MaxValue;
        }

        return outcome == NumberOutcome.Parsed;
    }

    public static ulong ParseUint(string text)
    {
        if (text.Length == 0 || text.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            throw Refused("ParseUint", text, "invalid syntax");
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw Refused("ParseUint", text, "value out of range");
    }

    public static double ParseFloat(string text)
    {
        if (!TryParseFloat(text, out double value))
        {
            throw Refused("ParseFloat", text, "invalid syntax");
        }

        return double.IsInfinity(value) && text.Any(char.IsAsciiDigit) ? throw Refused("ParseFloat", text, "value out of range") : value;
    }

    public static bool TryParseFloat(string text, out double value)
    {
        string unsigned = text.StartsWith('-') || text.StartsWith('+') ? text[1..] : text;
        int sign = text.StartsWith('-') ? -1 : 1;
        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = sign * double.PositiveInfinity;
            return true;
        }

        if (text.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = double.NaN;
            return true;
        }

        value = 0;
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return unsigned.Length > 0
            && (char.IsAsciiDigit(unsigned[0]) || unsigned[0] == '.')
            && double.TryParse(text, Style, CultureInfo.InvariantCulture, out value);
    }

    private static TemplateFunctionException Refused(string function, string text, string reason)
    {
        return new TemplateFunctionException($"strconv.{function}: parsing {GoText.Quote(text)}: {reason}");
    }
}
