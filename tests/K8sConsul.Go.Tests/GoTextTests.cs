namespace K8sConsul.Go.Tests;

public sealed class GoTextTests
{
    [Theory]
    [InlineData("plain é 😀", "\"plain é 😀\"")]
    [InlineData("\"\\\a\b\f\n\r\t\v", "\"\\\"\\\\\\a\\b\\f\\n\\r\\t\\v\"")]
    [InlineData("\u0000\u001f\u007f", "\"\\x00\\x1f\\x7f\"")]
    [InlineData("\u0080\u00a0\u00ad\u2028\u3000", "\"\\u0080\\u00a0\\u00ad\\u2028\\u3000\"")]
    [InlineData("\U000e0001", "\"\\U000e0001\"")]
    public void Texts_are_quoted_as_Go_does(string text, string quoted) => Assert.Equal(quoted, GoText.Quote(text));
}
