namespace K8sConsul.Template.Tests;

/// <summary>Sets of templates, and executing them from functions and from many threads.</summary>
public sealed class TemplateSetTests
{
    [Fact]
    public void Later_texts_add_to_earlier_ones_and_replace_what_they_define_again()
    {
        TemplateSet first = new TemplateSet().Parse("main", "{{template \"a\" .}}{{template \"b\" .}}");
        TemplateSet second = first.Parse("more", "{{define \"a\"}}A{{.}}{{end}}{{define \"b\"}}B{{end}}");
        TemplateSet third = second.Parse("again", "{{define \"b\"}}b{{end}}{{define \"a\"}} {{end}}");
        Assert.Equal("A1B", second.Execute("main", 1));
        Assert.Equal("A1b", third.Execute("main", 1));
        Assert.Equal(["a", "again", "b", "main", "more"], third.Names.Order(StringComparer.Ordinal));
        Assert.True(third.Contains("a") && !first.Contains("a"));
        TemplateException missing = Assert.Throws<TemplateException>(() => first.Execute("main", 1));
        Assert.Equal("template: main:1:11: executing \"main\" at <{{template \"a\" .}}>: template \"a\" not defined", missing.Message);
        Assert.Equal("template: no template \"zz\" in the set", Assert.Throws<TemplateException>(() => first.Execute("zz", null)).Message);
    }

    [Fact]
    public void A_template_can_be_taken_out()
    {
        TemplateSet set = new TemplateSet().Parse("a", "{{block \"b\" .}}B{{end}}");
        TemplateSet without = set.Without("b");
        Assert.Equal("B", set.Execute("a", null));
        Assert.False(without.Contains("b"));
        Assert.Contains("template \"b\" not defined", Assert.Throws<TemplateException>(() => without.Execute("a", null)).Message, StringComparison.Ordinal);
        Assert.Equal("again", without.Parse("b", "again").Execute("a", null));
        Assert.True(set.Without("none").Contains("b"));
    }

    [Fact]
    public void An_error_names_the_text_and_the_template_that_it_is_in()
    {
        TemplateSet set = new TemplateSet().Parse("defs", "\n{{define \"a\"}}{{.x.y}}{{end}}").Parse("main", "{{template \"a\" 1}}");
        TemplateException failed = Assert.Throws<TemplateException>(() => set.Execute("main", null));
        Assert.Equal("template: defs:2:18: executing \"a\" at <.x.y>: can't evaluate field x in type int", failed.Message);
        Assert.Equal(TemplateErrorKind.Execute, failed.Kind);
        TemplateException refused = Assert.Throws<TemplateException>(() => set.Parse("f.tmpl", "\n\n{{"));
        Assert.Equal("template: f.tmpl:3: unclosed action", refused.Message);
        Assert.Equal(TemplateErrorKind.Parse, refused.Kind);
    }

    [Theory]
    [InlineData("[[.]]", "[[", "]]", "1")]
    [InlineData("<%- . -%> x", "<%", "%>", "1x")]
    [InlineData("|. | print|{{.}}", "|", "|", "template: t:1: unexpected \"{\" in command")]
    [InlineData("$$.$$", "$$", "$$", "1")]
    [InlineData("[[/* c */]]{{.}}", "[[", "]]", "{{.}}")]
    [InlineData("(((print (1))))", "((", "))", "template: t:1: unclosed left paren")]
    [InlineData("{{.}}", "", "", "1")]
    [InlineData("{{.>>", "", ">>", "1")]
    [InlineData("éé.→", "éé", "→", "1")]
    [InlineData("[[.x]]", "[[", "]]", "template: t:1:2: executing \"t\" at <.x>: can't evaluate field x in type int")]
    [InlineData("[[. ]", "[[", "]]", "template: t:1: unexpected \"]\" in operand")]
    public void Delimiters_are_free(string text, string left, string right, string expected)
    {
        Assert.Equal(expected, Run(() => new TemplateSet().Parse("t", text, new Delimiters(left, right)).Execute("t", 1)));
    }

