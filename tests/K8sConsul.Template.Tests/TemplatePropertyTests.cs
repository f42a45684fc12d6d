using System.Text;

namespace K8sConsul.Template.Tests;

/// <summary>Random templates and data: a result or an error of ours, always the same, and never anything else.</summary>
public sealed class TemplatePropertyTests
{
    private static readonly TemplateLimits s_limits = new() { OutputLengthMax = 200_000, StepsMax = 200_000, TemplateDepthMax = 50 };

    private static readonly string[] s_operands =
    [
        "1", "-1", "0", "\"a\"", "`b`", "'c'", "1.5", "1e9", "2i", "nil", "true", ".", "$", ".n", ".l", ".la", ".nm.x", ".nope.x", ".svc", ".svc.Name",
        ".svc.Tags.Contains", ".m", ".mf", ".by", ".fn", ".u64", "$v", ".uni", ".d", ".p", "(index .l 0)", "\"%v%d%s\"", ".svcs", ".nl",
    ];

    private static readonly string[] s_functions =
    [
        "print", "printf", "println", "len", "index", "slice", "eq", "ne", "lt", "le", "gt", "ge", "and", "or", "not", "html", "js", "urlquery", "call",
        "upper", "join", "add", "add64", "addf", "addu", "id", "fail", "sum", "cat", "neg", "keys", "list", "boom", "getnil", "bytes", "point", "mapany",
        ".svc.Twice", ".svc.Fail", ".tags.Contains",
    ];

    private static readonly string[] s_pieces =
    [
        "{{", "}}", "{{-", "-}}", " ", " -}}", "{{- ", "\n", "/*", "*/", "(", ")", "|", ":=", "=", ",", "$", ".", "\"", "`", "'", "\\", "0x", "1", "e", "_", "i",
        "if", "else", "end", "range", "with", "define", "template", "block", "break", "continue", "nil", "true", "print", ".n", "$x", "\"t\"", "+", "-", "é",
        "\ud800", "\0", "%", "😀",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_templates_give_the_same_twice(int seed)
    {
        var random = new Random(seed);
        int printed = 0;
        int failed = 0;
        for (int round = 0; round < 2_000; round++)
        {
            string text = Body(random, depth: 0);
            (string Output, string Error) first = Sample.Run(text, (MissingKey)random.Next(3), s_limits);
            _ = first.Error.Length == 0 ? printed++ : failed++;
            Assert.True(first.Error.Length == 0 || first.Error.StartsWith("template: :", StringComparison.Ordinal), first.Error);
        }

        Assert.True(printed > 300 && failed > 300, $"one-sided templates: {printed} printed, {failed} failed");
    }

    /// <summary>What a parsed pipeline prints as in an error text means the same as the source.</summary>
    [Fact]
    public void A_node_printed_back_parses_to_the_same()
    {
        var random = new Random(5);
        for (int round = 0; round < 3_000; round++)
        {
            string pipeline = Pipeline(random, 0);
            string source = "{{$v := 1}}{{" + pipeline + "}}";
            TemplateTree tree = ParseMain(source);
            string printed = tree.Root.ToString();
            Assert.Equal(printed, ParseMain(printed).Root.ToString());
            Assert.Equal(Sample.Run(source).Output, Sample.Run(printed).Output);
        }
    }

    private static TemplateTree ParseMain(string text)
        => new TemplateSet(Sample.Functions).Parse("", text).Find("");

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Random_pieces_are_accepted_or_refused(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder(random.Next(2) == 0 ? "{{" : "");
            for (int pieces = random.Next(15); pieces >= 0; pieces--)
            {
                text.Append(s_pieces[random.Next(s_pieces.Length)]);
            }

            Check(text.ToString());
        }
    }

    [Fact]
    public void Random_characters_are_accepted_or_refused()
    {
        var random = new Random(13);
        for (int round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder("{{");
            for (int length = random.Next(20); length >= 0; length--)
            {
                text.Append((char)(random.Next(4) == 0 ? random.Next(0x10000) : random.Next(0x80)));
            }

            Check(text.ToString());
        }
    }

