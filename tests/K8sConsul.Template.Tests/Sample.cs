using System.Numerics;

namespace K8sConsul.Template.Tests;

/// <summary>Data and functions, the same as the recorder's.</summary>
internal static class Sample
{
    public static TemplateFunctions Functions { get; } = new TemplateFunctions()
        .Add("upper", (string text) => text.ToUpperInvariant())
        .Add("join", (string separator, IReadOnlyList<string> list) => string.Join(separator, list))
        .Add("add", (nint a, nint b) => a + b)
        .Add("add64", (long a, long b) => a + b)
        .Add("addf", (double a, double b) => a + b)
        .Add("addu", (nuint a, nuint b) => a + b)
        .Add("id", (object? value) => value)
        .Add<string, string>("fail", text => throw new TemplateFunctionException(text))
        .AddVariadic<nint, nint>("sum", numbers => numbers.Aggregate((nint)0, (sum, number) => sum + number))
        .AddVariadic<string, object?, nint>("cat", (_, values) => values.Count)
        .Add("neg", (bool value) => !value)
        .Add("keys", (IReadOnlyDictionary<string, object?> map) => (nint)map.Count)
        .AddVariadic<object?, IReadOnlyList<object?>>("list", values => values)
        .Add<string>("boom", () => throw new TemplateFunctionException("boom"))
        .Add<object?>("getnil", () => null)
        .Add("cplx", (Complex value) => value)
        .Add("bytes", (string text) => System.Text.Encoding.UTF8.GetBytes(text))
        .Add("point", TemplateFunction.Describe([], isVariadic: false, GoType.Struct("main.Point"), (_, _) => new GoPoint(5, 6)))
        .Add("mapany", () => new Dictionary<string, object?> { ["a"] = (nint)1 });

    public static Dictionary<string, object?> Data()
    {
        var service = new GoService(isPointer: true);
        return new Dictionary<string, object?>
        {
            ["s"] = "x",
            ["n"] = (nint)3,
            ["i"] = 42,
            ["f"] = 1.5,
            ["z"] = (nint)0,
            ["e"] = "",
            ["l"] = new nint[] { 1, 2, 3 },
            ["m"] = new Dictionary<string, int> { ["b"] = 2, ["a"] = 1 },
            ["ms"] = new Dictionary<string, string> { ["k"] = "v" },
            ["nm"] = new Dictionary<string, object?> { ["x"] = new Dictionary<string, object?> { ["y"] = (nint)1 }, ["nil"] = null, ["str"] = "s" },
            ["by"] = "hi"u8.ToArray(),
            ["t"] = true,
            ["u"] = (nuint)7,
            ["i64"] = 64L,
            ["u8"] = (byte)8,
            ["f32"] = 1.5F,
            ["u64"] = ulong.MaxValue,
            ["big"] = 1000000.0,
            ["la"] = new object?[] { (nint)1, "a", null, 2.5, true, new List<object?> { 1 } },
            ["ls"] = new[] { "a", "b" },
            ["nil"] = null,
            ["mi"] = new Dictionary<nint, string> { [2] = "b", [1] = "a", [10] = "c" },
            ["svc"] = service,
            ["sv"] = new GoService(isPointer: false),
            ["p"] = new GoPoint(1, 2),
            ["p2"] = new GoPoint(1, 2),
            ["pp"] = new GoPoint(3, 4, isPointer: true),
            ["d"] = new GoDur(),
            ["svcs"] = new TemplateList(GoType.SliceOf(GoService.Pointer), [service]),
            ["nl"] = Array.Empty<nint>(),
            ["mm"] = new Dictionary<string, object?>(),
            ["fn"] = TemplateFunction.Create((nint i) => i + 1),
            ["neg"] = (nint)(-5),
            ["ll"] = new nint[][] { [1, 2], [3] },
            ["uni"] = "héllo→",
            ["c"] = new Complex(1, 2),
            ["mb"] = new GoFlags(),
            ["lf"] = new[] { 1, 2.5 },
            ["mf"] = new Dictionary<object, object?> { [(nint)1] = "i", ["s"] = "x", [2.5] = "f" },
            ["i8"] = (sbyte)-8,
            ["u16"] = (ushort)16,
            ["tags"] = new GoTags(["a", "b"]),
            ["lm"] = new List<object?> { new Dictionary<string, object?> { ["k"] = (nint)1 }, new Dictionary<string, object?> { ["k"] = (nint)2 } },
        };
    }

    /// <summary>What the template prints and then the error, each if there is one.</summary>
    public static (string Output, string Error) Run(string template, MissingKey missingKey = MissingKey.NoValue, TemplateLimits? limits = null)
    {
        using var output = new StringWriter();
        try
        {
            TemplateSet set = new TemplateSet(Functions, limits).Parse("", template);
            set.Execute("", Data(), output, new TemplateRun { MissingKey = missingKey, Limits = limits ?? TemplateLimits.Default });
            return (output.ToString(), "");
        }
        catch (TemplateException refused)
        {
            return (output.ToString(), refused.Message);
        }
    }
}
