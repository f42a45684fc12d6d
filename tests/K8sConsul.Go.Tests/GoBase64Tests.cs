using System.Text;

namespace K8sConsul.Go.Tests;

public sealed class GoBase64Tests
{
    [Theory]
    [InlineData("!!!", 0)]
    [InlineData("aGVsbG8", 4)]
    [InlineData("aGV!bG8=", 3)]
    [InlineData("zz!", 2)]
    [InlineData("YQ", 0)]
    [InlineData("YQ=", 3)]
    [InlineData("YQ=a", 2)]
    [InlineData("Y===", 1)]
    [InlineData("=", 0)]
    [InlineData("YQ==YQ==", 4)]
    [InlineData("YWI=x", 4)]
    [InlineData("AAAAA", 4)]
    [InlineData("AA!A", 2)]
    [InlineData("AA=A", 2)]
    [InlineData("AA\nA", 1)]
    [InlineData("A\n!", 2)]
    [InlineData("AAAA ", 4)]
    public void A_mistake_is_blamed_on_the_byte_that_Go_blames(string text, int offset)
    {
        Assert.Null(GoBase64.TryDecode(Encoding.ASCII.GetBytes(text), out string error));
        Assert.Equal($"illegal base64 data at input byte {offset}", error);
    }

    [Fact]
    public void What_dotnet_encodes_is_decoded_with_or_without_line_breaks()
    {
        var random = new Random(3);
        for (int length = 0; length < 300; length++)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            foreach (Base64FormattingOptions options in new[] { Base64FormattingOptions.None, Base64FormattingOptions.InsertLineBreaks })
            {
                Assert.Equal(bytes, GoBase64.TryDecode(Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes, options)), out string error));
                Assert.Equal(string.Empty, error);
            }
        }
    }

    [Fact]
    public void Noise_never_breaks_the_decoder_and_what_it_accepts_dotnet_accepts()
    {
        const string Letters = "ABCxyz019+/=\n\r!";
        var random = new Random(4);
        for (int round = 0; round < 20_000; round++)
        {
            char[] text = new char[random.Next(12)];
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = Letters[random.Next(Letters.Length)];
            }

            byte[]? decoded = GoBase64.TryDecode(Encoding.ASCII.GetBytes(text), out string error);
            Assert.Equal(decoded is null, error.Length > 0);
            if (decoded is not null)
            {
                Assert.Equal(Convert.FromBase64CharArray(text, 0, text.Length), decoded);
            }
        }
    }
}
