namespace K8sConsul.Template.Functions.Tests;

/// <summary>YAML and TOML as Go's libraries write and read them.</summary>
public sealed class YamlTests
{
    [Theory]
    [InlineData("{{toYAML .m}}", "a: 1\nb: 2")]
    [InlineData("{{toYAML .nm}}", "x:\n  \"y\": 1")]
    [InlineData("{{toYAML .ls}}", "- b\n- a")]
    [InlineData("{{toYAML (sprig_dict \"l\" (sprig_list 1 (sprig_list 2 3) (sprig_dict \"a\" 1 \"b\" 2)))}}", "l:\n- 1\n- - 2\n  - 3\n- a: 1\n  b: 2")]
    [InlineData("{{toYAML (sprig_dict \"e\" (sprig_list) \"m\" (sprig_dict) \"n\" nil \"s\" \"\")}}", "e: []\nm: {}\n\"n\": null\ns: \"\"")]
    [InlineData("{{toYAML (sprig_list \"true\" \"1\" \"1.5\" \"null\" \"~\" \"yes\" \"a: b\" \"a #b\" \"- x\" \"-x\" \"*a\" \"it's\" \" a\" \"1:30\" \"0x1f\")}}", "- \"true\"\n- \"1\"\n- \"1.5\"\n- \"null\"\n- \"~\"\n- \"yes\"\n- 'a: b'\n- 'a #b'\n- '- x'\n- -x\n- '*a'\n- it's\n- ' a'\n- \"1:30\"\n- \"0x1f\"")]
    [InlineData("{{toYAML (sprig_dict \"t\" \"a\\nb\\n\")}}", "t: |\n  a\n  b")]
    [InlineData("{{toYAML (sprig_dict \"t\" \"a\\nb\" \"u\" 1)}}", "t: |-\n  a\n  b\nu: 1")]
    [InlineData("{{toYAML (sprig_dict \"a\" (sprig_list \"x\\ny\\n\\n\") \"u\" 1)}}", "a:\n- |+\n  x\n  y\n\nu: 1")]
    [InlineData("{{toYAML (sprig_list \"a\\tb\" \"a \\nb\" 1e6 true 1.5)}}", "- \"a\\tb\"\n- \"a \\nb\"\n- 1e+06\n- true\n- 1.5")]
    [InlineData("{{toYAML (sprig_dict \"a10\" 1 \"a2\" 2 \"b\" 3 \"A\" 4 \"_\" 5)}}", "_: 5\nA: 4\na2: 2\na10: 1\nb: 3")]
    [InlineData("{{toYAML .s}}|{{toYAML 1}}|{{toYAML .nil}}", "x|1|null")]
    public void Written(string template, string expected) => Assert.Equal(expected, Sample.Run(template));

    /// <summary>What yaml.v2 of a real Go answered; K8sConsul.Helm.Tests holds hundreds more.</summary>
    [Theory]
    [InlineData("{{toYAML (sprig_dict \"a\" (sprig_list (sprig_repeat 20 \"word \" | trimSpace)))}}", "a:\n- word word word word word word word word word word word word word word word word\n  word word word word")]
    [InlineData("{{toYAML (sprig_list \"😀\" \"é\")}}", "- \"\\U0001F600\"\n- é")]
    [InlineData("{{toYAML (sprig_list \"2001-01-01\" \"2001-13-01\" \"2001-01-01T01:02:03Z\" \"2001-01-01x\")}}", "- \"2001-01-01\"\n- 2001-13-01\n- \"2001-01-01T01:02:03Z\"\n- 2001-01-01x")]
    [InlineData("{{toYAML (sprig_dict \"a\\nb\" 1)}}", "? |-\n  a\n  b\n: 1")]
    [InlineData("{{toYAML (sprig_dict \"_\" 1 \"1.5\" 2 \"9\" 3 \"10\" 4)}}", "_: 1\n\"1.5\": 2\n\"9\": 3\n\"10\": 4")]
    public void Written_as_a_real_Go_does(string template, string expected) => Assert.Equal(expected, Sample.Run(template));

    /// <summary>The order of keys is none: 2, 10, 1a, 2. Whatever comes first, nothing fails.</summary>
    [Fact]
    public void Keys_without_an_order_can_be_written()
    {
        string dict = string.Join(' ', Enumerable.Range(0, 60).Select(i => $"\"{i % 20}{(i % 3 == 0 ? "a" : "")}{i}\" {i}"));
        string written = Sample.Run("{{toYAML (sprig_dict " + dict + ")}}");
        Assert.Equal(60, written.Split('\n').Length);
    }

