using System.Globalization;
using System.Text;
using K8sConsul.Server.Api;

namespace K8sConsul.Server.Tests.Api;

public sealed class ApiQueryTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("recurse", "recurse=")]
    [InlineData("a=1&a=2&b", "a=1&a=2&b=")]
    [InlineData("&&a=1&", "a=1")]
    [InlineData("a=b=c", "a=b%3Dc")]
    [InlineData("a+b=c+d%20e", "a+b=c+d+e")]
    [InlineData("%61=%C3%A9", "a=%C3%A9")]
    [InlineData("=x", "=x")]
    public void A_query_is_read_as_Go_reads_it(string text, string encoded) => Assert.Equal(encoded, ApiQuery.Parse(text)?.Encode());

    [Theory]
    [InlineData("a=%")]
    [InlineData("a=%2")]
    [InlineData("a=%zz")]
    [InlineData("a=% 1")]
    [InlineData("a=%+1")]
    [InlineData("%g1=a")]
    public void A_broken_escape_is_refused(string text) => Assert.Null(ApiQuery.Parse(text));

    [Fact]
    public void The_first_value_counts_and_all_are_there()
    {
        ApiQuery query = ApiQuery.Parse("tag=a&tag=b&empty=")!;
        Assert.Equal("a", query["tag"]);
        Assert.Equal(["a", "b"], query.All("tag"));
        Assert.True(query.Has("empty"));
        Assert.False(query.Has("Tag"));
        Assert.Equal(string.Empty, query["none"]);
    }

    [Fact]
    public void More_parameters_than_any_client_sends_are_refused()
    {
        Assert.Equal(1000, ApiQuery.Parse(string.Join('&', Enumerable.Repeat("a=1", 1000)))!.Parameters.Count);
        Assert.Null(ApiQuery.Parse(string.Join('&', Enumerable.Repeat("a=1", 1001))));
    }

    [Theory]
    [InlineData("a%20😀", "a 😀")]
    [InlineData("😀+%F0%9F%98%80", "😀 😀")]
    [InlineData("%E4%BD%A0é", "你é")]
    public void Characters_of_any_plane_survive_beside_escapes(string text, string decoded) =>
        Assert.Equal(decoded, PercentCoding.Decode(text, plusIsSpace: true));

    [Fact]
    public void What_was_encoded_is_decoded_to_the_same()
    {
        var random = new Random(5);
        for (int i = 0; i < 5_000; i++)
        {
            string text = RandomText(random);
            Assert.Equal(text, PercentCoding.Decode(PercentCoding.EncodeQuery(text), plusIsSpace: true));
        }
    }

    /// <summary>Random text full of percent signs, compared with a decoder that does one byte after the other.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Any_text_is_decoded_as_the_slow_way_does(bool plusIsSpace)
    {
        var random = new Random(7);
        const string Alphabet = "%%%%0123456789abcdefABCDEFg+ /=é你";
        for (int i = 0; i < 50_000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(9)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            Assert.Equal(Slow(text, plusIsSpace), PercentCoding.Decode(text, plusIsSpace));
        }
    }

    private static string? Slow(string text, bool plusIsSpace)
    {
        var bytes = new List<byte>();
        while (text.Length > 0)
        {
            if (text[0] != '%')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(plusIsSpace && text[0] == '+' ? " " : text[..1]));
                text = text[1..];
                continue;
            }

            if (text.Length < 3 || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
            {
                return null;
            }

            bytes.Add(Convert.ToByte(text[1..3], 16));
            text = text[3..];
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (int length = random.Next(12); length > 0; length--)
        {
            int rune = random.Next(4) == 0 ? random.Next(0x1F300, 0x1F5FF) : random.Next(1, 0x2FF);
            text.Append(CultureInfo.InvariantCulture, $"{new Rune(rune)}");
        }

        return text.ToString();
    }
}
