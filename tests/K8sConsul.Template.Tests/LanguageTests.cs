namespace K8sConsul.Template.Tests;

/// <summary>The language, row by row: what is written and what comes out.</summary>
public sealed class LanguageTests
{
    [Theory]
    [InlineData("a  {{- 1 -}}  b", "a1b")]
    [InlineData("a {{-1}} b", "a -1 b")]
    [InlineData("{{.l}} {{.m}} {{.by}}", "[1 2 3] map[a:1 b:2] [104 105]")]
    [InlineData("{{index .m \"zz\"}},{{index \"abc\" 1}},{{slice \"abcdef\" 2}}", "0,98,cdef")]
    [InlineData("{{range $i,$e := .l}}{{$i}}={{$e}} {{end}}", "0=1 1=2 2=3 ")]
    [InlineData("{{range .l}}{{if eq . 2}}{{continue}}{{end}}{{.}}{{end}}", "13")]
    [InlineData("{{range .l}}{{if eq . 2}}{{break}}{{end}}{{.}}{{end}}", "1")]
    [InlineData("{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}", "2")]
    [InlineData("{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}}", "1")]
    [InlineData("{{with $v := .n}}{{$v}}{{.}}{{end}}", "33")]
    [InlineData("{{and .s .n}} {{or .e .z}} {{not .e}}", "3 0 true")]
    [InlineData("{{eq .n 1 2 3}}", "true")]
    [InlineData("{{gt .f 1.0}}", "true")]
    [InlineData("{{define \"t\"}}[{{.}}]{{end}}{{template \"t\" .n}}{{template \"t\"}}", "[3][<no value>]")]
    [InlineData("{{define \"t\"}}{{$}}{{end}}{{range .l}}{{template \"t\" .}}{{end}}", "123")]
    [InlineData("{{ .nope }}", "<no value>")]
    [InlineData("{{.1}} {{'a'}} {{0x10}} {{1_000}} {{1e3}} {{0b101}} {{017}}", "0.1 97 16 1000 1000 5 15")]
    [InlineData("{{print 1 2 \"a\" \"b\" 3}}|{{println \"a\" 1}}|{{print nil}}", "1 2ab3|a 1\n|<nil>")]
    [InlineData("{{html \"<a>&'\\\"\"}} {{urlquery \"a b&c\"}} {{js \"it's <b>\"}}", "&lt;a&gt;&amp;&#39;&#34; a+b%26c it\\'s \\u003Cb\\u003E")]
    [InlineData("{{index . \"n\"}}", "3")]
    public void Rows_of_the_specification(string template, string expected)
    {
        Assert.Equal((expected, ""), Sample.Run(template, MissingKey.Zero));
    }

    /// <summary>What Go before 1.22 did not have.</summary>
    [Theory]
    [InlineData("{{range 3}}{{.}}{{end}}", "012")]
    [InlineData("{{range $i := 3}}{{$i}}{{end}}", "012")]
    [InlineData("{{range .u8}}{{printf \"%T\" .}}{{break}}{{end}}", "uint8")]
    [InlineData("{{range .i64}}{{printf \"%T\" .}}{{break}}{{end}}", "int64")]
    [InlineData("{{range 0}}x{{else}}none{{end}}{{range .neg}}x{{else}}none{{end}}", "nonenone")]
    [InlineData("{{with .z}}a{{else with .n}}{{.}}{{else}}c{{end}}", "3")]
    [InlineData("{{with .z}}a{{else with .e}}{{.}}{{else}}{{.n}}{{end}}", "3")]
    [InlineData("{{with .z}}a{{else if .n}}b{{end}}", "! template: :1: unexpected <if> in input")]
    [InlineData("{{if .z}}a{{else with .n}}b{{end}}", "! template: :1: unexpected <with> in input")]
    [InlineData("{{range $i, $j := 3}}x{{end}}", "! template: :1:18: executing \"\" at <3>: can't use 3 to iterate over more than one variable")]
    [InlineData("{{)}}", "! template: :1: unexpected right paren")]
    [InlineData("{{1)}}", "! template: :1: unexpected right paren")]
    [InlineData("{{call .n 1}}", "! template: :1:2: executing \"\" at <call .n 1>: error calling call: non-function .n of type int")]
    [InlineData("{{call .fn}}", "! template: :1:2: executing \"\" at <call .fn>: error calling call: wrong number of args for .fn: got 0 want 1")]
    [InlineData("{{call .fn 1 2}}", "! template: :1:2: executing \"\" at <call .fn 1 2>: error calling call: wrong number of args for .fn: got 2 want 1")]
    [InlineData("{{call .fn 1.5}}", "! template: :1:2: executing \"\" at <call .fn 1.5>: error calling call: arg 0: value has type float64; should be int")]
    public void Rows_of_newer_versions(string template, string expected)
    {
        (string output, string error) = Sample.Run(template);
        Assert.Equal(expected, error.Length > 0 ? "! " + error : output);
    }

