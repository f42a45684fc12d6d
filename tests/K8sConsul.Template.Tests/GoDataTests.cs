using System.Numerics;

namespace K8sConsul.Template.Tests;

/// <summary>.NET's data as templates see it.</summary>
public sealed class GoDataTests
{
    public static TheoryData<object, string> Typed => new()
    {
        { "a", "string" },
        { true, "bool" },
        { (nint)1, "int" },
        { 1, "int" },
        { 1L, "int64" },
        { (short)1, "int16" },
        { (sbyte)1, "int8" },
        { (nuint)1, "uint" },
        { 1UL, "uint64" },
        { 1U, "uint32" },
        { (ushort)1, "uint16" },
        { (byte)1, "uint8" },
        { 1.0, "float64" },
        { 1F, "float32" },
        { Complex.One, "complex128" },
        { new byte[] { 1 }, "[]uint8" },
        { new List<object?> { 1 }, "[]interface {}" },
        { new object?[] { 1 }, "[]interface {}" },
        { new List<string> { "a" }, "[]string" },
        { new[] { "a" }, "[]string" },
        { new List<string> { "a" }.AsReadOnly(), "[]string" },
        { new List<long> { 1 }, "[]int64" },
        { new List<int> { 1 }, "[]int" },
        { new nint[][] { [1] }, "[][]int" },
        { new List<Dictionary<string, object?>>(), "[]map[string]interface {}" },
        { new HashSet<string>[] { [] }, "[]interface {}" },
        { new Dictionary<string, object?>(), "map[string]interface {}" },
        { new SortedDictionary<string, string>(), "map[string]string" },
        { new Dictionary<string, nint>(), "map[string]int" },
        { new Dictionary<nint, object?>(), "map[int]interface {}" },
        { new Dictionary<string, List<string>>(), "map[string][]string" },
        { new Dictionary<string, decimal>(), "map[string]interface {}" },
        { new GoTags([]), "main.Tags" },
        { new GoPoint(1, 2, isPointer: true), "*main.Point" },
        { TemplateFunction.Create((string _, IReadOnlyList<object?> _) => 1.5), "func(string, []interface {}) float64" },
        { TemplateFunction.CreateVariadic((nint a, IReadOnlyList<object?> _) => a), "func(int, ...interface {}) int" },
        { Guid.Empty, "Guid" },
    };

    [Theory]
    [MemberData(nameof(Typed))]
    public void Types_have_Go_s_names(object data, string name)
    {
        Assert.Equal(name, GoData.TypeOf(data)!.Name);
        Assert.Equal(name, new TemplateSet().Parse("", "{{printf \"%T\" .}}").Execute("", data));
    }

    [Fact]
    public void Nil_has_no_type()
    {
        Assert.Null(GoData.TypeOf(null));
    }

    [Fact]
    public void A_map_described_by_the_host_knows_what_an_absent_entry_is()
    {
        var services = GoType.MapOf(GoType.String, GoType.SliceOf(GoType.PointerTo(GoType.Struct("dependency.HealthService"))));
        var map = new TemplateMap(services, new Dictionary<string, object?> { ["b"] = new List<object?>(), ["a"] = new List<object?>() });
        TemplateSet set = new TemplateSet().Parse("", "{{range $k, $v := .}}{{$k}}{{end}}{{.zz}}{{len .zz}}{{printf \" %T\" .}}{{.zz.x}}");
        using var output = new StringWriter();
        TemplateException error = Assert.Throws<TemplateException>(() => set.Execute("", map, output, new TemplateRun { MissingKey = MissingKey.Zero }));
        Assert.Equal("ab[]0 map[string][]*dependency.HealthService", output.ToString());
        Assert.EndsWith("can't evaluate field x in type []*dependency.HealthService", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_come_in_the_order_of_their_kind()
    {
        string Print(object map) => new TemplateSet().Parse("", "{{.}}").Execute("", map);
        Assert.Equal("map[-2:a 1:b 10:c]", Print(new Dictionary<nint, string> { [10] = "c", [-2] = "a", [1] = "b" }));
        Assert.Equal("map[A:1 a:2 é:3 \uffee:4 😀:5]", Print(new Dictionary<string, int> { ["😀"] = 5, ["\uffee"] = 4, ["a"] = 2, ["é"] = 3, ["A"] = 1 }));
        Assert.Equal("map[false:1 true:2]", Print(new Dictionary<bool, object?> { [true] = 2, [false] = 1 }));
    }

    [Fact]
    public void Arguments_arrive_in_the_type_that_the_function_takes()
    {
        TemplateFunctions functions = new TemplateFunctions()
            .Add("int", (int value) => value)
            .Add("texts", (IReadOnlyList<string> list) => string.Join('+', list))
            .Add("list", (List<string> list) => list.Count)
            .Add("any", (IReadOnlyList<object?> list) => list.Count)
            .Add("map", (IReadOnlyDictionary<string, string> map) => string.Join('+', map.Keys))
            .Add("tags", (ITemplateList list) => list.Count)
            .AddVariadic<string, object?, string>("all", (first, rest) => first + rest.Count)
            .Add("none", () => (string?)null);
        TemplateSet set = new TemplateSet(functions).Parse(
            "",
            "{{int 5}}{{int .int}} {{texts .tags}} {{list .tags}} {{list nil}} {{texts nil}} {{any nil}} {{map nil}} {{map .map}} {{tags .tags}} {{all \"a\" 1 nil}} [{{none}}]");
        var data = new Dictionary<string, object?>
        {
            ["int"] = (nint)7,
            ["tags"] = new GoTags(["x", "y"]),
            ["map"] = new TemplateMap(GoType.Named("main.M", GoType.MapOf(GoType.String, GoType.String)), new Dictionary<string, object?> { ["k"] = "v" }),
        };
        Assert.Equal("57 x+y 2 0  0  k 2 a2 []", set.Execute("", data));
    }

    [Fact]
    public void A_number_that_prints_itself_is_still_a_number()
    {
        TemplateSet set = new TemplateSet().Parse("", "{{.}} {{eq . 5}} {{gt . 4}} {{if .}}yes{{end}} {{printf \"%d %T %#v\" . . .}}");
        Assert.Equal("dur true true yes 5 main.Dur 5", set.Execute("", new GoDur()));
    }

    [Fact]
    public void Assignability_is_Go_s()
    {
        GoType texts = GoType.SliceOf(GoType.String);
        GoType tags = GoType.Named("a.Tags", texts);
        GoType labels = GoType.Named("a.Labels", texts);
        Assert.True(tags.IsAssignableTo(texts) && texts.IsAssignableTo(tags));
        Assert.False(tags.IsAssignableTo(labels));
        Assert.False(GoType.Named("time.Duration", GoType.Int64).IsAssignableTo(GoType.Int64));
        Assert.True(labels.IsAssignableTo(GoType.Any));
        Assert.False(GoType.Any.IsAssignableTo(texts));
        Assert.False(texts.IsAssignableTo(GoType.SliceOf(GoType.Any)));
    }
}
