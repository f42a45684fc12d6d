using System.Diagnostics;

namespace K8sConsul.Template.Tests;

/// <summary>Whatever a template asks for, it ends, and with an error of ours.</summary>
public sealed class TemplateLimitTests
{
    private const int Bomb = 100_000;

    [Theory]
    [InlineData("{{", "(", "1", ")", "}}", "max expression depth exceeded")]
    [InlineData("{{print ", "(print ", "1", ")", "}}", "max expression depth exceeded")]
    [InlineData("", "{{if true}}", "x", "{{end}}", "", "control structures are nested too deeply")]
    [InlineData("", "{{range .l}}", "x", "{{end}}", "", "control structures are nested too deeply")]
    [InlineData("", "{{with 1}}", "x", "{{end}}", "", "control structures are nested too deeply")]
    [InlineData("", "{{block \"b\" .}}", "x", "{{end}}", "", "control structures are nested too deeply")]
    [InlineData("{{if false}}", "{{else if false}}", "", "", "{{end}}", "control structures are nested too deeply")]
    public void Nesting_is_bounded(string start, string open, string middle, string close, string end, string error)
    {
        string text = start + Repeat(open, Bomb) + middle + Repeat(close, Bomb) + end;
        Assert.Equal(("", $"template: :1: {error}"), Sample.Run(text));
        string unclosed = start + Repeat(open, Bomb);
        Assert.Equal(("", $"template: :1: {error}"), Sample.Run(unclosed));
        if (open.Contains("block", StringComparison.Ordinal))
        {
            return;
        }

        string allowed = start + Repeat(open, 499) + middle + Repeat(close, 499) + end;
        _ = new TemplateSet(Sample.Functions).Parse("", allowed);
    }

    [Theory]
    [InlineData("{{", "(", "1", ")", "}}", "1")]
    [InlineData("{{print ", "(print ", "1", ")", "}}", "1")]
    [InlineData("", "{{if true}}", "x", "{{end}}", "", "x")]
    [InlineData("", "{{with 1}}", "{{.}}", "{{end}}", "", "1")]
    [InlineData("", "{{range 1}}", "{{.}}", "{{end}}", "", "0")]
    [InlineData("{{if false}}", "{{else if false}}", "", "", "{{else}}y{{end}}", "y")]
    public void What_may_be_nested_runs_on_a_small_stack_or_says_so(
        string start, string open, string middle, string close, string end, string expected)
    {
        string text = start + Repeat(open, 499) + middle + Repeat(close, 499) + end;
        Assert.Equal((expected, ""), OnStack(1536 * 1024, text));
        (string output, string error) = OnStack(256 * 1024, text);
        string[] refusals = ["exceeded maximum template depth (0)", "max expression depth exceeded", "control structures are nested too deeply"];
        Assert.True((output, error) == (expected, "") || refusals.Any(refusal => error.EndsWith(refusal, StringComparison.Ordinal)), error);
    }

    private static (string Output, string Error) OnStack(int stackSize, string text)
    {
        (string, string) result = default;
        var thread = new Thread(() => result = Sample.Run(text), stackSize);
        thread.Start();
        thread.Join();
        return result;
    }

    [Fact]
    public void A_chain_of_fields_and_of_pipes_may_be_long()
    {
        Assert.Equal("", Sample.Run("{{.nope" + Repeat(".x", Bomb) + "}}").Error);
        Assert.Equal(("1", ""), Sample.Run("{{1" + Repeat(" | print", Bomb) + "}}"));
        Assert.Equal(("", ""), Sample.Run("{{or" + Repeat(" 0", Bomb) + " \"\"}}"));
        Assert.Equal(("1", ""), Sample.Run(Repeat("{{$x := 1}}", 20_000) + "{{$x}}"));
    }

    [Fact]
    public void Templates_that_call_each_other_for_ever_end_at_the_depth_of_Go()
    {
        (_, string error) = OnStack(512 * 1024 * 1024, "{{define \"t\"}}{{template \"t\"}}{{end}}{{template \"t\"}}");
        Assert.Equal("template: :1:25: executing \"t\" at <{{template \"t\"}}>: exceeded maximum template depth (100000)", error);
    }

    [Theory]
    [InlineData(256 * 1024)]
    [InlineData(1024 * 1024)]
    public void On_a_small_stack_they_end_earlier(int stackSize)
    {
        string[] texts =
        [
            "{{define \"t\"}}{{template \"t\"}}{{end}}{{template \"t\"}}",
            "{{define \"t\"}}{{if true}}{{range .l}}{{with 1}}{{template \"t\" $}}{{end}}{{end}}{{end}}{{end}}{{template \"t\" .}}",
            "{{define \"t\"}}{{execute \"t\"}}{{end}}{{execute \"t\"}}",
        ];
        foreach (string text in texts)
        {
            string error = "";
            var thread = new Thread(() => error = RunWithExecute(text), stackSize);
            thread.Start();
            thread.Join();
            Assert.Contains("exceeded maximum template depth (", error, StringComparison.Ordinal);
            Assert.True(error.Length < 1_000, "the depth must not show in the text: " + error.Length);
        }
    }

