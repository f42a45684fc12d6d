using System.Globalization;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>Numbers.</summary>
internal sealed partial class Formatter
{
    private void FormatWhole(Value value, int verb)
    {
        bool isSigned = value.Type!.IsSigned;
        long signed = Numbers.Signed(value.Data);
        bool isNegative = signed < 0;
        ulong magnitude = !isSigned ? Numbers.Unsigned(value.Data) : isNegative ? unchecked((ulong)-signed) : (ulong)signed;
        switch (verb)
        {
            case 'v' when _flags.SharpV && !isSigned:
                bool sharp = _flags.Sharp;
                _flags.Sharp = true;
                WriteWhole(magnitude, isNegative: false, radix: 16, 'v');
                _flags.Sharp = sharp;
                break;
            case 'v' or 'd':
                WriteWhole(magnitude, isNegative, radix: 10, verb);
                break;
            case 'b':
                WriteWhole(magnitude, isNegative, radix: 2, verb);
                break;
            case 'o' or 'O':
                WriteWhole(magnitude, isNegative, radix: 8, verb);
                break;
            case 'x' or 'X':
                WriteWhole(magnitude, isNegative, radix: 16, verb);
                break;
            case 'c':
                WritePadded(RuneOf(signed, magnitude, isSigned).ToString());
                break;
            case 'q':
                WriteQuotedRune(RuneOf(signed, magnitude, isSigned));
                break;
            case 'U':
                WriteUnicode(isNegative ? unchecked((ulong)signed) : magnitude);
                break;
            default:
                ReportVerb(value, verb);
                break;
        }
    }

    private static Rune RuneOf(long signed, ulong magnitude, bool isSigned)
    {
        bool isCharacter = magnitude <= 0x10ffff && (!isSigned || signed >= 0);
        return isCharacter && Rune.TryCreate((int)magnitude, out Rune rune) ? rune : Rune.ReplacementChar;
    }

    /// <summary>Zeros come from the precision, or from the width when zeros are asked for.</summary>
    private void WriteWhole(ulong magnitude, bool isNegative, int radix, int verb)
    {
        if (_flags.Precision == 0 && magnitude == 0)
        {
            WritePaddedWithBlanks("");
            return;
        }

        char sign = isNegative ? '-' : _flags.Plus ? '+' : _flags.Space ? ' ' : '\0';
        int digitsMin = _flags.Precision ?? (_flags.PadsWithZeros && _flags.Width is { } width ? width - (sign == '\0' ? 0 : 1) : 0);
        string digits = Digits(magnitude, radix, verb == 'X');
        int zeros = Math.Max(0, digitsMin - digits.Length);
        _execution.Budget.CheckLength((long)_text.Length + zeros);
        var number = new StringBuilder();
        if (sign != '\0')
        {
            number.Append(sign);
        }

        if (verb == 'O')
        {
            number.Append("0o");
        }

        if (_flags.Sharp)
        {
            number.Append(radix switch
            {
                2 => "0b",
                8 => zeros > 0 || digits[0] == '0' ? "" : "0",
                16 => verb == 'X' ? "0X" : "0x",
                _ => "",
            });
        }

        number.Append('0', zeros).Append(digits);
        WritePaddedWithBlanks(number.ToString());
    }

    private static string Digits(ulong magnitude, int radix, bool upperCase)
    {
        return radix switch
        {
            10 => magnitude.ToString(CultureInfo.InvariantCulture),
            16 => magnitude.ToString(upperCase ? "X" : "x", CultureInfo.InvariantCulture),
            2 => magnitude.ToString("b", CultureInfo.InvariantCulture),
            _ => Octal(magnitude),
        };
    }

    private static string Octal(ulong magnitude)
    {
        Span<char> digits = stackalloc char[22];
        int at = digits.Length;
        do
        {
            digits[--at] = (char)('0' + (magnitude & 7));
            magnitude >>= 3;
        }
        while (magnitude > 0);
        return digits[at..].ToString();
    }

