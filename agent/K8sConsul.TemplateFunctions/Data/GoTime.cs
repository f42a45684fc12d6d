using System.Globalization;

namespace K8sConsul.Template.Functions;

/// <summary>A time with its zone: Go's <c>time.Time</c>, in steps of 100 ns.</summary>
internal sealed class GoTime(DateTimeOffset value, string zoneName) : ITemplateText
{
    private static readonly GoType s_type = GoType.Struct("time.Time");

    public GoType Type => s_type;

    public DateTimeOffset Time { get; } = value;

    /// <summary>As <c>MST</c> prints it: <c>UTC</c>, or the offset where no name is known.</summary>
    public string ZoneName { get; } = zoneName;

    public static GoTime Utc(DateTimeOffset time) => new(time.ToUniversalTime(), "UTC");

    /// <summary>In the zone of its offset.</summary>
    public static GoTime Local(DateTimeOffset time)
    {
        return time.Offset == TimeSpan.Zero ? Utc(time) : new GoTime(time, OffsetText(time.Offset, ""));
    }

    public static string OffsetText(TimeSpan offset, string separator)
    {
        string format = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(offset.Hours):00}{separator}{Math.Abs(offset.Minutes):00}");
        return (offset < TimeSpan.Zero ? "-" : "+") + format;
    }

    public string ToTemplateText() => GoTimeLayout.Format(this, "2006-01-02 15:04:05.999999999 -0700 MST");

    public string ToJson() => GoTimeLayout.Format(this, GoTimeLayout.Rfc3339Nano);
}
