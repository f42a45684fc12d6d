namespace K8sConsul.Template.Functions.Tests;

/// <summary>Data and functions of the rows; one template run through the engine.</summary>
internal static class Sample
{
    public static DateTimeOffset Now { get; } = new(2024, 2, 29, 13, 4, 5, TimeSpan.Zero);

    public static FunctionHost Host { get; } = new()
    {
        Environment = name => name switch
        {
            "SET" => "value",
            "HOME" => "/root",
            _ => null,
        },
        Clock = () => Now,
        Random = below => below / 2,
    };

    public static TemplateFunctions Functions { get; } = new TemplateFunctions()
        .AddSprig(Host, "sprig_")
        .AddConsulTemplateHelpers(Host)
        .Add("uint", (nuint number) => number)
        .Add("bytes", (string text) => System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Sprig's own names, as charts use them.</summary>
    public static TemplateFunctions Sprig { get; } = new TemplateFunctions().AddSprig(Host);

    public static Dictionary<string, object?> Data()
    {
        return new Dictionary<string, object?>
        {
            ["s"] = "x",
            ["n"] = (nint)3,
            ["f"] = 1.5,
            ["e"] = "",
            ["nil"] = null,
            ["t"] = true,
            ["l"] = new nint[] { 1, 2, 3 },
            ["ls"] = new[] { "b", "a" },
            ["la"] = new List<object?> { (nint)1, "a", null, 2.5, true },
            ["m"] = new Dictionary<string, int> { ["b"] = 2, ["a"] = 1 },
            ["nm"] = new Dictionary<string, object?> { ["x"] = new Dictionary<string, object?> { ["y"] = (nint)1 } },
            ["pairs"] = new TemplateList(
                GoType.SliceOf(TestObject.PairType),
                [TestObject.Pair("web/a/x", "1"), TestObject.Pair("web/b", "2"), TestObject.Pair("db/z", "3"), TestObject.Pair("top", "4")]),
            ["services"] = new TemplateList(
                GoType.SliceOf(TestObject.ServiceType),
                [
                    TestObject.Service("web", 80, ["a", "b"], new() { ["version"] = "v1.2", ["shard"] = "7" }),
                    TestObject.Service("api", 81, ["b"], new() { ["version"] = "2" }),
                    TestObject.Service("old", 80, [], []),
                ]),
        };
    }

    /// <summary>What the template prints, or <c>! </c> and the error without the place.</summary>
    public static string Run(string template, TemplateFunctions? functions = null, TemplateLimits? limits = null)
    {
        try
        {
            TemplateSet set = new TemplateSet(functions ?? Functions, limits).Parse("", template);
            var run = new TemplateRun { MissingKey = MissingKey.Zero, State = new ScratchState(), Limits = limits ?? TemplateLimits.Default };
            return set.Execute("", Data(), run);
        }
        catch (TemplateException refused)
        {
            int place = refused.Message.IndexOf(">: ", StringComparison.Ordinal);
            return "! " + (place < 0 ? refused.Message : refused.Message[(place + 3)..]);
        }
    }
}
