using System.Text.Json;
using K8sConsul.Helm.Manifests;
using K8sConsul.Helm.Rendering;

namespace K8sConsul.Helm.Tests;

/// <summary>Random values through a template that prints them: they come back as they were, and the same twice.</summary>
public sealed class PropertyTests
{
    private const string Template = "v:\n  {{- toYaml .Values.x | nindent 2 }}\nj: {{ toJson .Values.x | quote }}\n"
        + "t: {{ tpl (toYaml .Values.safe) . | fromYaml | toJson | quote }}\n";

    private static readonly string[] s_pieces =
        ["a", "b", " ", ":", "#", "-", "'", "\"", "\\", "é", "1", "0", ".", "{", "[", "&", "*", "!", "|", ">", "%", "@", "~", "yes", "null", "😀", ",", "?", "word ", "\t"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Values_survive(int seed)
    {
        var random = new Random(seed);
        using TestChart chart = new TestChart().With("templates/t.yaml", Template);
        for (int round = 0; round < 40; round++)
        {
            string x = JsonSerializer.Serialize(Map(random, depth: 0));
            var options = new HelmOptions { SetJson = [$"x={x}", $"safe={{\"k\":{round}}}"] };
            RenderedChart rendered = chart.Render(options);
            Assert.Equal(rendered.Text, chart.Render(options).Text);
            Manifest manifest = rendered.Manifests[0];
            string printed = Canonical(JsonSerializer.SerializeToElement(manifest.Find("v")));
            Assert.True(Canonical(JsonDocument.Parse(x).RootElement) == printed, $"{x}\nwas printed as\n{rendered.Text}");
            Assert.Equal(printed, Canonical(JsonDocument.Parse(manifest.Text("j")).RootElement));
            Assert.Equal($"{{\"k\":{round}}}", manifest.Text("t"));
        }
    }

    private static object? Node(Random random, int depth) => random.Next(depth < 3 ? 9 : 6) switch
    {
        0 => random.Next(2) == 0,
        1 => (double)random.Next(-5, 100_000_000),
        2 => Math.Round(random.NextDouble() * 1000, 3),
        3 => null,
        4 or 5 => Text(random, 30),
        6 => Enumerable.Range(0, random.Next(4)).Select(_ => Node(random, depth + 1)).ToList(),
        _ => Map(random, depth),
    };

    private static Dictionary<string, object?> Map(Random random, int depth)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            map[Text(random, 4)] = Node(random, depth + 1);
        }

        return map;
    }

    private static string Text(Random random, int length)
    {
        return string.Concat(Enumerable.Range(0, random.Next(length)).Select(_ => s_pieces[random.Next(s_pieces.Length)]));
    }

    /// <summary>Keys sorted, numbers as doubles print.</summary>
    private static string Canonical(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', element.EnumerateObject().OrderBy(e => e.Name, StringComparer.Ordinal).Select(e => $"{e.Name}={Canonical(e.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(',', element.EnumerateArray().Select(Canonical)) + "]",
        JsonValueKind.Number => element.GetDouble().ToString(System.Globalization.CultureInfo.InvariantCulture),
        JsonValueKind.String => "\"" + element.GetString() + "\"",
        _ => element.GetRawText(),
    };
}
