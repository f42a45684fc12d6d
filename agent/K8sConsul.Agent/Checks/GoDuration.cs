using System.Globalization;

namespace K8sConsul.Agent.Checks;

/// <summary>Durations as Go prints them: <c>1m0s</c>, <c>1.5s</c>, <c>500ms</c>.</summary>
internal static class GoDuration
{
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0s";
        }

        string sign = value < TimeSpan.Zero ? "-" : "";
        long ticks = Math.Abs(value.Ticks);
        if (ticks < TimeSpan.TicksPerSecond)
        {
            if (ticks < TimeSpan.TicksPerMicrosecond)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{sign}{ticks * TimeSpan.NanosecondsPerTick}ns");
            }

            (long unit, string name) = ticks < TimeSpan.TicksPerMillisecond ? (TimeSpan.TicksPerMicrosecond, "µs") : (TimeSpan.TicksPerMillisecond, "ms");
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{(decimal)ticks / unit:0.#######}{name}");
        }

        long hours = ticks / TimeSpan.TicksPerHour;
        long minutes = ticks % TimeSpan.TicksPerHour / TimeSpan.TicksPerMinute;
        decimal seconds = (decimal)(ticks % TimeSpan.TicksPerMinute) / TimeSpan.TicksPerSecond;
        string text = string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#######}s");
        if (hours > 0 || minutes > 0)
        {
            text = string.Create(CultureInfo.InvariantCulture, $"{minutes}m{text}");
        }

        return hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{sign}{hours}h{text}") : sign + text;
    }
}
