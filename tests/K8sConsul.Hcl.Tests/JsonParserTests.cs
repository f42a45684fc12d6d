using System.Text;
using System.Text.Json;

namespace K8sConsul.Hcl.Tests;

public sealed class JsonParserTests
{
    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("null", "{}")]
    [InlineData(" {\n\t\"a\" : [ ] }\r\n", "{a: []}")]
    [InlineData("{\"a\":1,\"b\":-0.5,\"c\":1e2}", "{a: 1.0, b: -0.5, c: 100.0}")]
    [InlineData("{\"a\":{\"b\":{}}}", "{a: {b: {}}}")]
    [InlineData("{\"a\":[true,false,null,\"x\"]}", "{a: [true, false, null, \"x\"]}")]
    [InlineData("{\"a\":1,\"a\":2}", "{a: 2.0}")]
    [InlineData("{\"a\":{\"b\":1},\"a\":{\"c\":2}}", "{a: {c: 2.0}}")]
    [InlineData("{\"a\":\"\\u00e9\\ud83d\\ude00\\ud800x\\/\"}", "{a: \"é😀\ufffdx/\"}")]
    public void Accepted_texts(string source, string tree)
    {
        Assert.Equal(tree, Trees.ParseJson(source));
    }

    /// <summary>Every text here came from the real program.</summary>
    [Theory]
    [InlineData("", "unexpected end of JSON input")]
    [InlineData(" ", "unexpected end of JSON input")]
    [InlineData("{", "unexpected end of JSON input")]
    [InlineData("[", "unexpected end of JSON input")]
    [InlineData("{\"a\"", "unexpected end of JSON input")]
    [InlineData("{\"a\":\"x", "unexpected end of JSON input")]
    [InlineData("[]", "json: cannot unmarshal array into Go value of type map[string]interface {}")]
    [InlineData("\"x\"", "json: cannot unmarshal string into Go value of type map[string]interface {}")]
    [InlineData("1", "json: cannot unmarshal number into Go value of type map[string]interface {}")]
    [InlineData("true", "json: cannot unmarshal bool into Go value of type map[string]interface {}")]
    [InlineData("{\"a\":}", "invalid character '}' looking for beginning of value")]
    [InlineData("{\"a\":1,}", "invalid character '}' looking for beginning of object key string")]
    [InlineData("{\"a\":[1,]}", "invalid character ']' looking for beginning of value")]
    [InlineData("{\"a\":[1 2]}", "invalid character '2' after array element")]
    [InlineData("{\"a\" 1}", "invalid character '1' after object key")]
    [InlineData("{\"a\":1}}", "invalid character '}' after top-level value")]
    [InlineData("{\"a\":01}", "invalid character '1' after object key:value pair")]
    [InlineData("{\"a\":tru}", "invalid character '}' in literal true (expecting 'e')")]
    [InlineData("{\"a\":\"\\q\"}", "invalid character 'q' in string escape code")]
    [InlineData("{\"a\":\"\\u00g0\"}", "invalid character 'g' in \\u hexadecimal character escape")]
    [InlineData("{\"a\":-x}", "invalid character 'x' in numeric literal")]
    [InlineData("{\"a\":1.}", "invalid character '}' after decimal point in numeric literal")]
    [InlineData("{\"a\":1e}", "invalid character '}' in exponent of numeric literal")]
    [InlineData("{\"a\":1e999}", "json: cannot unmarshal number 1e999 into Go value of type float64")]
    [InlineData("{a:1}", "invalid character 'a' looking for beginning of object key string")]
    [InlineData("# c\n{\"a\":1}", "invalid character '#' looking for beginning of value")]
    [InlineData("{\"a\":\"x\ny\"}", "invalid character '\\n' in string literal")]
    [InlineData("{'a':1}", "invalid character '\\'' looking for beginning of object key string")]
    [InlineData("{\"a\":1\"b\"}", "invalid character '\"' after object key:value pair")]
    [InlineData("é", "invalid character 'Ã' looking for beginning of value")]
    public void Refused_texts_get_the_words_of_Go(string source, string error)
    {
        Assert.Equal(error, Trees.ParseJson(source));
    }

    [Fact]
    public void The_recorded_texts_are_the_real_program_s()
    {
        RealConsul.Locate();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("json-compare-");
        try
        {
            var random = new Random(13);
            int refused = 0;
            for (int round = 0; round < 150; round++)
            {
                byte[] source = Samples.Damage(Encoding.UTF8.GetBytes(Samples.Json), random);
                File.WriteAllBytes(Path.Combine(folder.FullName, "t.json"), source);
                (_, _, string error) = RealConsul.Run(folder.FullName, "validate", "t.json");
                const string Prefix = "Config validation failed: failed to parse t.json: ";
                string ours = JsonParser.Parse(source).Error;
                bool parses = error.Contains("invalid config key", StringComparison.Ordinal)
                    || error.Contains("error(s) decoding", StringComparison.Ordinal);
                refused += parses ? 0 : 1;
                Assert.Equal(parses ? string.Empty : error[Prefix.Length..].TrimEnd('\n'), ours);
            }

            Assert.InRange(refused, 100, 150);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Values_know_their_places()
    {
        ConfigObject root = JsonParser.Parse("{\"é\": 1, \"b\": \"x\",\n \"c\": [true]}"u8).Root!;
        Assert.Equal("1:7", root["é"].Position.ToString());
        Assert.Equal("1:15", root["b"].Position.ToString());
        Assert.Equal("2:8", ((ConfigList)root["c"]).Items[0].Position.ToString());
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        Assert.Equal("exceeded max depth", Trees.ParseJson(new string('[', 100_000)));
        Assert.Equal("exceeded max depth", Trees.ParseJson(new string('[', 201) + new string(']', 201)));
        Assert.StartsWith("json: ", Trees.ParseJson(new string('[', 200) + new string(']', 200)), StringComparison.Ordinal);
    }

    /// <summary>What is accepted is what System.Text.Json accepts; the slow obvious version.</summary>
    [Fact]
    public void Damaged_texts_are_accepted_where_another_parser_accepts_them()
    {
        var random = new Random(14);
        int accepted = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] source = Samples.Damage(Encoding.UTF8.GetBytes(Samples.Json), random);
            ParseOutcome outcome = JsonParser.Parse(source);
            accepted += outcome.Root is null ? 0 : 1;
            if (IsJsonObject(source))
            {
                Assert.True(outcome.Root is not null || outcome.Error.StartsWith("json: cannot unmarshal number", StringComparison.Ordinal));
            }
            else if (outcome.Root is not null)
            {
                // Go replaces invalid UTF-8 and lone surrogates, where System.Text.Json refuses them.
                Assert.True(
                    outcome.Root.Keys.Count == 0 || Encoding.UTF8.GetString(source).Contains('\ufffd', StringComparison.Ordinal)
                    || Encoding.UTF8.GetString(source).Contains("\\u", StringComparison.Ordinal),
                    Encoding.UTF8.GetString(source));
            }
        }

        Assert.InRange(accepted, 500, 20_000);
    }

    [Fact]
    public void A_cut_text_is_refused()
    {
        byte[] sample = Encoding.UTF8.GetBytes(Samples.Json);
        Assert.NotNull(JsonParser.Parse(sample).Root);
        for (int length = 0; length < sample.AsSpan().LastIndexOf((byte)'}'); length++)
        {
            Assert.Equal("unexpected end of JSON input", JsonParser.Parse(sample.AsSpan(0, length)).Error);
        }
    }

    private static bool IsJsonObject(byte[] source)
    {
        try
        {
            using var document = JsonDocument.Parse(source);
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
