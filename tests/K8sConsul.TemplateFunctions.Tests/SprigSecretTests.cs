namespace K8sConsul.Template.Functions.Tests;

/// <summary>Passwords, ciphers and spans. What Sprig itself answers is recorded in K8sConsul.Helm.Tests.</summary>
public sealed class SprigSecretTests
{
    [Fact]
    public void Bcrypt_can_be_verified()
    {
        string hash = Sample.Run("{{ bcrypt \"secret\" }}", Sample.Sprig);
        Assert.Equal(60, hash.Length);
        Assert.True(BCrypt.Net.BCrypt.Verify("secret", hash));
        Assert.False(BCrypt.Net.BCrypt.Verify("other", hash));
        string[] line = Sample.Run("{{ htpasswd \"me\" \"secret\" }}", Sample.Sprig).Split(':');
        Assert.Equal("me", line[0]);
        Assert.True(BCrypt.Net.BCrypt.Verify("secret", line[1]));
    }

    [Theory]
    [InlineData("{{ htpasswd \"a:b\" \"x\" }}", "invalid username: a:b")]
    [InlineData("{{ bcrypt (repeat 73 \"x\") }}", "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes")]
    [InlineData("{{ encryptAES \"key\" \"a\" | decryptAES \"key\" }}{{ encryptAES \"\" (repeat 50 \"é\") | decryptAES \"\" | len }}", "a100")]
    [InlineData("{{ decryptAES \"secretkey\" \"30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ=\" }}", "plaintext")]
    [InlineData("{{ decryptAES \"k\" \"AAAA\" }}", "! error calling decryptAES: what is enciphered consists of a vector and of blocks of 16 bytes")]
    [InlineData("{{ decryptAES \"k\" \"?\" }}", "! error calling decryptAES: illegal base64 data at input byte 0")]
    [InlineData("{{ derivePassword 1 \"long\" \"password\" \"user\" \"example.com\" }}", "ZedaFaxcZaso9*")]
    [InlineData("{{ durationRound \"2h3m\" }} {{ durationRound \"100h\" }} {{ durationRound \"1500ms\" }} {{ durationRound 95 }}", "2h 4d 1s 0s")]
    [InlineData("{{ now | dateModify \"-50h\" | durationRound }} {{ durationRound (int64 -9223372036854775807) }}", "2d 292y")]
    public void Secrets_and_spans(string template, string expected) => Assert.Equal(expected, Sample.Run(template, Sample.Sprig));

    [Fact]
    public void Hosts_are_asked_of_the_host()
    {
        TemplateFunctions functions = new TemplateFunctions().AddSprig(new FunctionHost { HostByName = name => name == "a" ? "10.0.0.1" : null });
        Assert.Equal("10.0.0.1|", Sample.Run("{{ getHostByName \"a\" }}|{{ getHostByName \"b\" }}", functions));
        Assert.DoesNotContain("getHostByName", Sample.Sprig.Names);
        Assert.DoesNotContain("bcrypt", functions.Names);
    }
}
