using System.Globalization;
using System.Text.RegularExpressions;

namespace K8sConsul.Agent.Tests.Telemetry;

/// <summary>
/// Reads Prometheus' text format 0.0.4 and fails on whatever its documentation does not allow, and on what its own client does
/// not write: families out of order, twice, without help or type; series twice.
/// </summary>
internal static partial class StrictPrometheusReader
{
    public sealed record Family(string Name, string Type, string Help, List<(string Series, double Value)> Series);

    public static List<Family> Read(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var families = new List<Family>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string[] lines = text.Split('\n')[..^1];
        for (int i = 0; i < lines.Length;)
        {
            Match help = Help().Match(lines[i]);
            Match type = Type().Match(lines[i + 1]);
            Assert.True(help.Success, $"line {i}: no HELP but {lines[i]}");
            Assert.True(type.Success, $"line {i + 1}: no TYPE but {lines[i + 1]}");
            string name = help.Groups["name"].Value;
            Assert.Equal(name, type.Groups["name"].Value);
            var family = new Family(name, type.Groups["type"].Value, help.Groups["help"].Value, []);
            Assert.True(families.Count == 0 || string.CompareOrdinal(families[^1].Name, name) < 0, $"{name} is out of order or there twice");
            for (i += 2; i < lines.Length && lines[i][0] != '#'; i++)
            {
                Match line = Series().Match(lines[i]);
                Assert.True(line.Success, $"line {i}: {lines[i]}");
                string series = line.Groups["series"].Value;
                Assert.True(seen.Add(series), $"{series} is there twice");
                Assert.Contains(line.Groups["name"].Value, (string[])(family.Type == "summary" ? [name, name + "_sum", name + "_count"] : [name]));
                Assert.Equal(family.Type == "summary" && line.Groups["name"].Value == name, series.Contains("quantile=\"", StringComparison.Ordinal));
                family.Series.Add((series, Value(line.Groups["value"].Value)));
            }

            Assert.NotEmpty(family.Series);
            families.Add(family);
        }

        return families;
    }

    private static double Value(string text) => text switch
    {
        "NaN" => double.NaN,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<help>([^\\]|\\\\|\\n)*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Help();

    [GeneratedRegex(@"^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|summary)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Type();

    [GeneratedRegex(
        """^(?<series>(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\\\|\\"|\\n)*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\\\|\\"|\\n)*")*\})?) (?<value>NaN|[+-]Inf|-?[0-9]+(\.[0-9]+)?(e[+-][0-9]{2,})?)$""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Series();
}
