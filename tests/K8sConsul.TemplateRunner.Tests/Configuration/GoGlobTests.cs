using K8sConsul.TemplateRunner.Configuration;

namespace K8sConsul.TemplateRunner.Tests.Configuration;

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
}
