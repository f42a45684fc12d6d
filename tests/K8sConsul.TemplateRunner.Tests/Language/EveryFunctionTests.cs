using System.Text.RegularExpressions;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Engine;
using K8sConsul.TemplateRunner.Language;

namespace K8sConsul.TemplateRunner.Tests.Language;

/// <summary>Goal: every function that consul-template has is there and works through the whole engine, row by row of a table.</summary>
public sealed class EveryFunctionTests : IDisposable
{
    /// <summary>The functions of spec/template.md, sections 4 and 5.</summary>
    private const string Documented = """
        datacenters file key keyExists keyOrDefault ls safeLs node nodes secret secrets pkiCert service services connect tree safeTree caRoots
        caLeaf partitions peerings exportedServices importedServices nomadServices nomadService nomadVar nomadVarList nomadVarListSafe
        nomadVarExists scratch
        toLower toUpper toTitle trim trimPrefix trimSuffix trimSpace replaceAll split join splitToMap indent regexMatch regexReplaceAll contains in
        containsAll containsAny containsNone containsNotAll base64Encode base64Decode base64URLEncode base64URLDecode sha256Hex md5sum
        hmacSHA256Hex toJSON toJSONPretty toUnescapedJSON toUnescapedJSONPretty toYAML toTOML parseJSON parseYAML parseBool parseFloat parseInt
        parseUint loop byKey byTag byPort byMeta explode explodeMap mergeMap mergeMapWithOverride env envOrDefault mustEnv timestamp plugin
        sockaddr writeToFile executeTemplate add subtract multiply divide modulo minimum maximum spew_dump spew_sdump spew_printf spew_sprintf
        """;

    private readonly TempFolder _folder = new();

    public static TheoryData<string, string> Helpers => [.. FunctionTable.Read("helpers.txt")];

    public static TheoryData<string, string> Consul => [.. FunctionTable.Read("consul.txt")];

    private static GoTemplateEngine Engine => new(TestHost.Sample);

    public void Dispose()
    {
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Helpers))]
    public void A_helper_gives_what_the_table_says(string template, string expected)
    {
        Directory.CreateDirectory(_folder.Path("made"));
        var view = new KnownData { [$"file({_folder.Path("made/x")})"] = new FileData("text\nmore\n") };
        Assert.Equal(FunctionTable.Unescape(expected), Render(template.Replace("FOLDER", _folder.Path(""), StringComparison.Ordinal), view));
    }

    [Theory]
    [MemberData(nameof(Consul))]
    public void A_function_of_Consul_gives_what_the_table_says(string template, string expected)
    {
        Assert.Equal(FunctionTable.Unescape(expected), Render(template, KnownData.Sample));
    }

    [Fact]
    public void Every_function_has_a_row_and_every_documented_one_is_there()
    {
        IReadOnlyCollection<string> names = Engine.FunctionsOf(new TemplateSource { Text = "" }).Names;
        string rows = string.Join('\n', FunctionTable.Read("helpers.txt").Concat(FunctionTable.Read("consul.txt")).Select(static row => row.Data.Item1));
        Assert.Empty(names.Where(name => !Regex.IsMatch(rows, $@"(?<![\w.]){name}(?!\w)", RegexOptions.None, TimeSpan.FromSeconds(1))).Order(StringComparer.Ordinal));
        Assert.Empty(Documented.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Except(names, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("sprig_*", "{{sprig_upper \"a\"}}", "sprig_upper")]
    [InlineData("plugin", "{{plugin \"true\"}}", "plugin")]
    [InlineData("writeToFile", "{{writeToFile}}", "writeToFile")]
    [InlineData("*env*", "{{envOrDefault \"A\" \"b\"}}", "envOrDefault")]
    [InlineData("scratch", "{{scratch}}", "scratch")]
    public void Any_function_can_be_disabled(string pattern, string template, string name)
    {
        IParsedTemplate parsed = Engine.Parse(new TemplateSource { Text = template, FunctionDenylist = [pattern] });
        RenderOutcome outcome = parsed.Render(KnownData.Sample, TestContext.Current.CancellationToken);
        Assert.EndsWith($"error calling {name}: function is disabled", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Scratch_begins_anew_with_each_execution()
    {
        IParsedTemplate parsed = Engine.Parse(new TemplateSource { Text = "{{scratch.Key \"a\"}}{{scratch.Set \"a\" 1}}{{scratch.Key \"a\"}}" });
        Assert.Equal("falsetrue", parsed.Render(KnownData.Sample, TestContext.Current.CancellationToken).Text);
        Assert.Equal("falsetrue", parsed.Render(KnownData.Sample, TestContext.Current.CancellationToken).Text);
    }

    private static string Render(string template, IDependencyView view)
    {
        var source = new TemplateSource { Text = template, Environment = [KeyValuePair.Create("CONSUL_HTTP_ADDR", "consul:8500")] };
        RenderOutcome outcome = Engine.Parse(source).Render(view, TestContext.Current.CancellationToken);
        Assert.Empty(outcome.Missing);
        return outcome.Error.Length == 0 ? outcome.Text : "! " + outcome.Error[(outcome.Error.IndexOf(">: ", StringComparison.Ordinal) + 3)..];
    }
}