    [Fact]
    public void Damaged_templates_are_accepted_or_refused()
    {
        var random = new Random(14);
        for (int round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder(Body(random, depth: 0));
            for (int damages = random.Next(1, 5); damages > 0; damages--)
            {
                int at = random.Next(text.Length + 1);
                switch (random.Next(3))
                {
                    case 0:
                        text.Insert(at, s_pieces[random.Next(s_pieces.Length)]);
                        break;
                    case 1:
                        text.Length = at;
                        break;
                    default:
                        text.Remove(Math.Min(at, Math.Max(0, text.Length - 1)), Math.Min(1, text.Length));
                        break;
                }
            }

            Check(text.ToString());
        }
    }

    [Fact]
    public void Random_formats_never_fail()
    {
        var random = new Random(15);
        string[] pieces = ["%", "%", "[", "]", "*", ".", "1", "9", "0", "-", "+", "#", " ", "d", "v", "s", "q", "x", "g", "e", "T", "U", "c", "b", "é", "99999", "\ud800"];
        for (int round = 0; round < 20_000; round++)
        {
            string format = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            string arguments = string.Join(' ', Enumerable.Range(0, random.Next(4)).Select(_ => s_operands[random.Next(s_operands.Length)]));
            if (arguments.Contains("$v", StringComparison.Ordinal) || arguments.Contains("Contains", StringComparison.Ordinal))
            {
                continue;
            }

            (_, string error) = Sample.Run($"{{{{printf `{format}` {arguments}}}}}", limits: s_limits);
            Assert.True(error.Length == 0 || error.Contains("output has more than", StringComparison.Ordinal), format + error);
        }
    }

    private static void Check(string text)
    {
        (_, string error) = Sample.Run(text, limits: s_limits);
        Assert.True(error.Length == 0 || error.StartsWith("template: :", StringComparison.Ordinal), error);
    }

    private static string Body(Random random, int depth)
    {
        var text = new StringBuilder();
        for (int parts = random.Next(1, 4); parts > 0; parts--)
        {
            string inner = depth < 3 ? Body(random, depth + 1) : "x";
            text.Append(random.Next(9) switch
            {
                0 => "text\n",
                1 => $"{{{{if {Pipeline(random, 0)}}}}}{inner}{{{{else}}}}y{{{{end}}}}",
                2 => $"{{{{range $i, $v := .l}}}}{inner}{{{{if $i}}}}{{{{break}}}}{{{{end}}}}{{{{end}}}}",
                3 => $"{{{{range .la}}}}{{{{- /* c */ -}}}}{{{{continue}}}}{{{{else}}}}{inner}{{{{end}}}}",
                4 => $"{{{{with $v := {Pipeline(random, 0)}}}}}{inner}{{{{end}}}}",
                5 => "{{$v := 1 -}} ",
                6 => $"{{{{block \"b{random.Next(1000000)}\" .}}}}{{{{print .}}}}{{{{end}}}}",
                _ => $"{{{{{Pipeline(random, 0).Replace("$v", "$", StringComparison.Ordinal)}}}}}",
            });
        }

        return text.Replace("$v", "$").Replace("$ :=", "$v :=").ToString();
    }

    private static string Pipeline(Random random, int depth)
    {
        return string.Join(" | ", Enumerable.Range(0, random.Next(1, 3)).Select(stage => Command(random, depth, stage)));
    }

    private static string Command(Random random, int depth, int stage)
    {
        if (stage == 0 && random.Next(3) == 0)
        {
            return s_operands[random.Next(s_operands.Length)];
        }

        var text = new StringBuilder(s_functions[random.Next(s_functions.Length)]);
        for (int arguments = random.Next(4); arguments > 0; arguments--)
        {
            text.Append(' ').Append(depth < 2 && random.Next(4) == 0
                ? $"({Pipeline(random, depth + 1)}){(random.Next(3) == 0 ? ".x" : "")}"
                : s_operands[random.Next(s_operands.Length)]);
        }

        return text.ToString();
    }
}
