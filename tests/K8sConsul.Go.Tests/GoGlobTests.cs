namespace K8sConsul.Go.Tests;

public sealed class GoGlobTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("a", "a", true)]
    [InlineData("a", "ab", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "abc", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("CONSUL_*", "CONSUL_TOKEN", true)]
    [InlineData("CONSUL_*", "XCONSUL_TOKEN", false)]
    [InlineData("*_*_*", "A_B_C", true)]
    [InlineData("a*b*c", "aXbYbc", true)]
    [InlineData("a*b", "aXbY", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[^a-c]x", "bx", false)]
    [InlineData("[^a-c]x", "dx", true)]
    [InlineData("[]a]", "]", false)]
    [InlineData("[\\]a]", "]", true)]
    [InlineData("[a", "a", false)]
    [InlineData("[-]", "-", false)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    public void Patterns_match_as_in_Go(string pattern, string name, bool matches)
    {
        Assert.Equal(matches, GoGlob.IsMatch(pattern, name));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("a*?[a-c][^x]\\*", true)]
    [InlineData("[\\]]", true)]
    [InlineData("[a", false)]
    [InlineData("[]a]", false)]
    [InlineData("[a-]", false)]
    [InlineData("a\\", false)]
    [InlineData("\\[", true)]
    public void Malformed_patterns_are_known(string pattern, bool isWellFormed)
    {
        Assert.Equal(isWellFormed, GoGlob.IsWellFormed(pattern));
    }
}
