using System.Numerics;
using K8sConsul.Go;

namespace K8sConsul.Template;

/// <summary>A number as written, which is each of whole, unsigned, real and complex that its value allows.</summary>
/// <remarks>Which of them counts depends on where it is used: <c>1.0</c> passes for an int, <c>1</c> for a float.</remarks>
internal sealed class NumberLiteral
{
    private NumberLiteral(string text)
    {
        Text = text;
    }

    public string Text { get; }

    public long? Signed { get; private set; }

    public ulong? Unsigned { get; private set; }

    public double? Real { get; private set; }

    public Complex? Complex { get; private set; }

    /// <summary>Without a context to fit: a float only if it looks like one.</summary>
    public bool LooksReal => Real is not null && !IsHexadecimalWhole && Text[0] != '\'' && Text.AsSpan().IndexOfAny(".eEpP") >= 0;

    private bool IsHexadecimalWhole
        => Text.Length > 2 && Text[0] == '0' && Text[1] is 'x' or 'X' && Text.AsSpan().IndexOfAny('p', 'P') < 0;

    /// <exception cref="LiteralRefusedException">Not a number, or one that fits nothing.</exception>
    public static NumberLiteral Parse(string text, TokenKind kind)
    {
        var number = new NumberLiteral(text);
        switch (kind)
        {
            case TokenKind.CharConstant:
                number.TakeCharacter();
                return number;
            case TokenKind.Complex:
                number.TakeComplex();
                return number;
        }

        if (text[^1] == 'i' && GoLiteral.TryParseFloat(text.AsSpan(0, text.Length - 1), out double imaginary))
        {
            number.SetComplex(new Complex(0, imaginary));
            return number;
        }

        number.TakeWhole();
        if (number.Signed is null && number.Unsigned is null)
        {
            number.TakeReal();
        }

        return number;
    }

    private void TakeCharacter()
    {
        ReadOnlySpan<char> body = Text.AsSpan(1);
        if (!GoLiteral.TryTakeCharacter(ref body, '\'', out int value, out _))
        {
            throw new LiteralRefusedException("invalid syntax");
        }

        if (body is not "'")
        {
            throw new LiteralRefusedException($"malformed character constant: {Text}");
        }

        Signed = value;
        Unsigned = (ulong)value;
        Real = value;
    }

    private void TakeComplex()
    {
        int split = Text.AsSpan(1).LastIndexOfAny('+', '-') + 1;
        // The sign of an exponent is none of the sum's.
        if (split > 1 && Text[split - 1] is 'e' or 'E' or 'p' or 'P')
        {
            split = Text.AsSpan(1, split - 1).LastIndexOfAny('+', '-') + 1;
        }

        if (split < 1
            || !GoLiteral.TryParseFloat(Text.AsSpan(0, split), out double real)
            || !GoLiteral.TryParseFloat(Text.AsSpan(split, Text.Length - split - 1), out double imaginary))
        {
            throw new LiteralRefusedException("syntax error scanning complex number");
        }

        SetComplex(new Complex(real, imaginary));
    }

    private void SetComplex(Complex value)
    {
        Complex = value;
        if (value.Imaginary == 0)
        {
            Real = value.Real;
            TakeWholeOf(value.Real);
        }
    }

    private void TakeWhole()
    {
        bool isNegative = Text[0] == '-';
        bool hasSign = isNegative || Text[0] == '+';
        if (!GoLiteral.TryParseMagnitude(Text.AsSpan(hasSign ? 1 : 0), out BigInteger magnitude))
        {
            return;
        }

        BigInteger value = isNegative ? -magnitude : magnitude;
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            Signed = (long)value;
        }

        if (magnitude <= ulong.MaxValue && (!hasSign || value.IsZero))
        {
            Unsigned = (ulong)magnitude;
        }

        Real = Signed is not null ? (double)Signed : Unsigned is not null ? (double)Unsigned : null;
    }

    private void TakeReal()
    {
        if (!GoLiteral.TryParseFloat(Text, out double value))
        {
            throw new LiteralRefusedException($"illegal number syntax: {GoText.Quote(Text)}");
        }

        // A whole number that is too large for any type must not turn into a float by itself.
        if (Text.AsSpan().IndexOfAny(".eEpP") < 0)
        {
            throw new LiteralRefusedException($"integer overflow: {GoText.Quote(Text)}");
        }

        Real = value;
        TakeWholeOf(value);
    }

    private void TakeWholeOf(double value)
    {
        if (value == Math.Truncate(value) && value is >= long.MinValue and < 9223372036854775808.0)
        {
            Signed = (long)value;
        }

        if (value == Math.Truncate(value) && value is >= 0 and < 18446744073709551616.0)
        {
            Unsigned = (ulong)value;
        }
    }
}
