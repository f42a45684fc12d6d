using System.Globalization;
using System.Text.RegularExpressions;
using K8sConsul.Conformance.Tests.Agents;

namespace K8sConsul.Conformance.Tests.Scripts;

/// <summary>
/// Replaces what differs between two runs of the same program by names that keep the relations: the n-th lowest index of a
/// case becomes <c>index-n</c>, the n-th new UUID <c>uuid-n</c>, the n-th content hash <c>hash-n</c>; ports become their role, times <c>&lt;time&gt;</c>.
/// </summary>
internal sealed partial class Normaliser
{
    private readonly HashSet<string> _given;
    private readonly (string Port, string Role)[] _ports;

    public Normaliser(TestAgent agent, Script script)
    {
        // What the script itself says is the same on every run.
        _given = [TestAgent.NodeId, .. script.Cases
            .SelectMany(c => c.Steps)
            .SelectMany(s => s.BodyLines.Append(s.Target))
            .SelectMany(text => Uuid().Matches(text))
            .Select(match => match.Value)];
        _ports = [.. agent.Ports.Select(p => (p.Port.ToString(CultureInfo.InvariantCulture), p.Role))];
    }

    /// <param name="transcript">Of one whole case, because indexes are ranked among those of their case.</param>
    public string Normalise(string transcript)
    {
        foreach ((string port, string role) in _ports)
        {
            transcript = Regex.Replace(transcript, $@"\b{port}\b", $"<{role}>", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        }

        var uuids = new List<string>();
        transcript = Uuid().Replace(transcript, match =>
        {
            if (_given.Contains(match.Value))
            {
                return match.Value;
            }

            int at = uuids.IndexOf(match.Value);
            if (at < 0)
            {
                at = uuids.Count;
                uuids.Add(match.Value);
            }

            return string.Create(CultureInfo.InvariantCulture, $"uuid-{at + 1}");
        });
        transcript = Time().Replace(transcript, "<time>");
        var hashes = new List<string>();
        transcript = Hash().Replace(transcript, match =>
        {
            if (!hashes.Contains(match.Groups["value"].Value, StringComparer.Ordinal))
            {
                hashes.Add(match.Groups["value"].Value);
            }

            return string.Create(CultureInfo.InvariantCulture, $"{match.Groups["head"].Value}hash-{hashes.IndexOf(match.Groups["value"].Value) + 1}");
        });

        // 0 says none and 1 says empty: they mean the same everywhere.
        List<ulong> ranked = [.. Index().Matches(transcript).Select(Value).Where(v => v > 1).Distinct().Order()];
        return Index().Replace(transcript, match => Value(match) is var value and > 1
            ? string.Create(CultureInfo.InvariantCulture, $"{match.Groups["head"].Value}index-{ranked.IndexOf(value) + 1}")
            : match.Value);
    }

    /// <summary>Without indentation and line ends, so that a text to wait for can be written on one line.</summary>
    public static string Collapse(string text) => Space().Replace(text, " ");

    private static ulong Value(Match match) => ulong.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.CultureInvariant)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Time();

    [GeneratedRegex(
        """(?<head>"(?:Create|Modify)?Index": ?|X-Consul-Index: |current modify index |^ *(?:Create|Modify)?Index: )(?<value>\d+)""",
        RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Index();

    [GeneratedRegex("(?<head>X-Consul-Contenthash: |\"ContentHash\": \")(?<value>[0-9a-f]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Hash();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Space();
}
