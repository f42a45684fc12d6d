using System.Globalization;
using System.Text;
using K8sConsul.Server.Telemetry;

namespace K8sConsul.Agent.Telemetry;

/// <summary>How an observation is written down for a metrics daemon: one line, its end included.</summary>
internal interface ILineFormat
{
    string Line(Instrument instrument, float value);
}

/// <summary>statsd's and statsite's form, with labels as further parts of the name.</summary>
internal sealed class StatsdLines : ILineFormat
{
    public string Line(Instrument instrument, float value)
    {
        var line = new StringBuilder();
        AppendClean(line, instrument.Identity.Name);
        foreach (MetricLabel label in instrument.Identity.Labels)
        {
            AppendClean(line.Append('.'), label.Value);
        }

        return line.Append(':').Append(GoNumber.Millionths(value)).Append('|').Append(TypeOf(instrument)).Append('\n').ToString();
    }

    internal static string TypeOf(Instrument instrument) => instrument switch
    {
        Counter => "c",
        Gauge => "g",
        Sample => "ms",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>go-metrics replaces colons and blanks; the rest keeps a label that a request brought from ending the line.</summary>
    internal static void AppendClean(StringBuilder line, string text)
    {
        foreach (char c in text)
        {
            line.Append(c is ':' or ' ' or '|' or '#' or '@' || char.IsControl(c) ? '_' : c);
        }
    }
}

/// <summary>DogStatsD's form: labels are tags, and the host's name is left to the daemon.</summary>
internal sealed class DogStatsdLines(string prefix, string hostName, IReadOnlyList<string> tags) : ILineFormat
{
    private readonly string _hostPart = hostName.Length == 0 ? string.Empty : $"{prefix}.{hostName}.";

    public string Line(Instrument instrument, float value)
    {
        string name = instrument.Identity.Name;
        if (_hostPart.Length > 0 && name.StartsWith(_hostPart, StringComparison.Ordinal))
        {
            name = $"{prefix}.{name[_hostPart.Length..]}";
        }

        var line = new StringBuilder();
        StatsdLines.AppendClean(line, name);
        line.Append(':');
        _ = instrument is Counter ? line.Append(((long)value).ToString(CultureInfo.InvariantCulture)) : line.Append(GoNumber.Millionths(value));
        line.Append('|').Append(StatsdLines.TypeOf(instrument));
        char separator = '#';
        foreach (string tag in tags)
        {
            line.Append(separator == '#' ? "|#" : ",").Append(tag);
            separator = ',';
        }

        foreach (MetricLabel label in instrument.Identity.Labels)
        {
            line.Append(separator == '#' ? "|#" : ",").Append(label.Name);
            separator = ',';
            if (label.Value.Length > 0)
            {
                StatsdLines.AppendClean(line.Append(':'), label.Value.Replace(',', '_'));
            }
        }

        return line.Append('\n').ToString();
    }
}
