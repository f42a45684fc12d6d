using System.Globalization;

namespace K8sConsul.Template.Functions;

/// <summary>Arithmetic that takes anything for a number: a text by its digits, what is none as 0.</summary>
internal static class SprigNumbers
{
    // Beyond this a decimal has no digits left for what is behind the point.
    private const double DecimalMax = 1e14;

    public static void AddTo(TemplateFunctions functions)
    {
        functions
            .AddVariadic<object?, long>("add", values => values.Aggregate(0L, (sum, value) => unchecked(sum + Whole(value))))
            .Add("add1", (object? value) => unchecked(Whole(value) + 1))
            .Add("sub", (object? a, object? b) => unchecked(Whole(a) - Whole(b)))
            .AddVariadic<object?, object?, long>("mul", (first, values)
                => values.Aggregate(Whole(first), (product, value) => unchecked(product * Whole(value))))
            .Add("div", (object? a, object? b) => Whole(b) == -1 ? unchecked(-Whole(a)) : Whole(a) / MathHelpers.NotZero(Whole(b)))
            .Add("mod", (object? a, object? b) => Whole(b) == -1 ? 0 : Whole(a) % MathHelpers.NotZero(Whole(b)))
            .AddVariadic<object?, object?, long>("max", (first, values) => values.Aggregate(Whole(first), (most, value) => Math.Max(most, Whole(value))))
            .AddVariadic<object?, object?, long>("biggest", (first, values)
                => values.Aggregate(Whole(first), (most, value) => Math.Max(most, Whole(value))))
            .AddVariadic<object?, object?, long>("min", (first, values) => values.Aggregate(Whole(first), (least, value) => Math.Min(least, Whole(value))))
            .AddVariadic<object?, object?, double>("maxf", (first, values)
                => values.Aggregate(Real(first), (most, value) => Math.Max(most, Real(value))))
            .AddVariadic<object?, object?, double>("minf", (first, values)
                => values.Aggregate(Real(first), (least, value) => Math.Min(least, Real(value))))
            .Add("add1f", (object? value) => Exact(Real(value), 1, (a, b) => a + b, (a, b) => a + b))
            .AddVariadic<object?, double>("addf", values => values.Aggregate(0D, (sum, value)
                => Exact(sum, Real(value), (a, b) => a + b, (a, b) => a + b)))
            .AddVariadic<object?, object?, double>("subf", (first, values) => values.Aggregate(Real(first), (rest, value)
                => Exact(rest, Real(value), (a, b) => a - b, (a, b) => a - b)))
            .AddVariadic<object?, object?, double>("mulf", (first, values) => values.Aggregate(Real(first), (product, value)
                => Exact(product, Real(value), (a, b) => a * b, (a, b) => a * b)))
            .AddVariadic<object?, object?, double>("divf", (first, values) => values.Aggregate(Real(first), (left, value)
                => Divide(left, Real(value))))
            .Add("ceil", (object? value) => Math.Ceiling(Real(value)))
            .Add("floor", (object? value) => Math.Floor(Real(value)))
            .AddVariadic<object?, nint, double, double>("round", (value, digits, on) => Round(Real(value), digits, on.Count > 0 ? on[0] : 0.5))
            .Add("int", (object? value) => (nint)Whole(value))
            .Add("int64", (object? value) => Whole(value))
            .Add("float64", (object? value) => Real(value))
            .Add("atoi", (string text) => GoNumbers.TryParseInt(text, out long value, out bool outOfRange) || outOfRange ? (nint)value : 0)
            .AddWithCall("toDecimal", (TemplateCall call, object? value) => FromOctal(call.Print(value)))
            .AddVariadicWithCall<nint, string>("seq", Sequence);
    }

    /// <summary>A text may have a base as Go's literals do; a fraction of zeros is dropped.</summary>
    public static long Whole(object? value)
    {
        switch (value)
        {
            case null:
                return 0;
            case bool flag:
                return flag ? 1 : 0;
            case string text:
                return FromText(text);
        }

        GoType type = GoData.TypeOf(value)!;
        if (type.IsSigned)
        {
            return GoData.Signed(value);
        }

        return type.IsUnsigned ? unchecked((long)GoData.Unsigned(value)) : Truncated(GoData.Real(value));
    }

    public static double Real(object? value)
    {
        switch (value)
        {
            case null:
                return 0;
            case bool flag:
                return flag ? 1 : 0;
            case string text:
                return GoNumbers.TryParseFloat(text, out double parsed) ? parsed : 0;
        }

        GoType type = GoData.TypeOf(value)!;
        return type.IsSigned ? GoData.Signed(value) : type.IsUnsigned ? GoData.Unsigned(value) : GoData.Real(value);
    }

    /// <summary>What amd64 makes of a float that no int64 holds.</summary>
    private static long Truncated(double value) => value is >= -9223372036854775808.0 and < 9223372036854775808.0 ? (long)value : long.MinValue;

    private static long FromText(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        if (point > 0 && text.AsSpan(point + 1).Trim('0').IsEmpty)
        {
            text = text[..point];
        }

        bool negative = text.StartsWith('-');
        string digits = negative || text.StartsWith('+') ? text[1..] : text;
        if (digits.Length > 0 && char.IsAsciiDigit(digits[0]) && YamlScalar.Resolve(digits) is nint value)
        {
            return negative ? -value : value;
        }

        return 0;
    }

    private static double Exact(double a, double b, Func<decimal, decimal, decimal> exact, Func<double, double, double> rounded)
    {
        return Math.Abs(a) < DecimalMax && Math.Abs(b) < DecimalMax ? (double)exact((decimal)a, (decimal)b) : rounded(a, b);
    }

    private static double Divide(double a, double b)
    {
        return b == 0
            ? throw new TemplateFunctionException("decimal division by 0")
            : Math.Abs(a) < DecimalMax && Math.Abs(b) is < DecimalMax and > 1 / DecimalMax ? (double)Math.Round((decimal)a / (decimal)b, 16) : a / b;
    }

    private static double Round(double value, nint digits, double on)
    {
        double power = Math.Pow(10, digits);
        double shifted = power * value;
        double fraction = shifted - Math.Truncate(shifted);
        return (fraction >= on ? Math.Ceiling(shifted) : Math.Floor(shifted)) / power;
    }

    private static long FromOctal(string text)
    {
        long value = 0;
        foreach (char digit in text)
        {
            if (digit is < '0' or > '7' || value > long.MaxValue >> 3)
            {
                return 0;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return value;
    }

    private static string Sequence(TemplateCall call, IReadOnlyList<nint> bounds)
    {
        (long start, long step, long end) = bounds.Count switch
        {
            1 => (1L, bounds[0] < 1 ? -1L : 1L, (long)bounds[0]),
            2 => (bounds[0], bounds[1] < bounds[0] ? -1 : 1, bounds[1]),
            3 => (bounds[0], bounds[1], bounds[2]),
            _ => (0, 0, 0),
        };
        NumberSequence numbers = NumberSequence.OfInt(call, start, unchecked(end + (end < start ? -1 : 1)), step);
        call.CountItems(numbers.Count);
        return string.Join(' ', numbers.Select(number => ((nint)number!).ToString(CultureInfo.InvariantCulture)));
    }
}
