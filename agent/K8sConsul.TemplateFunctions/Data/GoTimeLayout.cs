using System.Globalization;
using System.Text;

namespace K8sConsul.Template.Functions;

/// <summary>Times printed by Go's layouts, which show how one certain moment would be written: <c>2006-01-02 15:04:05</c>.</summary>
internal static class GoTimeLayout
{
    public const string Rfc3339 = "2006-01-02T15:04:05Z07:00";
    public const string Rfc3339Nano = "2006-01-02T15:04:05.999999999Z07:00";

    // A longer element stands before those that it begins with.
    private static readonly (string Mark, Func<GoTime, string> Print)[] s_elements =
    [
        ("January", time => Name(time, "MMMM")),
        ("Jan", time => Name(time, "MMM")),
        ("Monday", time => Name(time, "dddd")),
        ("Mon", time => Name(time, "ddd")),
        ("MST", time => time.ZoneName),
        ("2006", time => Digits(time.Time.Year, 4)),
        ("-07:00:00", time => GoTime.OffsetText(time.Time.Offset, ":") + ":00"),
        ("-070000", time => GoTime.OffsetText(time.Time.Offset, "") + "00"),
        ("-07:00", time => GoTime.OffsetText(time.Time.Offset, ":")),
        ("-0700", time => GoTime.OffsetText(time.Time.Offset, "")),
        ("-07", time => GoTime.OffsetText(time.Time.Offset, "")[..3]),
        ("Z07:00:00", time => time.Time.Offset == TimeSpan.Zero ? "Z" : GoTime.OffsetText(time.Time.Offset, ":") + ":00"),
        ("Z070000", time => time.Time.Offset == TimeSpan.Zero ? "Z" : GoTime.OffsetText(time.Time.Offset, "") + "00"),
        ("Z07:00", time => time.Time.Offset == TimeSpan.Zero ? "Z" : GoTime.OffsetText(time.Time.Offset, ":")),
        ("Z0700", time => time.Time.Offset == TimeSpan.Zero ? "Z" : GoTime.OffsetText(time.Time.Offset, "")),
        ("Z07", time => time.Time.Offset == TimeSpan.Zero ? "Z" : GoTime.OffsetText(time.Time.Offset, "")[..3]),
        ("002", time => Digits(time.Time.DayOfYear, 3)),
        ("01", time => Digits(time.Time.Month, 2)),
        ("02", time => Digits(time.Time.Day, 2)),
        ("03", time => Digits(Hour12(time), 2)),
        ("04", time => Digits(time.Time.Minute, 2)),
        ("05", time => Digits(time.Time.Second, 2)),
        ("06", time => Digits(time.Time.Year % 100, 2)),
        ("15", time => Digits(time.Time.Hour, 2)),
        ("__2", time => Digits(time.Time.DayOfYear, 1).PadLeft(3)),
        ("_2", time => Digits(time.Time.Day, 1).PadLeft(2)),
        ("PM", time => time.Time.Hour >= 12 ? "PM" : "AM"),
        ("pm", time => time.Time.Hour >= 12 ? "pm" : "am"),
        ("1", time => Digits(time.Time.Month, 1)),
        ("2", time => Digits(time.Time.Day, 1)),
        ("3", time => Digits(Hour12(time), 1)),
        ("4", time => Digits(time.Time.Minute, 1)),
        ("5", time => Digits(time.Time.Second, 1)),
    ];

    public static string Format(GoTime time, string layout)
    {
        var text = new StringBuilder(layout.Length);
        int at = 0;
        while (at < layout.Length)
        {
            if (TryFraction(time, layout, text, ref at))
            {
                continue;
            }

            if (MarkAt(layout, at) is { } element)
            {
                text.Append(element.Print(time));
                at += element.Mark.Length;
                continue;
            }

            text.Append(layout[at++]);
        }

        return text.ToString();
    }

    /// <summary>The element of a layout that begins at a place.</summary>
    /// <returns>Null: there the layout stands for itself.</returns>
    public static string? TryMark(string layout, int at) => MarkAt(layout, at)?.Mark;

    private static (string Mark, Func<GoTime, string> Print)? MarkAt(string layout, int at)
    {
        ReadOnlySpan<char> rest = layout.AsSpan(at);

        // An underscore before a year belongs to neither.
        if (rest.StartsWith("_2006", StringComparison.Ordinal))
        {
            return null;
        }

        foreach ((string mark, Func<GoTime, string> print) in s_elements)
        {
            if (rest.StartsWith(mark, StringComparison.Ordinal) && !IsPartOfWord(mark, rest))
            {
                return (mark, print);
            }
        }

        return null;
    }

    /// <summary><c>Jan</c> in "Janet" is no month.</summary>
    private static bool IsPartOfWord(string mark, ReadOnlySpan<char> rest)
    {
        return mark is "Jan" or "Mon" && rest.Length > 3 && char.IsAsciiLetterLower(rest[3]);
    }

    /// <summary>A point or comma and zeros (all digits) or nines (without zeros at the end), and no digit behind.</summary>
    private static bool TryFraction(GoTime time, string layout, StringBuilder text, ref int at)
    {
        int length = FractionLength(layout, at);
        if (length == 0)
        {
            return false;
        }

        string digits = Digits(time.Time.Ticks % TimeSpan.TicksPerSecond * 100, 9)[..Math.Min(length - 1, 9)];
        digits = layout[at + 1] == '9' ? digits.TrimEnd('0') : digits;
        if (digits.Length > 0)
        {
            text.Append(layout[at]).Append(digits);
        }

        at += length;
        return true;
    }

    /// <summary>How long a fraction of a layout is that begins at a place, with its point; 0 where there is none.</summary>
    public static int FractionLength(string layout, int at)
    {
        if (layout[at] is not ('.' or ',') || at + 1 >= layout.Length || layout[at + 1] is not ('0' or '9'))
        {
            return 0;
        }

        char digit = layout[at + 1];
        int end = at + 1;
        while (end < layout.Length && layout[end] == digit)
        {
            end++;
        }

        return end < layout.Length && char.IsAsciiDigit(layout[end]) ? 0 : end - at;
    }

    private static int Hour12(GoTime time) => time.Time.Hour % 12 == 0 ? 12 : time.Time.Hour % 12;

    private static string Name(GoTime time, string format) => time.Time.ToString(format, CultureInfo.InvariantCulture);

    private static string Digits(long value, int count) => value.ToString(CultureInfo.InvariantCulture).PadLeft(count, '0');
}
