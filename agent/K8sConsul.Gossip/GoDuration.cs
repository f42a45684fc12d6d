using System.Globalization;
using System.Text;

namespace K8sConsul.Gossip;

/// <summary>Go's duration texts (<c>72h0m0s</c>, <c>1.5s</c>), which tags and logs of the real peers carry.</summary>
public static class GoDuration
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Go's <c>Duration.String</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0s";
        }

        string sign = value < TimeSpan.Zero ? "-" : string.Empty;
        TimeSpan size = value.Duration();
        if (size < TimeSpan.FromSeconds(1))
        {
            decimal nanoseconds = size.Ticks * NanosecondsPerTick;
            (decimal number, string unit) = nanoseconds switch
            {
                < 1_000m => (nanoseconds, "ns"),
                < 1_000_000m => (nanoseconds / 1_000m, "\u00b5s"),
                _ => (nanoseconds / 1_000_000m, "ms"),
            };
            return sign + number.ToString("0.######", CultureInfo.InvariantCulture) + unit;
        }

        var text = new StringBuilder(sign);
        long hours = size.Ticks / TimeSpan.TicksPerHour;
        if (hours > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        }

        if (hours > 0 || size.Minutes > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{size.Minutes}m");
        }

        decimal seconds = size.Ticks % TimeSpan.TicksPerMinute / (decimal)TimeSpan.TicksPerSecond;
        return text.Append(seconds.ToString("0.#########", CultureInfo.InvariantCulture)).Append('s').ToString();
    }

    /// <summary>Go's <c>ParseDuration</c>; false for what Go refuses and for what a <see cref="TimeSpan"/> cannot hold.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = TimeSpan.Zero;
        ReadOnlySpan<char> rest = text;
        bool negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        decimal ticks = 0;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            {
                return false;
            }

            rest = rest[digits..];
            int unitLength = rest.IndexOfAnyInRange('0', '9') is var next and >= 0 ? next : rest.Length;
            if (rest[..unitLength].IndexOf('.') is var dot and >= 0)
            {
                unitLength = dot;
            }

            if (!TryUnit(rest[..unitLength], out decimal ticksPerUnit))
            {
                return false;
            }

            if (number > TimeSpan.MaxValue.Ticks)
            {
                return false;
            }

            ticks += number * ticksPerUnit;
            rest = rest[unitLength..];
        }

        if (ticks > TimeSpan.MaxValue.Ticks)
        {
            return false;
        }

        value = TimeSpan.FromTicks((long)(negative ? -ticks : ticks));
        return true;
    }

    private static bool TryUnit(ReadOnlySpan<char> unit, out decimal ticks)
    {
        ticks = unit switch
        {
            "ns" => 0.01m,
            "us" or "\u00b5s" or "\u03bcs" => TimeSpan.TicksPerMicrosecond,
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            _ => 0,
        };
        return ticks > 0;
    }
}