    private static string RunWithExecute(string text)
    {
        var functions = new TemplateFunctions().AddWithCall<string, string>("execute", (call, name) => call.Execute(name, null));
        return Assert.Throws<TemplateException>(() => new TemplateSet(functions).Parse("", text).Execute("", Sample.Data())).Message;
    }

    [Fact]
    public void The_depth_is_an_option()
    {
        var limits = new TemplateLimits { TemplateDepthMax = 3 };
        Assert.Equal(
            ("aaaa", "template: :1:27: executing \"t\" at <{{template \"t\"}}>: exceeded maximum template depth (3)"),
            Sample.Run("a{{define \"t\"}}a{{template \"t\"}}{{end}}{{template \"t\"}}", limits: limits));
    }

    [Theory]
    [InlineData("{{range 10000000}}abcdefghij{{end}}")]
    [InlineData("{{range 10000000}}{{.}}{{end}}")]
    [InlineData("{{$x := \"a\"}}{{range 100}}{{$x = print $x $x}}{{end}}")]
    [InlineData("{{$x := .l}}{{range 100}}{{$x = list $x $x}}{{end}}{{$x}}")]
    [InlineData("{{printf \"%1000000d%1000000d\" 1 1}}")]
    [InlineData("{{printf \"%.1000000d\" 1}}{{printf \"%1000000s\" 1}}")]
    [InlineData("{{printf \"%1000000.1000000f%1000000.1000000f%1000000.1000000f\" 1.5 1.5 1.5}}")]
    [InlineData("{{define \"t\"}}x{{template \"t\" .}}{{template \"t\" .}}{{end}}{{template \"t\"}}")]
    public void Output_and_steps_are_bounded(string text)
    {
        var watch = Stopwatch.StartNew();
        var limits = new TemplateLimits { OutputLengthMax = 1_000_000, StepsMax = 2_000_000, TemplateDepthMax = 100 };
        (string output, string error) = Sample.Run(text, limits: limits);
        Assert.InRange(output.Length, 0, 1_000_000);
        Assert.Matches("^template: .*: (execution takes more than 2000000 steps|output has more than 1000000 characters|exceeded maximum template depth .100.)$", error);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
    }

    [Fact]
    public void A_limit_passes_through_a_function_that_executes_a_template()
    {
        var functions = new TemplateFunctions().AddWithCall<string, string>("execute", (call, name) => call.Execute(name, null));
        TemplateSet set = new TemplateSet(functions).Parse("", "{{define \"t\"}}{{range 1000}}x{{end}}{{end}}{{execute \"t\"}}");
        var run = new TemplateRun { Limits = new TemplateLimits { StepsMax = 500 } };
        TemplateException error = Assert.Throws<TemplateException>(() => set.Execute("", null, run));
        Assert.Equal(TemplateErrorKind.Limit, error.Kind);
        Assert.StartsWith("template: :1:", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("executing \"t\" at <x>: execution takes more than 500 steps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cyclic_value_is_refused_when_it_is_printed()
    {
        var list = new List<object?>();
        list.Add(list);
        string error = "";
        var thread = new Thread(
            () => error = Assert.Throws<TemplateException>(() => new TemplateSet().Parse("", "{{.}}").Execute("", list)).Message,
            maxStackSize: 1024 * 1024);
        thread.Start();
        thread.Join();
        Assert.Equal("template: :1:2: executing \"\" at <{{.}}>: a value is nested too deeply to be printed", error);
    }

    [Fact]
    public void An_oversized_text_is_refused()
    {
        Assert.Equal(
            "template: :1: the text has 11 characters, more than the 10 allowed",
            Sample.Run("01234567890", limits: new TemplateLimits { SourceLengthMax = 10 }).Error);
    }

    [Fact]
    public void Cancellation_ends_an_endless_loop()
    {
        using var cancellation = new CancellationTokenSource();
        var functions = new TemplateFunctions().AddWithCall<string>("stop", call =>
        {
            Assert.True(call.Cancellation.CanBeCanceled);
            cancellation.Cancel();
            return "";
        });
        TemplateSet set = new TemplateSet(functions).Parse("", "{{stop}}{{range 1000000000}}{{end}}");
        Assert.Throws<OperationCanceledException>(() => set.Execute("", null, cancellation: cancellation.Token));
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