    [Fact]
    public void A_function_can_execute_a_template_and_parse_one()
    {
        TemplateFunctions functions = new TemplateFunctions()
            .AddWithCall<string, object?, string>("include", (call, name, data) => call.Execute(name, data))
            .AddWithCall<string, object?, string>("tpl", (call, text, data) => call.Execute(call.Templates.Parse("tpl", text), "tpl", data))
            .AddWithCall("state", call => call.State);
        TemplateSet set = new TemplateSet(functions)
            .Parse("", "{{define \"t\"}}<{{.}}{{state}}>{{end}}{{include \"t\" 1 | printf \"%q\"}}{{tpl `{{include \"t\" .}}` 2}}");
        Assert.Equal("\"<1S>\"<2S>", set.Execute("", null, new TemplateRun { State = "S" }));
        TemplateSet failing = set.Parse("", "{{define \"t\"}}{{.x}}{{end}}{{include \"t\" 1}}");
        Assert.Equal(
            "template: :1:29: executing \"\" at <include \"t\" 1>: error calling include: "
            + "template: :1:16: executing \"t\" at <.x>: can't evaluate field x in type int",
            Run(() => failing.Execute("", null)));
        TemplateSet unparsable = set.Parse("", "{{tpl `{{` 1}}");
        Assert.Equal(
            "template: :1:2: executing \"\" at <tpl `{{` 1>: error calling tpl: template: tpl:1: unclosed action",
            Run(() => unparsable.Execute("", null)));
    }

    [Fact]
    public void Functions_of_a_run_take_the_place_of_those_it_was_parsed_with()
    {
        TemplateFunctions declared = new TemplateFunctions().Add("f", () => "declared").Add("len", (string text) => "len of " + text);
        TemplateSet set = new TemplateSet(declared).Parse("", "{{f}} {{len \"x\"}}");
        var run = new TemplateRun { Functions = new TemplateFunctions().Add("f", () => "given") };
        Assert.Equal("declared len of x", set.Execute("", null));
        Assert.Equal("given len of x", set.Execute("", null, run));
        Assert.Equal("p_f(p)", new TemplateSet(new TemplateFunctions().AddAll(new TemplateFunctions().Add("f", () => "p_f(p)"), "p_")).Parse("", "{{p_f}}").Execute("", null));
    }

    [Fact]
    public void Functions_called_break_and_continue_take_the_words()
    {
        TemplateFunctions functions = new TemplateFunctions().Add("break", () => "b").Add("continue", (nint n) => n + 1);
        Assert.Equal("b2", new TemplateSet(functions).Parse("", "{{break}}{{continue 1}}").Execute("", null));
    }

    [Fact]
    public void Other_errors_of_a_function_are_not_hidden()
    {
        TemplateFunctions functions = new TemplateFunctions().Add<string>("bug", () => throw new InvalidOperationException("bug"));
        TemplateSet set = new TemplateSet(functions).Parse("", "{{bug}}");
        Assert.Throws<InvalidOperationException>(() => set.Execute("", null));
    }

    [Fact]
    public async Task Many_threads_execute_one_set()
    {
        const string Text = "{{define \"t\"}}{{range $i, $e := .l}}{{if $i}},{{end}}{{$e | printf \"%03d\"}}{{end}}{{end}}"
            + "{{$x := 0}}{{range 50}}{{$x = add $x .}}{{template \"t\" $}}{{end}}{{$x}}{{index .la 5 0}}{{.svc.Twice 2}}";
        TemplateSet set = new TemplateSet(Sample.Functions).Parse("", Text);
        Dictionary<string, object?> data = Sample.Data();
        string expected = set.Execute("", data);
        using var ready = new Barrier(4);
        Task<bool>[] tasks = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                ready.SignalAndWait();
                return Enumerable.Range(0, 200).All(_ => set.Execute("", data) == expected);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        Assert.All(await Task.WhenAll(tasks), Assert.True);
    }

    private static string Run(Func<string> execute)
    {
        try
        {
            return execute();
        }
        catch (TemplateException refused)
        {
            return refused.Message;
        }
    }
}
