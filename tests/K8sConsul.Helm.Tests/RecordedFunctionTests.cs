using System.Text.Json;
using K8sConsul.Helm.Rendering;
using K8sConsul.Helm.Values;
using K8sConsul.Template;

namespace K8sConsul.Helm.Tests;

/// <summary>
/// What Go's text/template, Sprig and sigs.k8s.io/yaml themselves answered (Testdata/recorder), template by template. Helm was not asked.
/// </summary>
public sealed class RecordedFunctionTests
{
    private static readonly TemplateSet s_functions = new(HelmFunctions.Create(RepeatableHost.Create()));

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Recorded.All.Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Functions_answer_as_the_real_ones(int row)
    {
        Recorded expected = Recorded.All[row];
        string answer = Run(expected.Template, YamlValues.ReadMap(expected.Values));
        string wanted = expected.Err is null ? expected.Out! : "! " + expected.Err;
        Assert.True(wanted == answer, $"{expected.Template}\n with {expected.Values}\n wanted {wanted}\n but is {answer}");
    }

    private static string Run(string template, Dictionary<string, object?> values)
    {
        try
        {
            var root = new Dictionary<string, object?> { ["Values"] = values };
            var run = new TemplateRun { MissingKey = MissingKey.Zero, State = new RenderState() };
            return ErrorTexts.WithoutNoValue(s_functions.Parse("t", template).Execute("t", root, run));
        }
        catch (TemplateException refused)
        {
            return "! " + refused.Message.Replace("HELM_ERR_START", "", StringComparison.Ordinal).Replace("HELM_ERR_END", "", StringComparison.Ordinal);
        }
    }

    private sealed record Recorded(string Template, string Values, string? Out, string? Err)
    {
        public static IReadOnlyList<Recorded> All { get; } = JsonSerializer.Deserialize<List<Recorded>>(TestFiles.ReadTestdata("functions.json"))!;
    }
}
