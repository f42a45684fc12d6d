using System.Globalization;
using System.Text.RegularExpressions;

namespace K8sConsul.Template.Functions;

/// <summary>Texts that YAML 1.1 reads as times, which Go writes quoted: <c>2001-01-01</c>, <c>2001-1-1T1:2:3.4Z</c>.</summary>
internal static partial class YamlTimestamp
{
    public static bool IsOne(string text)
    {
        Match match = Form().Match(text);
        if (!match.Success)
        {
            return false;
        }

        int year = Number(match, "year");
        int month = Number(match, "month");
        return month is >= 1 and <= 12
            && Number(match, "day") is >= 1 and var day && day <= DateTime.DaysInMonth(Math.Max(1, year), month)
            && Number(match, "hour") < 24 && Number(match, "minute") < 60 && Number(match, "second") < 60;
    }

    private static int Number(Match match, string group)
    {
        return match.Groups[group].Success ? int.Parse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
    }

    // With a T there is a zone, with a blank there is none.
    [GeneratedRegex(
        @"\A(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})"
        + @"(([Tt](?<hour>[0-9]{1,2}):(?<minute>[0-9]{1,2}):(?<second>[0-9]{1,2})([.,][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2}))"
        + @"|( (?<hour>[0-9]{1,2}):(?<minute>[0-9]{1,2}):(?<second>[0-9]{1,2})([.,][0-9]+)?))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
