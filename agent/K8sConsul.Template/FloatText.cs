using System.Globalization;
using System.Numerics;
using System.Text;

namespace K8sConsul.Template;

/// <summary>Floats in digits: the shortest that lead back to the same float, or exactly rounded to a precision (ties to even).</summary>
internal static class FloatText
{
    private const int FractionBits = 52;
    private const int SingleFractionBits = 23;

    // Beyond this many digits behind the point every double has zeros only.
    private const int FractionDigitsMax = 1_100;

    /// <param name="value">Not negative; infinities and NaN are spelt out.</param>
    /// <param name="isSingle">It was a float32, which has fewer digits.</param>
    /// <param name="verb">One of <c>e E f g G x X b</c>.</param>
    /// <param name="precision">-1: as many digits as it takes.</param>
    public static string Format(double value, bool isSingle, char verb, int precision)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : "Inf";
        }

        return verb switch
        {
            'b' => Binary(value, isSingle),
            'x' or 'X' => Hexadecimal(value, isSingle, precision, verb == 'X'),
            _ => Decimal(value, isSingle, verb, precision),
        };
    }

    /// <summary>The double nearest to <c>mantissa * 2^exponent</c>, ties to even.</summary>
    public static double Compose(BigInteger mantissa, int exponent)
    {
        if (mantissa.IsZero)
        {
            return 0;
        }

        // Bits below the last place that the result can have; a subnormal has fewer of its own.
        long bits = (long)mantissa.GetBitLength();
        long drop = Math.Max(bits - (FractionBits + 1), -1074 - (long)exponent);
        if (drop > bits + 1)
        {
            return 0;
        }

        if (drop > 0)
        {
            BigInteger kept = mantissa >> (int)drop;
            BigInteger rest = mantissa - (kept << (int)drop);
            BigInteger half = BigInteger.One << (int)(drop - 1);
            bool up = rest > half || (rest == half && !kept.IsEven);
            mantissa = up ? kept + 1 : kept;
            exponent += (int)drop;
        }

        return Math.ScaleB((double)mantissa, exponent);
    }

    private static string Decimal(double value, bool isSingle, char verb, int precision)
    {
        DecimalDigits digits = precision < 0 ? DecimalDigits.Shortest(value, isSingle) : DecimalDigits.Exact(value);
        char exponentMark = verb is 'E' or 'G' ? 'E' : 'e';
        switch (verb)
        {
            case 'e' or 'E':
                int after = precision < 0 ? Math.Max(digits.Length - 1, 0) : precision;
                return Scientific(precision < 0 ? digits : digits.RoundedTo(after + 1), after, exponentMark);
            case 'f':
                int fraction = precision < 0 ? Math.Max(digits.Length - digits.Point, 0) : precision;
                int kept = digits.Point + Math.Min(fraction, FractionDigitsMax);
                return Fixed(precision < 0 ? digits : digits.RoundedTo(kept), fraction);
        }

        // The general form: the exponent decides, and zeros at the end are dropped.
        int significant = precision == 0 ? 1 : precision;
        DecimalDigits rounded = precision < 0 ? digits : digits.RoundedTo(significant);
        int limit = precision < 0 ? 6 : significant;
        if (precision >= 0 && limit > rounded.Length && rounded.Length >= rounded.Point)
        {
            limit = rounded.Length;
        }

        int exponent = rounded.Point - 1;
        if (exponent < -4 || exponent >= limit)
        {
            return Scientific(rounded, Math.Max(rounded.Length - 1, 0), exponentMark);
        }

        return Fixed(rounded, Math.Max(rounded.Length - rounded.Point, 0));
    }

    private static string Scientific(DecimalDigits digits, int after, char mark)
    {
        var text = new StringBuilder().Append(digits.At(0));
        if (after > 0)
        {
            text.Append('.');
            AppendDigits(text, digits, start: 1, after);
        }

        int exponent = digits.Length == 0 ? 0 : digits.Point - 1;
        return AppendExponent(text.Append(mark), exponent).ToString();
    }

    /// <summary>With its sign, and two digits at least.</summary>
    private static StringBuilder AppendExponent(StringBuilder text, int exponent)
    {
        return text.Append(exponent < 0 ? '-' : '+').Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture));
    }

    private static string Fixed(DecimalDigits digits, int fraction)
    {
        var text = new StringBuilder();
        if (digits.Point <= 0)
        {
            text.Append('0');
        }
        else
        {
            AppendDigits(text, digits, start: 0, digits.Point);
        }

        if (fraction > 0)
        {
            text.Append('.');
            AppendDigits(text, digits, digits.Point, fraction);
        }

        return text.ToString();
    }

    private static void AppendDigits(StringBuilder text, DecimalDigits digits, int start, int count)
    {
        for (int i = start; i < start + count; i++)
        {
            text.Append(digits.At(i));
        }
    }

    private static string Binary(double value, bool isSingle)
    {
        (ulong mantissa, int exponent) = Parts(value, isSingle);
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}p{(exponent < 0 ? "" : "+")}{exponent}");
    }

    /// <summary>The mantissa as a whole number, as wide as the type has it.</summary>
    private static (ulong Mantissa, int Exponent) Parts(double value, bool isSingle)
    {
        if (isSingle)
        {
            uint single = BitConverter.SingleToUInt32Bits((float)value);
            int singleExponent = (int)(single >> SingleFractionBits) & 0xff;
            uint singleFraction = single & ((1U << SingleFractionBits) - 1);
            return singleExponent == 0
                ? (singleFraction, -149)
                : (singleFraction | (1U << SingleFractionBits), singleExponent - 150);
        }

        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        int exponent = (int)(bits >> FractionBits) & 0x7ff;
        ulong fraction = bits & ((1UL << FractionBits) - 1);
        return exponent == 0 ? (fraction, -1074) : (fraction | (1UL << FractionBits), exponent - 1075);
    }

    private static string Hexadecimal(double value, bool isSingle, int precision, bool upperCase)
    {
        (ulong mantissa, int exponent) = Parts(value, isSingle);
        if (mantissa != 0)
        {
            // One bit before the point, and 60 behind it.
            int shift = BitOperations.LeadingZeroCount(mantissa) - 3;
            mantissa <<= shift;
            exponent += 60 - shift;
        }
        else
        {
            exponent = 0;
        }

        if (precision is >= 0 and < 15)
        {
            int drop = 60 - (precision * 4);
            ulong rest = mantissa & ((1UL << drop) - 1);
            ulong half = 1UL << (drop - 1);
            mantissa >>= drop;
            mantissa += rest > half || (rest == half && (mantissa & 1) == 1) ? 1UL : 0;
            mantissa <<= drop;
            if (mantissa >> 61 != 0)
            {
                mantissa >>= 1;
                exponent++;
            }
        }

        string digits = (mantissa & ((1UL << 60) - 1)).ToString(upperCase ? "X15" : "x15", CultureInfo.InvariantCulture);
        digits = precision < 0 ? digits.TrimEnd('0') : digits.PadRight(precision, '0')[..precision];
        var text = new StringBuilder(upperCase ? "0X" : "0x").Append(mantissa >> 60);
        if (digits.Length > 0)
        {
            text.Append('.').Append(digits);
        }

        return AppendExponent(text.Append(upperCase ? 'P' : 'p'), exponent).ToString();
    }
}
