using System.Globalization;
using System.Text;

namespace K8sConsul.Logging;

/// <summary><c>2026-11-20T09:27:43.660Z [INFO]  agent: Started DNS server: address=127.0.0.1:8600 network=udp</c></summary>
internal static class LogText
{
    public static string Format(LogLine line)
    {
        return Finish(Begin(line).Append(LogLevels.Bracketed(line.Level)).Append(line.Name).Append(": "), line);
    }

    /// <summary><c>2026-11-20T09:27:43.660Z [INFO] (runner) rendered: template=a.ctmpl changed=true</c></summary>
    public static string FormatNameless(LogLine line)
    {
        return Finish(Begin(line).Append(LogLevels.Short(line.Level)), line);
    }

    private static StringBuilder Begin(LogLine line)
    {
        return new StringBuilder(160)
            .Append(line.Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture))
            .Append(Offset(line.Time.Offset, colon: false))
            .Append(' ');
    }

    private static string Finish(StringBuilder text, LogLine line)
    {
        text.Append(line.Message);
        for (int i = 0; i < line.Pairs.Count; i++)
        {
            text.Append(i == 0 ? ": " : " ").Append(line.Pairs[i].Key).Append('=').Append(LogValue.ToPairText(line.Pairs[i].Value));
        }

        return text.Append('\n').ToString();
    }

    /// <summary><c>Z</c>, or hours and minutes.</summary>
    internal static string Offset(TimeSpan offset, bool colon)
    {
        if (offset == TimeSpan.Zero)
        {
            return "Z";
        }

        string sign = offset < TimeSpan.Zero ? "-" : "+";
        string between = colon ? ":" : string.Empty;
        TimeSpan magnitude = offset.Duration();
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{magnitude.Hours:00}{between}{magnitude.Minutes:00}");
    }
}
