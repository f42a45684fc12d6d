using System.Text;

namespace K8sConsul.Dns.Tests;

public sealed class DomainNameTests
{
    [Theory]
    [InlineData("foo.node.consul.", "03666f6f046e6f646506636f6e73756c00")]
    [InlineData("foo.node.consul", "03666f6f046e6f646506636f6e73756c00")]
    [InlineData("Foo.", "03466f6f00")]
    [InlineData(".", "00")]
    [InlineData(@"a\.b.c", "03612e62016300")]
    [InlineData(@"a\\b", "03615c6200")]
    [InlineData(@"\065\000", "02410000")]
    [InlineData("ü", "02c3bc00")]
    [InlineData("_db._tcp", "035f6462045f74637000")]
    public void Text_and_wire_are_two_forms_of_one_name(string text, string wire)
    {
        DomainName name = DomainName.Parse(text);
        Assert.Equal(wire, Hex.Of(name.Wire));
        Assert.Equal(wire, Hex.Of(DomainName.Parse(name.ToString()).Wire));
        Assert.Equal(name, DomainName.FromWire(Hex.Bytes(wire)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a..")]
    [InlineData(@"a\")]
    [InlineData(@"\25")]
    [InlineData(@"\256")]
    [InlineData(@"\1x3")]
    public void Text_that_is_no_name_is_refused(string text) => Assert.False(DomainName.TryParse(text, out _));

    [Fact]
    public void Labels_hold_63_octets_and_names_255()
    {
        string label = new('x', 63);
        Assert.True(DomainName.TryParse(label, out _));
        Assert.False(DomainName.TryParse(label + "x", out _));

        // Three labels of 63 and one of 61, with their lengths and the root: 3 * 64 + 62 + 1 = 255 octets.
        string longest = $"{label}.{label}.{label}.{new string('y', 61)}";
        Assert.True(DomainName.TryParse(longest, out DomainName? name));
        Assert.Equal(255, name.Wire.Length);
        Assert.True(DomainName.TryParse(longest + ".", out _));
        Assert.False(DomainName.TryParse(longest + "y", out _));
        Assert.False(DomainName.TryParse(longest + "y.", out _));
        Assert.False(DomainName.TryParse("z." + longest, out _));
        Assert.False(DomainName.TryParse(new string('x', 10_000), out _));

        string shortLabels = string.Concat(Enumerable.Repeat("a.", DnsLimits.LabelsMax));
        Assert.Equal(DnsLimits.LabelsMax, DomainName.Parse(shortLabels).LabelCount);
        Assert.False(DomainName.TryParse(shortLabels + "a", out _));
    }

    [Fact]
    public void Names_compare_without_regard_to_case_and_keep_theirs()
    {
        DomainName mixed = DomainName.Parse("FoO.NODE.consul");
        DomainName lower = DomainName.Parse("foo.node.consul");
        Assert.Equal(lower, mixed);
        Assert.Equal(lower.GetHashCode(), mixed.GetHashCode());
        Assert.Equal("FoO.NODE.consul.", mixed.ToString());
        Assert.NotEqual(DomainName.Parse("fo0.node.consul"), lower);

        // [ and {, @ and ` differ by the bit that tells letters' case, but are not letters.
        Assert.NotEqual(DomainName.Parse("a["), DomainName.Parse("a{"));
    }

    [Theory]
    [InlineData("Ab C", true, @"ab\ c")]
    [InlineData("x'@;()\".", false, @"x\'\@\;\(\)\""\.")]
    [InlineData("ü\u0001\u007f", true, @"\195\188\001\127")]
    public void Labels_show_what_is_special_escaped(string octets, bool lower, string text)
        => Assert.Equal(text, DomainName.LabelText(Encoding.UTF8.GetBytes(octets), lower));

    [Fact]
    public void Random_text_is_refused_or_survives_a_round_trip()
    {
        var random = new Random(7);
        const string Alphabet = @"ab.\0259 ü";
        int accepted = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            if (DomainName.TryParse(text, out DomainName? name))
            {
                accepted++;
                Assert.Equal(Hex.Of(name.Wire), Hex.Of(DomainName.Parse(name.ToString()).Wire));
            }
        }

        Assert.True(accepted > 1000);
    }
}