    private void WriteQuotedRune(Rune rune)
    {
        var quoted = new StringBuilder().Append('\'');
        if (_flags.Plus)
        {
            AppendAscii(quoted, rune, quote: '\'');
        }
        else
        {
            GoText.AppendEscaped(quoted, rune, quote: '\'');
        }

        WritePadded(quoted.Append('\'').ToString());
    }

    /// <summary><c>U+0041</c>; with the sharp flag followed by the character itself.</summary>
    private void WriteUnicode(ulong number)
    {
        string digits = number.ToString("X", CultureInfo.InvariantCulture).PadLeft(Math.Max(4, _flags.Precision ?? 0), '0');
        bool shown = _flags.Sharp && number <= 0x10ffff && Rune.TryCreate((int)number, out Rune rune) && GoText.IsPrintable(rune);
        WritePaddedWithBlanks(shown ? $"U+{digits} '{new Rune((int)number)}'" : "U+" + digits);
    }

    private void FormatReal(Value value, double real, bool isSingle, int verb)
    {
        switch (verb)
        {
            case 'v':
                WriteReal(real, isSingle, 'g', defaultPrecision: -1);
                break;
            case 'b' or 'g' or 'G' or 'x' or 'X':
                WriteReal(real, isSingle, (char)verb, defaultPrecision: -1);
                break;
            case 'e' or 'E' or 'f' or 'F':
                WriteReal(real, isSingle, verb == 'F' ? 'f' : (char)verb, defaultPrecision: 6);
                break;
            default:
                ReportVerb(value, verb);
                break;
        }
    }

    private void WriteReal(double real, bool isSingle, char verb, int defaultPrecision)
    {
        int precision = _flags.Precision ?? defaultPrecision;
        _execution.Budget.CheckLength((long)_text.Length + precision);
        string digits = FloatText.Format(Math.Abs(real), isSingle, verb, precision);
        bool isNegative = double.IsNegative(real) && !double.IsNaN(real);
        char sign = isNegative ? '-' : _flags.Plus ? '+' : _flags.Space ? ' ' : '\0';
        if (!double.IsFinite(real))
        {
            // Infinity always has its sign in mind, and neither is padded with zeros.
            string infinity = double.IsNaN(real) || sign != '\0' ? digits : "+" + digits;
            WritePaddedWithBlanks(sign == '\0' ? infinity : sign + infinity);
            return;
        }

        if (_flags.Sharp && verb != 'b')
        {
            digits = WithPoint(digits, verb, precision);
        }

        int width = _flags.Width ?? 0;
        if (sign != '\0' && _flags.PadsWithZeros && width > digits.Length + 1)
        {
            Write(sign);
            WritePadding(width - digits.Length - 1);
            Write(digits);
            return;
        }

        WritePadded(sign == '\0' ? digits : sign + digits);
    }

    /// <summary>The sharp flag: always a point, and for the general form the zeros that it would drop.</summary>
    private static string WithPoint(string number, char verb, int precision)
    {
        bool isHexadecimal = verb is 'x' or 'X';
        int split = isHexadecimal ? number.IndexOfAny(['p', 'P']) : number.IndexOfAny(['e', 'E']);
        string tail = split < 0 ? "" : number[split..];
        var text = new StringBuilder(split < 0 ? number : number[..split]);
        int missing = verb is 'g' or 'G' or 'x' ? (precision < 0 ? 6 : precision) : 0;
        bool significant = false;
        bool hasPoint = false;
        for (int i = 0; i < text.Length; i++)
        {
            hasPoint |= text[i] == '.';
            significant |= text[i] is not ('0' or '.');
            missing -= significant && text[i] != '.' ? 1 : 0;
        }

        if (!hasPoint)
        {
            // The zero of a bare 0 counts as a digit.
            missing -= text is { Length: 1 } && text[0] == '0' ? 1 : 0;
            text.Append('.');
        }

        return text.Append('0', Math.Max(0, missing)).Append(tail).ToString();
    }
}
