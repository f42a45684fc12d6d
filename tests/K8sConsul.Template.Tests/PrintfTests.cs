namespace K8sConsul.Template.Tests;

/// <summary>Verbs, flags and mistakes of formats, row by row.</summary>
public sealed class PrintfTests
{
    [Theory]
    [InlineData("\"%5.2f|%-5s|%05d|%+d|%x|%q\" 1.5 \"ab\" 42 42 255 \"q\"", " 1.50|ab   |00042|+42|ff|\"q\"")]
    [InlineData("\"%06d %.3s %5.2s\" -42 \"abcdef\" \"abcdef\"", "-00042 abc    ab")]
    [InlineData("\"%[2]d %[1]d\" 1 2", "2 1")]
    [InlineData("\"%*d\" 5 42", "   42")]
    [InlineData("\"%.*f\" 2 3.14159", "3.14")]
    [InlineData("\"%d\" 3.5", "%!d(float64=3.5)")]
    [InlineData("\"%f\" 3", "%!f(int=3)")]
    [InlineData("\"%s\" true", "%!s(bool=true)")]
    [InlineData("\"%c %U %#x %#o %O\" 65 65 42 42 8", "A U+0041 0x2a 052 0o10")]
    [InlineData("\"%d\" \"a\"", "%!d(string=a)")]
    [InlineData("\"%d\"", "%!d(MISSING)")]
    [InlineData("\"x\" \"b\" 1", "x%!(EXTRA string=b, int=1)")]
    [InlineData("\"%z\" 1", "%!z(int=1)")]
    [InlineData("\"%\"", "%!(NOVERB)")]
    [InlineData("\"%[3]d\" 1", "%!d(BADINDEX)")]
    [InlineData("\"%*d\" \"a\" 1", "%!(BADWIDTH)1")]
    [InlineData("\"%.*d\" \"a\" 1", "%!(BADPREC)1")]
    [InlineData("\"%s|%v|%T\" nil nil nil", "%!s(<nil>)|<nil>|<nil>")]
    [InlineData("\"%d\" .ls", "[%!d(string=a) %!d(string=b)]")]
    [InlineData("\"%t %5t|%%\" true false", "true false|%")]
    [InlineData("\"%b %o %X %q\" 5 8 255 97", "101 10 FF 'a'")]
    [InlineData("\"%e %E %.2g %G\" 1234.5 1234.5 1234.5 1e-10", "1.234500e+03 1.234500E+03 1.2e+03 1E-10")]
    [InlineData("\"%x %X % x %#x\" \"hi\" \"hi\" \"hi\" .by", "6869 6869 68 69 0x6869")]
    [InlineData("\"%v %+v %#v\" .p .p .p", "{1 2} {X:1 Y:2} main.Point{X:1, Y:2}")]
    [InlineData("\"%T %T %T %T %T\" .nm .m .la .ls .i64", "map[string]interface {} map[string]int []interface {} []string int64")]
    [InlineData("\"%#v %#v\" .la .ms", "[]interface {}{1, \"a\", interface {}(nil), 2.5, true, []interface {}{1}} map[string]string{\"k\":\"v\"}")]
    [InlineData("\"%6.3v|%-8v|%08.3f|%+.1e\" 3.14159 .f -3.14159 12345.678", "  3.14|1.5     |-003.142|+1.2e+04")]
    [InlineData("\"%.0f %.0f %.0f %.25f\" 0.5 1.5 2.5 0.1", "0 2 2 0.1000000000000000055511151")]
    [InlineData("\"%x %.3x %b\" 1.5 1.1 1.5", "0x1.8p+00 0x1.19ap+00 6755399441055744p-52")]
    [InlineData("\"% d|%+d|% x|%x\" 5 5 -10 -10", " 5|+5|-a|-a")]
    [InlineData("\"%+q %#q %#U\" \"é\" \"ab\" 233", "\"\\u00e9\" `ab` U+00E9 'é'")]
    public void Rows(string arguments, string expected)
    {
        Assert.Equal((expected, ""), Sample.Run("{{printf " + arguments + "}}"));
    }

    /// <summary>Digits of floats against a slow exact computation by whole numbers.</summary>
    [Fact]
    public void Fixed_digits_are_exactly_rounded()
    {
        var random = new Random(3);
        for (int round = 0; round < 2_000; round++)
        {
            double value = random.Next(2) == 0 ? random.Next(1 << 20) / (double)(1 << random.Next(15)) : random.NextDouble() * Math.Pow(10, random.Next(-3, 9));
            int precision = random.Next(8);
            Assert.Equal(Slow(value, precision), FloatText.Format(value, isSingle: false, 'f', precision));
        }
    }

    private static string Slow(double value, int precision)
    {
        // value = mantissa / 2^n exactly.
        int shift = 0;
        while (value != Math.Floor(value))
        {
            value *= 2;
            shift++;
        }

        var numerator = new System.Numerics.BigInteger(value) * System.Numerics.BigInteger.Pow(10, precision);
        var denominator = System.Numerics.BigInteger.One << shift;
        var quotient = System.Numerics.BigInteger.DivRem(numerator, denominator, out System.Numerics.BigInteger rest);
        int order = (rest * 2).CompareTo(denominator);
        quotient += order > 0 || (order == 0 && !quotient.IsEven) ? 1 : 0;
        string digits = quotient.ToString().PadLeft(precision + 1, '0');
        return precision == 0 ? digits : digits[..^precision] + "." + digits[^precision..];
    }

    [Fact]
    public void Shortest_digits_lead_back_to_the_same_float()
    {
        var random = new Random(4);
        for (int round = 0; round < 5_000; round++)
        {
            double value = Math.Abs(BitConverter.Int64BitsToDouble(random.NextInt64()));
            if (double.IsFinite(value))
            {
                foreach (char verb in "gef")
                {
                    Assert.Equal(value, double.Parse(FloatText.Format(value, isSingle: false, verb, -1)));
                }

                string hexadecimal = FloatText.Format(value, isSingle: false, 'x', -1);
                Assert.True(GoLiteral.TryParseFloat(hexadecimal, out double parsed));
                Assert.Equal(value, parsed);
            }
        }
    }
}
