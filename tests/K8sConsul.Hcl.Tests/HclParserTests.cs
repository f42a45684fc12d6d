using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Hcl.Tests;

public sealed class HclParserTests
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData("a = 1", "{a: 1}")]
    [InlineData("a = 1 b = 2\nc = 3", "{a: 1, b: 2, c: 3}")]
    [InlineData("a = 1, b = 2", "{a: 1, b: 2}")]
    [InlineData("\"a b\" = 1 c-d.e_f = 2", "{a b: 1, c-d.e_f: 2}")]
    [InlineData("é1 = 1", "{é1: 1}")]
    [InlineData("a = true b = false", "{a: true, b: false}")]
    [InlineData("a = 0x1F b = 017 c = -5 d = 0 e = -0x10", "{a: 31, b: 15, c: -5, d: 0, e: -16}")]
    [InlineData("a = 1.5 b = 1e3 c = 1.5e-3 d = -2.25 e = .5 f = 0.25", "{a: 1.5, b: 1000.0, c: 0.0015, d: -2.25, e: 0.5, f: 0.25}")]
    [InlineData("a = 9223372036854775807 b = -9223372036854775808", "{a: 9223372036854775807, b: -9223372036854775808}")]
    [InlineData("# one\n// two\n/* three\n*/ a = 1 # four", "{a: 1}")]
    [InlineData("a /* x */ = /* y */ 1", "{a: 1}")]
    [InlineData("a = [1, \"x\", true, [2], {b = 1}]", "{a: [1, \"x\", true, [2], {b: 1}]}")]
    [InlineData("a = [1, 2,]", "{a: [1, 2]}")]
    [InlineData("a = [\n1\n,\n2\n]", "{a: [1, 2]}")]
    [InlineData("a = []", "{a: []}")]
    [InlineData("a = [[1] [2]]", "{a: [[1], [2]]}")]
    [InlineData("a {}", "{a: [[{}]]}")]
    [InlineData("a = {}", "{a: [[{}]]}")]
    [InlineData("a = {b = 1 c = 2} d {e = 1, f = 2}", "{a: [[{b: 1, c: 2}]], d: [[{e: 1, f: 2}]]}")]
    [InlineData("a {b = 1} a {c = 2}", "{a: [[{b: 1}, {c: 2}]]}")]
    [InlineData("a \"x\" {b = 1}", "{a: [[{x: [[{b: 1}]]}]]}")]
    [InlineData("a \"x\" {} c = 1 a \"y\" \"z\" {}", "{a: [[{x: [[{}]]}, {y: [[{z: [[{}]]}]]}]], c: 1}")]
    [InlineData("a = 1 a = 2", "{a: 2}")]
    [InlineData("a = \"x\" a = 5 a = true", "{a: \"true\"}")]
    [InlineData("a = 5 a = \"0x10\"", "{a: 16}")]
    [InlineData("a = 1.5 a = 2", "{a: 2.0}")]
    [InlineData("a = [1] a = [2]", "{a: [1, 2]}")]
    [InlineData("a = [1] a {b = 1}", "{a: [1, {b: 1}]}")]
    [InlineData("a = ", "{}")]
    [InlineData("a { x = 1 y = } }", "{a: [[{x: 1}]]}")]
    [InlineData("a = \"\\ta\\x41\\u00e9\\101\\\\\\\"\"", "{a: \"\\taAéA\\\\\\\"\"}")]
    [InlineData("a = \"\\xc3\\xa9\"", "{a: \"é\"}")]
    [InlineData("a = \"x${b \"c\" {\"d\"} \\n}y\"", "{a: \"x${b \\\"c\\\" {\\\"d\\\"} \\\\n}y\"}")]
    [InlineData("a = \"${\n}\"", "{a: \"${\\n}\"}")]
    [InlineData("a = \"$x {y}\"", "{a: \"$x {y}\"}")]
    [InlineData("a = \"{{ GetPrivateIP }}\"", "{a: \"{{ GetPrivateIP }}\"}")]
    [InlineData("a = <<EOF\nx\n y\nEOF\nb = 1", "{a: \"x\\n y\\n\", b: 1}")]
    [InlineData("a = <<EOF\nEOF\n", "{a: \"\"}")]
    [InlineData("a = <<EOF\nx\n  EOF\n", "{a: \"x\\n  \"}")]
    [InlineData("a = <<-EOF\n  x\n   y\n  EOF\n", "{a: \"x\\n y\\n\"}")]
    [InlineData("a = <<-EOF\n x\n  EOF\n", "{a: \" x\\n\"}")]
    [InlineData("a = <<E\nE2\nE\n", "{a: \"E2\\n\"}")]
    [InlineData("a = <<EOF\r\nx\r\nEOF\r\n", "{a: \"x\\n\"}")]
    [InlineData(" \n{\"a\": 1, \"b\": {\"c\": 1.0}}", "{a: 1, b: {c: 1.0}}")]
    public void Accepted_texts(string source, string tree)
    {
        Assert.Equal(tree, Trees.ParseHcl(source));
    }

    /// <summary>Every text here came from the real program.</summary>
    [Theory]
    [InlineData("a {", "At 1:5: object expected closing RBRACE got: EOF")]
    [InlineData("a = {", "At 1:7: object expected closing RBRACE got: EOF")]
    [InlineData("a", "At 1:3: key 'a' expected start of object ('{') or assignment ('=')")]
    [InlineData("a b", "At 1:5: key 'a b' expected start of object ('{') or assignment ('=')")]
    [InlineData("a {b}", "At 1:5: key 'b' expected start of object ('{') or assignment ('=')")]
    [InlineData("=", "At 1:1: no object keys found!")]
    [InlineData("a = 1 = 2", "At 1:7: no object keys found!")]
    [InlineData("}", "At 1:1: expected: IDENT | STRING | ASSIGN | LBRACE got: RBRACE")]
    [InlineData("1 = 2", "At 1:1: expected: IDENT | STRING | ASSIGN | LBRACE got: NUMBER")]
    [InlineData("a = true false", "At 1:10: expected: IDENT | STRING | ASSIGN | LBRACE got: BOOL")]
    [InlineData("a = 1.2.3", "At 1:8: expected: IDENT | STRING | ASSIGN | LBRACE got: FLOAT")]
    [InlineData("a = [1,2", "At 1:11: error parsing list, expected comma or list end, got: EOF")]
    [InlineData("a = [1 2]", "At 1:8: error parsing list, expected comma or list end, got: NUMBER")]
    [InlineData("a = [}", "At 1:6: unexpected token while parsing list: RBRACE")]
    [InlineData("a \"b\" = 1", "At 1:7: nested object expected: LBRACE got: ASSIGN")]
    [InlineData("a = tru", "At 1:5: Unknown token: 1:5 IDENT tru")]
    [InlineData("a = \"x\ny\"", "At 2:3: literal not terminated")]
    [InlineData("a = \"x", "At 1:7: literal not terminated")]
    [InlineData("a = \"${x\"", "At 1:10: literal not terminated")]
    [InlineData("a = <<EOF\nx", "At 2:2: heredoc not terminated")]
    [InlineData("a = <<-EOF\nx\n EOF", "At 3:5: heredoc not terminated")]
    [InlineData("a = <<\nx", "At 1:7: zero-length heredoc anchor")]
    [InlineData("\na = <<-EOF\nx\nEOF\n", "At 5:1: heredoc not terminated")]
    [InlineData("a = 0x", "At 1:7: illegal hexadecimal number")]
    [InlineData("a = 08", "strconv.ParseInt: parsing \"08\": invalid syntax")]
    [InlineData("a = $", "At 1:5: illegal char")]
    [InlineData("/* x", "At 1:5: comment not terminated")]
    [InlineData("a = \"\\q\"", "At 1:7: illegal char escape")]
    [InlineData("a=5 a=\"x\"", "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("\na=true a=\"x\"", "At 2:10: root.a: unknown type *ast.LiteralType")]
    [InlineData("\na{b=1} a=5", "At 2:10: unknown slice type: *ast.LiteralType")]
    [InlineData("\na{b=1} a=[5]", "At 2:11: root.a[0]: not an object type for map (*ast.LiteralType)")]
    [InlineData("a \"x\" {} a {} ", "At -: root.a[1]: map must have string keys")]
    [InlineData("a {} a \"x\" {}", "At -: root.a[0]: map must have string keys")]
    [InlineData("a=\"/tmp\"\na=[]", "At 2:3: root.a: unknown type for string *ast.ListType")]
    [InlineData("a=\"/tmp\"\na={}", "At 2:3: root.a: unknown type for string *ast.ObjectType")]
    public void Refused_texts_get_the_words_of_Consul(string source, string error)
    {
        Assert.Equal(error, Trees.ParseHcl(source));
    }

    [Fact]
    public void Invalid_UTF8_is_refused()
    {
        Assert.Equal("At 1:1: illegal char", HclParser.Parse([0xff]).Error);
    }

    [Fact]
    public void Values_know_their_places()
    {
        ConfigObject root = HclParser.Parse("a = 1\nb {\n  é = \"x\" c = [true]\n}"u8).Root!;
        Assert.Equal("1:5", root["a"].Position.ToString());
        Assert.Equal("2:3", root["b"].Position.ToString());
        var block = (ConfigObject)((ConfigList)root["b"]).Items[0];
        Assert.Equal("3:7", block["é"].Position.ToString());
        Assert.Equal("3:16", ((ConfigList)block["c"]).Items[0].Position.ToString());
    }

    [Theory]
    [InlineData("a {", "}", 200, true)]
    [InlineData("a {", "}", 201, false)]
    [InlineData("a {", "", 100_000, false)]
    [InlineData("a = [[[[[", "]", 100_000, false)]
    public void Nesting_is_bounded(string open, string close, int depth, bool accepted)
    {
        string source = string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth));
        ParseOutcome outcome = HclParser.Parse(Encoding.UTF8.GetBytes(source));
        Assert.Equal(accepted, outcome.Root is not null);
    }

    [Fact]
    public void Many_repeated_blocks_take_linear_time()
    {
        const int Count = 200_000;
        ParseOutcome outcome = HclParser.Parse(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("s {}\n", Count))));
        Assert.Equal(Count, ((ConfigList)outcome.Root!["s"]).Items.Count);
    }

    [Fact]
    public void An_oversized_text_is_refused()
    {
        byte[] source = new byte[(64 * 1024 * 1024) + 1];
        Array.Fill(source, (byte)' ');
        Assert.Equal("the text has 67108865 bytes, more than the 67108864 allowed", HclParser.Parse(source).Error);
        Assert.Equal("the text has 67108865 bytes, more than the 67108864 allowed", JsonParser.Parse(source).Error);
    }

    /// <summary>Cut at every byte, the sample is accepted or refused and nothing else happens.</summary>
    [Fact]
    public void A_cut_text_is_accepted_or_refused()
    {
        byte[] sample = Encoding.UTF8.GetBytes(Samples.Hcl);
        Assert.NotNull(HclParser.Parse(sample).Root);
        int refused = 0;
        for (int length = 0; length < sample.Length; length++)
        {
            ParseOutcome outcome = HclParser.Parse(sample.AsSpan(0, length));
            Assert.Equal(outcome.Root is null, outcome.Error.Length > 0);
            refused += outcome.Root is null ? 1 : 0;
        }

        Assert.InRange(refused, sample.Length / 2, sample.Length - 1);
    }

    [Fact]
    public void Damaged_texts_are_accepted_or_refused()
    {
        var random = new Random(11);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] source = Samples.Damage(Encoding.UTF8.GetBytes(Samples.Hcl), random);
            ParseOutcome outcome = HclParser.Parse(source);
            Assert.Equal(outcome.Root is null, outcome.Error.Length > 0);
        }
    }

    /// <summary>Small random texts are accepted or refused as by the real program, with the same words.</summary>
    [Fact]
    public void Random_texts_are_judged_as_by_the_real_program()
    {
        RealConsul.Locate();
        string[] pieces =
        [
            "a", "b", " = ", "=", "{", "}", "[", "]", ",", "\n", " ", "1", "0", "8", "e", ".", "-", "x", "\"", "\\", "$", "${",
            "<<E\n", "<<-E\n", "\nE\n", "#", "//", "/*", "*/", "true", "\"s\"", "é", "'", "+", "a {", "b = 1\n", "\0", "\r\n",
        ];
        var random = new Random(12);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("hcl-compare-");
        try
        {
            int refused = 0;
            for (int round = 0; round < 400; round++)
            {
                string source = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
                if (source.TrimStart(' ', '\n', '\r').StartsWith('{'))
                {
                    continue;
                }

                // A key that no Consul knows: a text that parses is told as such, and one that does not by its mistake.
                source += "\nzz = 1";
                File.WriteAllText(Path.Combine(folder.FullName, "t.hcl"), source);
                (_, _, string error) = RealConsul.Run(folder.FullName, "validate", "t.hcl");
                const string Prefix = "Config validation failed: failed to parse t.hcl: ";
                string ours = HclParser.Parse(Encoding.UTF8.GetBytes(source)).Error;
                if (error.Contains("invalid config key", StringComparison.Ordinal) || !error.StartsWith(Prefix, StringComparison.Ordinal))
                {
                    // A real Consul that crashes ("panic: unquote") has refused too, in its way.
                    Assert.True(
                        error.StartsWith("panic: ", StringComparison.Ordinal) == (ours.Length > 0),
                        $"{GoText.Quote(source)}\nours: {ours}\nreal: {error}");
                    continue;
                }

                refused++;
                Assert.True(
                    string.Equals(error[Prefix.Length..].TrimEnd('\n'), ours, StringComparison.Ordinal),
                    $"{GoText.Quote(source)}\nours: {ours}\nreal: {error}");
            }

            Assert.InRange(refused, 150, 400);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
