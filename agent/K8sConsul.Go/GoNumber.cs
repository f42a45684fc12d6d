using System.Globalization;

namespace K8sConsul.Go;

/// <summary>Numbers and booleans as Go's strconv reads them.</summary>
public static class GoNumber
{
    /// <summary>strconv.ParseBool.</summary>
    public static bool TryParseBool(string text, out bool value)
    {
        value = text is "1" or "t" or "T" or "TRUE" or "true" or "True";
        return value || text is "0" or "f" or "F" or "FALSE" or "false" or "False";
    }

    /// <summary>strconv's error for a text that is no boolean.</summary>
    public static string BoolError(string text)
    {
        return $"strconv.ParseBool: parsing {GoText.Quote(text)}: invalid syntax";
    }

    /// <summary>The value of a hexadecimal digit; more than any base has for everything else.</summary>
    public static int DigitOf(char c)
    {
        return char.IsAsciiHexDigit(c) ? char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10 : int.MaxValue;
    }

    /// <summary>strconv.ParseInt with base 0: an optional sign, and the base from the prefix 0x, 0o, 0b or 0.</summary>
    public static NumberOutcome ParseInt(string text, out long value)
    {
        value = 0;
        bool negative = text.StartsWith('-');
        string digits = negative || text.StartsWith('+') ? text[1..] : text;
        NumberOutcome outcome = ParseUint(digits, out ulong magnitude);
        if (outcome != NumberOutcome.Parsed)
        {
            return outcome;
        }

        ulong limit = negative ? (ulong)long.MaxValue + 1 : long.MaxValue;
        if (magnitude > limit)
        {
            return NumberOutcome.OutOfRange;
        }

        value = negative ? unchecked(-(long)magnitude) : (long)magnitude;
        return NumberOutcome.Parsed;
    }

    /// <summary>strconv.Atoi: decimal digits with an optional sign, and no prefix.</summary>
    public static NumberOutcome ParseDecimalInt(string text, out long value)
    {
        value = 0;
        ReadOnlySpan<char> digits = text.Length > 0 && text[0] is '-' or '+' ? text.AsSpan(1) : text;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return NumberOutcome.BadSyntax;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            ? NumberOutcome.Parsed
            : NumberOutcome.OutOfRange;
    }

    /// <summary>strconv.ParseUint with base 0; an underscore may stand between digits, or after a prefix.</summary>
    public static NumberOutcome ParseUint(string text, out ulong value)
    {
        value = 0;
        (uint radix, int start) = RadixOf(text);
        if (start >= text.Length || !UnderscoresStandBetweenDigits(text))
        {
            return NumberOutcome.BadSyntax;
        }

        bool overflow = false;
        for (int i = start; i < text.Length; i++)
        {
            if (text[i] == '_')
            {
                continue;
            }

            int digit = DigitOf(text[i]);
            if (digit >= radix)
            {
                return NumberOutcome.BadSyntax;
            }

            UInt128 next = ((UInt128)value * radix) + (uint)digit;
            overflow |= next > ulong.MaxValue;
            value = unchecked((ulong)next);
        }

        value = overflow ? 0 : value;
        return overflow ? NumberOutcome.OutOfRange : NumberOutcome.Parsed;
    }

    private static (uint Radix, int Start) RadixOf(string text)
    {
        if (text.Length == 0 || text[0] != '0')
        {
            return (10, 0);
        }

        return text.Length < 3
            ? (8u, text.Length == 1 ? 0 : 1)
            : (char.ToLowerInvariant(text[1]) switch
            {
                'b' => (2u, 2),
                'o' => (8u, 2),
                'x' => (16u, 2),
                _ => (8u, 1),
            });
    }

    private static bool UnderscoresStandBetweenDigits(string text)
    {
        bool hasPrefix = text.Length >= 2 && text[0] == '0' && char.ToLowerInvariant(text[1]) is 'b' or 'o' or 'x';
        bool afterDigit = hasPrefix;
        for (int i = hasPrefix ? 2 : 0; i < text.Length; i++)
        {
            if (text[i] != '_')
            {
                afterDigit = true;
                continue;
            }

            if (!afterDigit || i + 1 == text.Length || text[i + 1] == '_')
            {
                return false;
            }

            afterDigit = false;
        }

        return true;
    }
}
