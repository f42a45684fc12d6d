using System.Globalization;
using System.Numerics;

namespace K8sConsul.Template;

/// <summary>A number of zero or more as <c>0.DIGITS * 10^Point</c>, without zeros at either end.</summary>
internal readonly record struct DecimalDigits(string Digits, int Point)
{
    public int Length => Digits.Length;

    /// <summary>The fewest digits that no other float of the type is nearer to.</summary>
    public static DecimalDigits Shortest(double value, bool isSingle)
    {
        string text = isSingle
            ? ((float)value).ToString("R", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = mark < 0 ? text : text[..mark];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        return Trim(mantissa.Replace(".", "", StringComparison.Ordinal), (point < 0 ? mantissa.Length : point) + exponent);
    }

    /// <summary>All digits: every float has finitely many.</summary>
    public static DecimalDigits Exact(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        int biased = (int)(bits >> 52) & 0x7ff;
        ulong fraction = bits & ((1UL << 52) - 1);
        BigInteger mantissa = biased == 0 ? fraction : fraction | (1UL << 52);
        int exponent = Math.Max(biased, 1) - 1075;
        // A half is five tenths: 2^-n is 5^n * 10^-n.
        BigInteger whole = exponent >= 0 ? mantissa << exponent : mantissa * BigInteger.Pow(5, -exponent);
        string digits = whole.ToString(CultureInfo.InvariantCulture);
        return Trim(digits, digits.Length + Math.Min(exponent, 0));
    }

    public char At(int index) => index >= 0 && index < Digits.Length ? Digits[index] : '0';

    /// <summary>To that many digits from the first on; a tie goes to the even digit.</summary>
    public DecimalDigits RoundedTo(int count)
    {
        if (count >= Length)
        {
            return this;
        }

        if (count < 0)
        {
            return new DecimalDigits("", 0);
        }

        // Without zeros at the end, a lone 5 is a tie.
        bool isTie = Digits[count] == '5' && count + 1 == Length;
        bool up = isTie ? count > 0 && (Digits[count - 1] - '0') % 2 == 1 : Digits[count] >= '5';
        if (!up)
        {
            return Trim(Digits[..count], Point);
        }

        string nines = Digits[..count].TrimEnd('9');
        return nines.Length == 0
            ? new DecimalDigits("1", Point + 1)
            : new DecimalDigits(nines[..^1] + (char)(nines[^1] + 1), Point);
    }

    private static DecimalDigits Trim(string digits, int point)
    {
        string trimmed = digits.TrimStart('0');
        point -= digits.Length - trimmed.Length;
        trimmed = trimmed.TrimEnd('0');
        return trimmed.Length == 0 ? new DecimalDigits("", 0) : new DecimalDigits(trimmed, point);
    }
}
