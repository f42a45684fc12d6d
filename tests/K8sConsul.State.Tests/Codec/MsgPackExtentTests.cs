using K8sConsul.MessagePack;
using K8sConsul.State.Snapshots;
using K8sConsul.State.Tests.Support;

namespace K8sConsul.State.Tests.Codec;

public sealed class MsgPackExtentTests
{
    [Theory]
    [InlineData("00")]
    [InlineData("7f")]
    [InlineData("ff")]
    [InlineData("c0")]
    [InlineData("c3")]
    [InlineData("cc80")]
    [InlineData("cd0100")]
    [InlineData("ce00010000")]
    [InlineData("cf0000000100000000")]
    [InlineData("d080")]
    [InlineData("d18000")]
    [InlineData("d280000000")]
    [InlineData("d38000000000000000")]
    [InlineData("ca00000000")]
    [InlineData("cb0000000000000000")]
    [InlineData("a0")]
    [InlineData("a3616263")]
    [InlineData("d903616263")]
    [InlineData("da0003616263")]
    [InlineData("db00000003616263")]
    [InlineData("c403616263")]
    [InlineData("c50003616263")]
    [InlineData("c600000003616263")]
    [InlineData("90")]
    [InlineData("9201a161")]
    [InlineData("dc0002c0c0")]
    [InlineData("dd00000002c0c0")]
    [InlineData("80")]
    [InlineData("82a16101a16292c0c0")]
    [InlineData("de0001a16101")]
    [InlineData("df00000001a16101")]
    [InlineData("d401aa")]
    [InlineData("d501aaaa")]
    [InlineData("d801aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("c70201aaaa")]
    [InlineData("c8000201aaaa")]
    [InlineData("c90000000201aaaa")]
    public void A_value_ends_where_its_last_byte_is(string hex)
    {
        byte[] value = Convert.FromHexString(hex);
        Assert.True(MsgPackExtent.TryMeasure([.. value, 0xc0, 0xc1], out int length));
        Assert.Equal(value.Length, length);
        for (int cut = 0; cut < value.Length; cut++)
        {
            Assert.False(MsgPackExtent.TryMeasure(value.AsSpan(0, cut), out _));
        }
    }

    [Theory]
    [InlineData(71)]
    [InlineData(72)]
    public void What_the_reader_can_skip_is_measured_alike(ulong seed)
    {
        var random = new SeededRandom(seed);
        int skipped = 0;
        for (int i = 0; i < 100_000; i++)
        {
            byte[] input = random.Bytes(1 + random.Next(24));
            bool measured = MsgPackExtent.TryMeasure(input, out int length);
            if (SkippedLength(input) is { } expected)
            {
                skipped++;
                Assert.True(measured);
                Assert.Equal(expected, length);
            }
        }

        Assert.True(skipped > 1_000);
    }

    private static int? SkippedLength(byte[] input)
    {
        try
        {
            var reader = new MsgPackReader(input);
            reader.Skip();
            return reader.Position;
        }
        catch (MsgPackFormatException)
        {
            return null;
        }
    }
}
