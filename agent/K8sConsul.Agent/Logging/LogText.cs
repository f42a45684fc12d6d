using System.Globalization;
using System.Text;

namespace K8sConsul.Agent.Logging;

/// <summary><c>2026-11-20T09:27:43.660Z [INFO]  agent: Started DNS server: address=127.0.0.1:8600 network=udp</c></summary>
internal static class LogText
{
    public static string Format(LogLine line)
    {
        var text = new StringBuilder(160);
        text.Append(line.Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture));
        text.Append(Offset(line.Time.Offset, colon: false)).Append(' ');
        text.Append(LogLevels.Bracketed(line.Level)).Append(line.Name).Append(": ").Append(line.Message);
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
