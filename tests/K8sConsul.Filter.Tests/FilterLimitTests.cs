using System.Diagnostics;
using K8sConsul.Go;

namespace K8sConsul.Filter.Tests;

public sealed class FilterLimitTests
{
    private static string ParseError(string text)
    {
        Assert.False(FilterExpression.TryParse(text, out _, out string? error));
        return error;
    }

    private static bool TryBind(string text, out string? error)
        => FilterExpression.TryParse(text, out FilterExpression? expression, out error)
            && expression.TryBind(HealthRows.Schema, out _, out error);

    [Fact]
    public void Text_longer_than_the_limit_is_refused_before_it_is_read()
    {
        string longest = "Node.Node == " + new string('x', FilterLimits.ExpressionLengthMax - 13);
        Assert.True(FilterExpression.TryParse(longest, out _, out _));
        Assert.Equal("expression of length 65537 is longer than the limit of 65536", ParseError(longest + "x"));
    }

    [Fact]
    public void Nesting_deeper_than_the_limit_is_refused()
    {
        static string Nested(int depth) => new string('(', depth) + "Node.Node == x" + new string(')', depth);
        Assert.True(FilterExpression.TryParse(Nested(FilterLimits.DepthMax - 1), out _, out _));
        Assert.Equal("expression is nested deeper than the limit of 200", ParseError(Nested(FilterLimits.DepthMax + 1)));
        Assert.Equal("expression is nested deeper than the limit of 200", ParseError(new string('(', 60_000)));
    }

    /// <summary>The real parser needs 2^n steps here, which 30 parentheses turn into minutes.</summary>
    [Fact]
    public void Unclosed_parentheses_cost_linear_time()
    {
        var elapsed = Stopwatch.StartNew();
        Assert.Equal(
            "1:165 (164): rule \"grouping\": Unmatched parentheses",
            ParseError(new string('(', 150) + "Node.Node == w").Split('\n')[0]);
        Assert.True(elapsed.Elapsed < TimeSpan.FromSeconds(5), $"took {elapsed.Elapsed}");
    }

    [Fact]
    public void Long_chains_cost_no_stack()
    {
        string chain = string.Join(" and ", Enumerable.Repeat("Service.Port == 80", 2_800));
        Assert.True(TryBind(chain, out string? error), error);
        string nots = string.Concat(Enumerable.Repeat("not ", 16_000)) + "Service.Port == 80";
        Assert.True(TryBind(nots, out error), error);
    }

    [Theory]
    [InlineData("a{1000}a{1000}", true)]
    [InlineData("(abcdefghij{10}){100}", true)]
    [InlineData("(abcdefghijklmnopqrstuvwxyz){1000}", false)]
    public void Regular_expressions_that_expand_too_far_are_refused(string pattern, bool accepted)
    {
        Assert.Equal(accepted, TryBind($"Node.Node matches `{pattern}`", out string? error));
        Assert.Equal(
            accepted ? null : $"Failed to compile regular expression \"{pattern}\": error parsing regexp: expression too large: `{pattern}`",
            error);
    }

    [Fact]
    public void Regular_expressions_longer_than_the_limit_are_refused()
    {
        Assert.False(TryBind($"Node.Node matches `{new string('a', GoRegex.LengthMax + 1)}`", out string? error));
        Assert.EndsWith("error parsing regexp: expression too large: `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…`", error, StringComparison.Ordinal);
    }

    /// <summary>Matching is linear in the text: this pattern takes a backtracking engine some 2^40 steps.</summary>
    [Fact]
    public void Evil_patterns_match_in_linear_time()
    {
        var schema = new FilterSchema<string>().Text("x", text => text);
        Assert.True(FilterExpression.TryParse("x matches `^(a+)+$`", out FilterExpression? expression, out _));
        Assert.True(expression.TryBind(schema, out Predicate<string>? filter, out _));
        Assert.False(filter(new string('a', 40) + "b"));
        Assert.True(filter(new string('a', 40)));
    }
}
