using System.Globalization;
using System.Text;

namespace K8sConsul.Go;

/// <summary>A span of time as Go's <c>time.Duration</c> reads and prints it: signed nanoseconds, about 292 years either way.</summary>
/// <remarks>Configuration, flags, query parameters and check definitions carry durations in this form (<c>1h2m3.5s</c>).</remarks>
public readonly record struct GoDuration(long Nanoseconds) : IComparable<GoDuration>
{
    private const long Microsecond = 1_000;
    private const long Millisecond = 1_000 * Microsecond;
    private const long Second = 1_000 * Millisecond;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;

    public static GoDuration Zero => default;

    /// <summary>Reads Go's duration syntax: an optional sign, then numbers with optional fraction and a unit of ns us µs ms s m h.</summary>
    /// <param name="text">The duration; a bare <c>0</c> needs no unit.</param>
    /// <param name="duration">Zero when refused.</param>
    /// <param name="error">Go's own text, such as <c>time: missing unit in duration "10"</c>; empty when accepted.</param>
    public static bool TryParse(string text, out GoDuration duration, out string error)
    {
        duration = default;
        ReadOnlySpan<char> rest = text;
        bool negative = false;
        if (rest.Length > 0 && rest[0] is '-' or '+')
        {
            negative = rest[0] == '-';
            rest = rest[1..];
        }

        if (rest is "0")
        {
            error = string.Empty;
            return true;
        }

        if (rest.IsEmpty)
        {
            error = Invalid(text);
            return false;
        }

        long total = 0;
        while (!rest.IsEmpty)
        {
            if (!TryTakeTerm(ref rest, text, out long term, out error))
            {
                return false;
            }

            total = unchecked(total + term);
            if (total < 0)
            {
                error = Invalid(text);
                return false;
            }
        }

        duration = new GoDuration(negative ? -total : total);
        error = string.Empty;
        return true;
    }

    /// <inheritdoc cref="TryParse(string, out GoDuration, out string)"/>
    public static bool TryParse(string text, out TimeSpan duration, out string error)
    {
        bool parsed = TryParse(text, out GoDuration value, out error);
        duration = value.ToTimeSpan();
        return parsed;
    }

    public static GoDuration FromTimeSpan(TimeSpan span)
    {
        return new GoDuration(checked(span.Ticks * 100));
    }

    public static string Format(TimeSpan span)
    {
        return FromTimeSpan(span).ToString();
    }

    /// <summary>The span in .NET's steps of 100 ns. A fraction of a step counts as one, so that no positive duration turns into "off".</summary>
    public TimeSpan ToTimeSpan()
    {
        (long ticks, long remainder) = Math.DivRem(Nanoseconds, 100);
        return new TimeSpan(ticks + Math.Sign(remainder));
    }

    public int CompareTo(GoDuration other)
    {
        return Nanoseconds.CompareTo(other.Nanoseconds);
    }

    public static bool operator <(GoDuration left, GoDuration right)
    {
        return left.Nanoseconds < right.Nanoseconds;
    }

    public static bool operator >(GoDuration left, GoDuration right)
    {
        return left.Nanoseconds > right.Nanoseconds;
    }

    public static bool operator <=(GoDuration left, GoDuration right)
    {
        return left.Nanoseconds <= right.Nanoseconds;
    }

    public static bool operator >=(GoDuration left, GoDuration right)
    {
        return left.Nanoseconds >= right.Nanoseconds;
    }

    /// <summary>Go's <c>Duration.String</c>: <c>0s</c>, <c>1.5µs</c>, <c>300ms</c>, <c>1h30m0s</c>.</summary>
    public override string ToString()
    {
        if (Nanoseconds == 0)
        {
            return "0s";
        }

        // The magnitude of long.MinValue has no positive long.
        ulong magnitude = Nanoseconds < 0 ? unchecked((ulong)-Nanoseconds) : (ulong)Nanoseconds;
        var text = new StringBuilder(24);
        if (Nanoseconds < 0)
        {
            text.Append('-');
        }

        switch (magnitude)
        {
            case < Microsecond:
                return text.Append(magnitude).Append("ns").ToString();
            case < Millisecond:
                AppendScaled(text, magnitude, Microsecond, digits: 3);
                return text.Append("µs").ToString();
            case < Second:
                AppendScaled(text, magnitude, Millisecond, digits: 6);
                return text.Append("ms").ToString();
        }

        ulong hours = magnitude / Hour;
        ulong minutes = magnitude % Hour / Minute;
        if (hours > 0)
        {
            text.Append(hours).Append('h');
        }

        if (magnitude >= Minute)
        {
            text.Append(minutes).Append('m');
        }

        AppendScaled(text, magnitude % Minute, Second, digits: 9);
        return text.Append('s').ToString();
    }

    private static void AppendScaled(StringBuilder text, ulong value, long scale, int digits)
    {
        text.Append(value / (ulong)scale);
        ulong fraction = value % (ulong)scale;
        if (fraction > 0)
        {
            text.Append('.').Append(fraction.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0').TrimEnd('0'));
        }
    }

    private static bool TryTakeTerm(ref ReadOnlySpan<char> rest, string text, out long term, out string error)
    {
        term = 0;
        error = Invalid(text);
        if (rest[0] != '.' && !char.IsAsciiDigit(rest[0]))
        {
            return false;
        }

        int before = rest.Length;
        if (!TryTakeInteger(ref rest, out long whole))
        {
            return false;
        }

        bool hasDigits = rest.Length < before;
        long fraction = 0;
        double scale = 1;
        if (!rest.IsEmpty && rest[0] == '.')
        {
            rest = rest[1..];
            before = rest.Length;
            TakeFraction(ref rest, out fraction, out scale);
            hasDigits |= rest.Length < before;
        }

        if (!hasDigits)
        {
            return false;
        }

        int unitLength = 0;
        while (unitLength < rest.Length && rest[unitLength] != '.' && !char.IsAsciiDigit(rest[unitLength]))
        {
            unitLength++;
        }

        if (unitLength == 0)
        {
            error = $"time: missing unit in duration \"{text}\"";
            return false;
        }

        ReadOnlySpan<char> unitName = rest[..unitLength];
        rest = rest[unitLength..];
        long unit = UnitOf(unitName);
        if (unit == 0)
        {
            error = $"time: unknown unit \"{unitName}\" in duration \"{text}\"";
            return false;
        }

        if (whole > long.MaxValue / unit)
        {
            return false;
        }

        term = whole * unit;
        if (fraction > 0)
        {
            // Go computes the fraction in floating point too; the last nanosecond must come out the same.
            term = unchecked(term + (long)(fraction * (unit / scale)));
            if (term < 0)
            {
                return false;
            }
        }

        error = string.Empty;
        return true;
    }

    private static bool TryTakeInteger(ref ReadOnlySpan<char> rest, out long value)
    {
        value = 0;
        int length = 0;
        for (; length < rest.Length && char.IsAsciiDigit(rest[length]); length++)
        {
            if (value > long.MaxValue / 10)
            {
                return false;
            }

            value = unchecked((value * 10) + (rest[length] - '0'));
            if (value < 0)
            {
                return false;
            }
        }

        rest = rest[length..];
        return true;
    }

    /// <summary>Digits beyond what a long holds are read and dropped, as Go does.</summary>
    private static void TakeFraction(ref ReadOnlySpan<char> rest, out long value, out double scale)
    {
        value = 0;
        scale = 1;
        bool full = false;
        int length = 0;
        for (; length < rest.Length && char.IsAsciiDigit(rest[length]); length++)
        {
            if (full)
            {
                continue;
            }

            if (value > long.MaxValue / 10)
            {
                full = true;
                continue;
            }

            long next = unchecked((value * 10) + (rest[length] - '0'));
            if (next < 0)
            {
                full = true;
                continue;
            }

            value = next;
            scale *= 10;
        }

        rest = rest[length..];
    }

    private static long UnitOf(ReadOnlySpan<char> name)
    {
        return name switch
        {
            "ns" => 1,
            "us" or "µs" or "μs" => Microsecond,
            "ms" => Millisecond,
            "s" => Second,
            "m" => Minute,
            "h" => Hour,
            _ => 0,
        };
    }

    private static string Invalid(string text)
    {
        return $"time: invalid duration \"{text}\"";
    }
}
