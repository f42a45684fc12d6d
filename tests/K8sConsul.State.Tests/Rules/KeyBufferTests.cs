using System.Text;

namespace K8sConsul.State.Tests.Rules;

public sealed class KeyBufferTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Web-1")]
    [InlineData("ÄÖÜ-Straße")]
    [InlineData("İstanbul")]
    [InlineData("ascii then É")]
    [InlineData("😀 Ωmega")]
    [InlineData("K")]
    public void Folding_is_invariant_lower_case_in_UTF8(string part)
    {
        byte[] expected = Encoding.UTF8.GetBytes(part.ToLowerInvariant());
        Assert.Equal(expected, StateKeys.Folded(part));
        Assert.Equal([.. expected, 0], StateKeys.FoldedPrefix(part));
        Assert.Equal([.. expected, 0, (byte)'b', 0, .. expected], StateKeys.Folded(part, "B", part));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(85)]
    [InlineData(86)]
    [InlineData(256)]
    [InlineData(5_000)]
    public void A_key_may_outgrow_its_buffer(int length)
    {
        string part = new('X', length);
        string wide = new('É', length);
        Assert.Equal(
            Encoding.UTF8.GetBytes(part.ToLowerInvariant() + "\0" + wide.ToLowerInvariant() + "\0" + part.ToLowerInvariant()),
            StateKeys.Folded(part, wide, part));
    }

    [Fact]
    public void A_key_goes_on_from_where_it_was_cut()
    {
        using var key = new KeyBuffer(stackalloc byte[8]);
        key.AppendFolded("Node");
        key.EndPart();
        int node = key.Length;
        key.AppendExact("Service-With-A-Long-Name");
        key.Truncate(node);
        key.AppendExact("X");
        Assert.Equal("node\0X"u8, key.Bytes);
    }

    [Fact]
    public void A_name_is_no_prefix_of_a_longer_one() =>
        Assert.False(StateKeys.Folded("web-admin", "n").AsSpan().StartsWith(StateKeys.FoldedPrefix("web")));
}
