using System.Globalization;
using K8sConsul.Go;

namespace K8sConsul.Template.Functions;

/// <summary>About how long: a span by its largest unit, <c>2h3m</c> as <c>2h</c>.</summary>
internal static class DurationRound
{
    private const long Second = 1_000_000_000;
    private const long Hour = 3600 * Second;
    private const long Day = 24 * Hour;

    /// <summary>From the longest; a unit counts only where there is more of it than one. Months have 30 days.</summary>
    private static readonly (long Unit, string Name)[] s_units =
        [(365 * Day, "y"), (30 * Day, "mo"), (Day, "d"), (Hour, "h"), (60 * Second, "m"), (Second, "s")];

    /// <param name="span">A text, nanoseconds as an int64, or a time that is past; of other kinds nothing.</param>
    /// <param name="now">The time.</param>
    public static string Of(object? span, DateTimeOffset now)
    {
        long nanoseconds = Magnitude(span switch
        {
            string text => GoDuration.TryParse(text, out GoDuration duration, out _) ? duration.Nanoseconds : 0,
            long whole => whole,
            GoTime time => (now - time.Time).Ticks * 100,
            _ => 0,
        });
        foreach ((long unit, string name) in s_units)
        {
            if (nanoseconds > unit)
            {
                return (nanoseconds / unit).ToString(CultureInfo.InvariantCulture) + name;
            }
        }

        return "0s";
    }

    /// <summary>The smallest number has no positive one beside it.</summary>
    private static long Magnitude(long value) => value == long.MinValue ? long.MaxValue : Math.Abs(value);
}