    [Theory]
    [InlineData("a: 1\nb: [x, 2.5, true, null, ~, yes]\n", "map[a:1 b:[x 2.5 true <nil> <nil> true]]")]
    [InlineData("- 0x10\n- 017\n- 1_000\n- '1'\n- 1e3\n- .5\n- 2001-01-01\n", "[16 15 1000 1 1000 0.5 2001-01-01]")]
    [InlineData("a: &x {k: v}\nb: *x\nc:\n  <<: *x\n  z: 1\n", "map[a:map[k:v] b:map[k:v] c:map[k:v z:1]]")]
    [InlineData("1: a\ntrue: b\n", "map[1:a true:b]")]
    [InlineData("t: |\n  a\n  b\nu: >-\n  c\n  d\n", "map[t:a\nb\n u:c d]")]
    [InlineData("# nothing", "<no value>")]
    public void Read(string yaml, string expected)
    {
        Assert.Equal(expected, Sample.Run("{{parseYAML `" + yaml + "`}}"));
    }

    [Fact]
    public void Whole_numbers_are_ints_and_empty_is_a_map()
    {
        Assert.Equal("int map[string]interface {}", Sample.Run("{{printf \"%T\" (parseYAML \"1\")}} {{printf \"%T\" (parseYAML \"\")}}"));
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("*x")]
    [InlineData("a: b: c")]
    [InlineData("<<: 1")]
    [InlineData("[[1]]: 2")]
    [InlineData("a: 'x")]
    public void Refused(string yaml)
    {
        Assert.StartsWith("! error calling parseYAML: yaml: ", Sample.Run("{{parseYAML `" + yaml + "`}}"), StringComparison.Ordinal);
    }

    /// <summary>Aliases of aliases: small as read, far too large to print.</summary>
    [Fact]
    public void Aliases_cannot_fill_the_memory()
    {
        string yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 12).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        var limits = new TemplateLimits { OutputLengthMax = 1_000_000, StepsMax = 5_000_000 };
        string answer = Sample.Run("{{$y := parseYAML `" + yaml + "`}}{{len $y}}{{toJSON $y}}", limits: limits);
        Assert.StartsWith("! ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{toTOML .m}}", "a = 1\nb = 2")]
    [InlineData("{{toTOML (sprig_dict \"s\" \"q\\\"x\" \"f\" 2.0 \"l\" .l \"b\" true)}}", "b = true\nf = 2.0\nl = [1, 2, 3]\ns = \"q\\\"x\"")]
    [InlineData("{{toTOML (sprig_dict \"z\" 1 \"t\" (sprig_dict \"k\" \"v\" \"u\" (sprig_dict \"w\" 1)))}}", "z = 1\n\n[t]\n  k = \"v\"\n\n  [t.u]\n    w = 1")]
    [InlineData("{{toTOML (sprig_dict \"a b\" (sprig_list (sprig_dict \"k\" 1) (sprig_dict \"k\" 2)))}}", "[[\"a b\"]]\n  k = 1\n\n[[\"a b\"]]\n  k = 2")]
    [InlineData("{{toTOML 1}}", "! error calling toTOML: toTOML: toml: top-level values must be Go maps or structs")]
    public void Toml(string template, string expected) => Assert.Equal(expected, Sample.Run(template));

    /// <summary>What is written reads back as it was.</summary>
    [Fact]
    public void Texts_survive_the_round_trip()
    {
        var random = new Random(7);
        string[] pieces = ["a", " ", "\n", ":", "#", "-", "'", "\"", "\\", "\t", "é", "1", "{", "[", "&", "*", "!", "|", ">", "%", "@", "`", "~", "yes", "😀", ",", "?", "\u0001"];
        TemplateSet set = new TemplateSet(Sample.Functions).Parse("", "{{$y := toYAML (sprig_list .)}}{{index (parseYAML $y) 0}}\u0002{{$y}}");
        for (int round = 0; round < 3_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => pieces[random.Next(pieces.Length)]));
            string[] answer = set.Execute("", text).Split('\u0002');

            // toYAML trims its own output, and with it the breaks at the end of a block.
            Assert.True(answer[0].TrimEnd('\n') == text.TrimEnd('\n'), $"{text} was written as {answer[1]}");
        }
    }
}
