namespace K8sConsul.Go.Tests;

public sealed class GoUrlEscapeTests
{
    [Theory]
    [InlineData("/v1/kv/foo", "/v1/kv/foo")]
    [InlineData("/v1/kv/sp ace?&#%/ü", "/v1/kv/sp%20ace%3F&%23%25/%C3%BC")]
    [InlineData("/a+b:c@d=e;f,g$h", "/a+b:c@d=e;f,g$h")]
    [InlineData("/!'()*[]<>\"", "/%21%27%28%29%2A%5B%5D%3C%3E%22")]
    [InlineData("/-_.~", "/-_.~")]
    public void A_path_is_escaped_as_Go_does(string path, string escaped)
    {
        Assert.Equal(escaped, GoUrlEscape.Path(path));
    }

    [Theory]
    [InlineData("a b", "a+b")]
    [InlineData("a/b?c=d&e", "a%2Fb%3Fc%3Dd%26e")]
    [InlineData("a == \"b\"", "a+%3D%3D+%22b%22")]
    [InlineData("é", "%C3%A9")]
    [InlineData("", "")]
    public void A_query_value_is_escaped_as_Go_does(string text, string escaped)
    {
        Assert.Equal(escaped, GoUrlEscape.Query(text));
    }

    [Fact]
    public void Unescaping_gives_the_text_back()
    {
        var random = new Random(7);
        for (int round = 0; round < 2_000; round++)
        {
            char[] letters = new char[random.Next(12)];
            for (int i = 0; i < letters.Length; i++)
            {
                letters[i] = (char)random.Next(1, 0x2000);
            }

            string text = new(letters);
            Assert.Equal(text, Uri.UnescapeDataString(GoUrlEscape.Path(text)));
            Assert.Equal(text, Uri.UnescapeDataString(GoUrlEscape.Query(text).Replace("+", "%20")));
        }
    }
}
