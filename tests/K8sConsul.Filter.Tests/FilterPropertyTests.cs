using System.Globalization;
using System.Text;

namespace K8sConsul.Filter.Tests;

/// <summary>Random input: expressions that mean something agree with a slow second evaluator, and those that do not are refused.</summary>
public sealed class FilterPropertyTests
{
    private sealed record Row(int Number, string Text, string[] List, Dictionary<string, string> Map);

    private static readonly FilterSchema<Row> s_schema = new FilterSchema<Row>()
        .Int("Number", row => row.Number)
        .Text("Text", row => row.Text)
        .TextList("List", row => row.List)
        .TextMap("Map", row => row.Map);

    private static readonly string[] s_words = ["a", "b", "ab", "c"];

    /// <summary>An expression's text with what it means.</summary>
    private static (string Text, Func<Row, bool> Meaning) Generate(Random random, int depth)
    {
        string word = s_words[random.Next(s_words.Length)];
        int number = random.Next(3);
        switch (random.Next(depth > 0 ? 14 : 10))
        {
            case 0:
                return (string.Create(CultureInfo.InvariantCulture, $"Number == {number}"), row => row.Number == number);
            case 1:
                return (string.Create(CultureInfo.InvariantCulture, $"Number!={number}"), row => row.Number != number);
            case 2:
                return ($"Text == {word}", row => row.Text == word);
            case 3:
                return ($"Text contains \"{word}\"", row => row.Text.Contains(word, StringComparison.Ordinal));
            case 4:
                return ($"`{word}` not in List", row => !row.List.Contains(word));
            case 5:
                return ($"List contains {word}", row => row.List.Contains(word));
            case 6:
                return ("List is empty", row => row.List.Length == 0);
            case 7:
                return ("Map is not empty", row => row.Map.Count > 0);
            case 8:
                return ($"Map.k == {word}", row => row.Map.TryGetValue("k", out string? value) && value == word);
            case 9:
                return ($"Map[\"k\"] != {word}", row => !row.Map.TryGetValue("k", out string? value) || value != word);
            case 10:
                (string operand, Func<Row, bool> meaning) = Generate(random, depth - 1);
                return ($"not ({operand})", row => !meaning(row));
            case 11:
                (string inner, Func<Row, bool> same) = Generate(random, depth - 1);
                return ($"( {inner} )", same);
            case 12:
                (string left, Func<Row, bool> leftMeaning) = Generate(random, depth - 1);
                (string right, Func<Row, bool> rightMeaning) = Generate(random, depth - 1);
                return ($"({left}) and ({right})", row => leftMeaning(row) & rightMeaning(row));
            default:
                // Without parentheses around the left part, so that precedence is tested: a or (b and c).
                (string first, Func<Row, bool> firstMeaning) = Generate(random, 0);
                (string second, Func<Row, bool> secondMeaning) = Generate(random, 0);
                (string third, Func<Row, bool> thirdMeaning) = Generate(random, 0);
                return ($"{first} or {second} and {third}", row => firstMeaning(row) | (secondMeaning(row) & thirdMeaning(row)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_expressions_keep_the_rows_that_a_direct_evaluation_keeps(int seed)
    {
        var random = new Random(seed);
        int kept = 0;
        int dropped = 0;
        for (int round = 0; round < 500; round++)
        {
            (string text, Func<Row, bool> meaning) = Generate(random, 4);
            Assert.True(FilterExpression.TryParse(text, out FilterExpression? expression, out string? error), $"{text}: {error}");
            Assert.True(expression.TryBind(s_schema, out Predicate<Row>? filter, out error), $"{text}: {error}");
            for (int i = 0; i < 10; i++)
            {
                var row = new Row(
                    random.Next(3),
                    s_words[random.Next(4)],
                    [.. s_words.Where(_ => random.Next(3) == 0)],
                    random.Next(2) == 0 ? [] : new() { ["k"] = s_words[random.Next(4)] });
                Assert.True(meaning(row) == filter(row), text);
                _ = meaning(row) ? kept++ : dropped++;
            }
        }

        Assert.True(kept > 1000 && dropped > 1000, $"one-sided data: {kept} kept, {dropped} dropped");
    }

    private static readonly string[] s_tokens =
    [
        "Number", "Text", "List", "Map", ".", "[", "]", "\"", "`", "==", "!=", " ", " ", "\n", "not", "and", "or", "in", "is",
        "empty", "contains", "matches", "(", ")", "1", "-", "0", "\\", "😀", "{", "}", "*", "^", "?", "\\p", "a",
    ];

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Random_text_gives_a_filter_or_an_error_and_never_throws(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++)
        {
            var text = new StringBuilder();
            if (random.Next(2) == 0)
            {
                text.Append("Text matches `");
            }

            for (int tokens = random.Next(12); tokens >= 0; tokens--)
            {
                text.Append(s_tokens[random.Next(s_tokens.Length)]);
            }

            if (random.Next(2) == 0)
            {
                text.Append('`');
            }

            bool parsed = FilterExpression.TryParse(text.ToString(), out FilterExpression? expression, out string? error);
            if (parsed && expression!.TryBind(s_schema, out Predicate<Row>? filter, out error))
            {
                Assert.Null(error);
                _ = filter(new Row(1, "a😀\n", [], []));
            }
            else
            {
                Assert.False(string.IsNullOrEmpty(error), text.ToString());
            }
        }
    }
}