    [Theory]
    [InlineData(".nope", "<no value>", "<no value>", "map has no entry for key \"nope\"")]
    [InlineData(".ms.zz", "<no value>", "", "map has no entry for key \"zz\"")]
    [InlineData(".m.zz", "<no value>", "0", "map has no entry for key \"zz\"")]
    [InlineData(".nope.y", "<no value>", "nil pointer evaluating interface {}.y", "map has no entry for key \"nope\"")]
    [InlineData("index .m \"zz\"", "0", "0", "0")]
    public void Missing_keys(string pipeline, string noValue, string zero, string error)
    {
        string[] expected = [noValue, zero, error];
        foreach (MissingKey option in Enum.GetValues<MissingKey>())
        {
            (string output, string refused) = Sample.Run("{{" + pipeline + "}}", option);
            Assert.EndsWith(expected[(int)option], refused.Length > 0 ? refused : output, StringComparison.Ordinal);
            Assert.Equal(refused.Length > 0, refused.Contains(">: " + expected[(int)option], StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("true", true)]
    [InlineData("0", false)]
    [InlineData("-1", true)]
    [InlineData("0.0", false)]
    [InlineData("0i", false)]
    [InlineData("\"\"", false)]
    [InlineData("\"0\"", true)]
    [InlineData(".nope", false)]
    [InlineData(".nil", false)]
    [InlineData(".nl", false)]
    [InlineData(".mm", false)]
    [InlineData(".l", true)]
    [InlineData(".m", true)]
    [InlineData(".p", true)]
    [InlineData(".svc", true)]
    [InlineData(".svc.Next", false)]
    [InlineData(".fn", true)]
    [InlineData(".d", true)]
    [InlineData(".u8", true)]
    [InlineData(".tags", true)]
    public void Truth(string operand, bool expected)
    {
        Assert.Equal((expected ? "yes" : "no", ""), Sample.Run($"{{{{if {operand}}}}}yes{{{{else}}}}no{{{{end}}}}"));
        Assert.Equal((expected ? "false" : "true", ""), Sample.Run($"{{{{not {operand}}}}}"));
    }

    [Theory]
    [InlineData("42.0", "42")]
    [InlineData("999999.0", "999999")]
    [InlineData("1000000.0", "1e+06")]
    [InlineData("1234567.0", "1.234567e+06")]
    [InlineData("100000.5", "100000.5")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("1e21", "1e+21")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e+308")]
    [InlineData("0.1", "0.1")]
    [InlineData("-0.0", "-0")]
    public void Floats(string literal, string expected)
    {
        Assert.Equal((expected, ""), Sample.Run("{{" + literal + "}}"));
    }

    [Fact]
    public void Infinities_and_not_a_number()
    {
        TemplateSet set = new TemplateSet().Parse("", "{{range .}}{{.}} {{printf \"%f|%+f|% f|%08.1f|%-8v|%x|%e\" . . . . . . .}};{{end}}{{eq (index . 2) (index . 2)}}");
        Assert.Equal(
            "+Inf +Inf|+Inf| Inf|    +Inf|+Inf    |+Inf|+Inf;-Inf -Inf|-Inf|-Inf|    -Inf|-Inf    |-Inf|-Inf;NaN NaN|+NaN| NaN|     NaN|NaN     |NaN|NaN;false",
            set.Execute("", new[] { double.PositiveInfinity, double.NegativeInfinity, double.NaN }));
    }
}
