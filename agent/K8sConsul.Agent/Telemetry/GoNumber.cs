using System.Globalization;

namespace K8sConsul.Agent.Telemetry;

/// <summary>Numbers and times as Go prints them.</summary>
internal static class GoNumber
{
    /// <summary>Go's shortest form takes an exponent from a million on, and below a ten-thousandth.</summary>
    private const int PlainExponentMax = 5;
    private const int PlainExponentMin = -4;

    /// <summary><c>%g</c> in its shortest form, as Prometheus' text format has it.</summary>
    public static string Shortest(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }

        if (value == 0)
        {
            return double.IsNegative(value) ? "-0" : "0";
        }

        (string digits, int exponent) = Split(Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));
        string sign = value < 0 ? "-" : string.Empty;
        return sign + (exponent is < PlainExponentMin or > PlainExponentMax ? WithExponent(digits, exponent) : Plain(digits, exponent));
    }

    /// <summary><c>%0.3f</c></summary>
    public static string Thousandths(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary><c>%f</c></summary>
    public static string Millionths(double value) => value.ToString("F6", CultureInfo.InvariantCulture);

    /// <summary><c>time.Time.String()</c> in UTC.</summary>
    public static string Time(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + " +0000 UTC";

    /// <summary>The significant digits, and the power of ten of the first of them.</summary>
    private static (string Digits, int Exponent) Split(string text)
    {
        int e = text.IndexOf('E', StringComparison.Ordinal);
        int shift = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? text : text[..e];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string all = mantissa.Replace(".", string.Empty, StringComparison.Ordinal);
        string digits = all.TrimStart('0');
        int exponent = (point < 0 ? mantissa.Length : point) - 1 - (all.Length - digits.Length) + shift;
        return (digits.TrimEnd('0'), exponent);
    }

    private static string WithExponent(string digits, int exponent)
    {
        string mantissa = digits.Length == 1 ? digits : digits[..1] + "." + digits[1..];
        return mantissa + (exponent < 0 ? "e-" : "e+") + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
    }

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
        {
            return "0." + new string('0', -exponent - 1) + digits;
        }

        return exponent + 1 >= digits.Length
            ? digits + new string('0', exponent + 1 - digits.Length)
            : digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }
}
