using System.Buffers;

namespace K8sConsul.MessagePack.Tests;

public sealed class MsgPackTests
{
    private delegate void Write(MsgPackWriter writer);

    private static string Hex(Write write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(new MsgPackWriter(buffer));
        return Convert.ToHexStringLower(buffer.WrittenSpan);
    }

    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(127UL, "7f")]
    [InlineData(128UL, "cc80")]
    [InlineData(255UL, "ccff")]
    [InlineData(256UL, "cd0100")]
    [InlineData(65536UL, "ce00010000")]
    [InlineData(4294967296UL, "cf0000000100000000")]
    [InlineData(ulong.MaxValue, "cfffffffffffffffff")]
    public void Unsigned_integers_take_the_shortest_form(ulong value, string expected)
    {
        Assert.Equal(expected, Hex(w => w.WriteUInt(value)));
        Assert.Equal(value, new MsgPackReader(Convert.FromHexString(expected)).ReadUInt());
    }

    [Theory]
    [InlineData(-1L, "ff")]
    [InlineData(-32L, "e0")]
    [InlineData(-33L, "d0df")]
    [InlineData(-129L, "d1ff7f")]
    [InlineData(-32769L, "d2ffff7fff")]
    [InlineData(long.MinValue, "d38000000000000000")]
    public void Negative_integers_take_the_shortest_form(long value, string expected)
    {
        Assert.Equal(expected, Hex(w => w.WriteInt(value)));
        Assert.Equal(value, new MsgPackReader(Convert.FromHexString(expected)).ReadInt());
    }

    [Theory]
    [InlineData(0, "a0")]
    [InlineData(31, "bf")]
    [InlineData(32, "da0020")]
    [InlineData(65535, "daffff")]
    [InlineData(65536, "db00010000")]
    public void Text_uses_the_raw_family_only(int length, string header)
    {
        string text = new('x', length);
        string hex = Hex(w => w.WriteText(text));
        Assert.StartsWith(header, hex, StringComparison.Ordinal);
        Assert.Equal(text, new MsgPackReader(Convert.FromHexString(hex)).ReadText());
    }

    [Fact]
    public void Bin_is_refused_for_text_and_accepted_for_bytes()
    {
        byte[] bin = [0xc4, 0x02, (byte)'p', (byte)'1'];
        Assert.Throws<MsgPackFormatException>(() => new MsgPackReader(bin).ReadText());
        Assert.Equal("p1"u8.ToArray(), new MsgPackReader(bin).ReadBytes());
    }

    [Fact]
    public void Nil_reads_as_the_zero_value_of_any_field()
    {
        byte[] nil = [0xc0];
        Assert.Equal(0UL, new MsgPackReader(nil).ReadUInt());
        Assert.Equal(string.Empty, new MsgPackReader(nil).ReadText());
        Assert.Null(new MsgPackReader(nil).ReadBytes());
        Assert.Equal(0, new MsgPackReader(nil).ReadListHeader());
        Assert.False(new MsgPackReader(nil).ReadBool());
    }

    [Fact]
    public void A_count_larger_than_the_input_is_refused_before_anything_is_allocated()
    {
        Assert.Throws<MsgPackFormatException>(() => new MsgPackReader([0xdd, 0xff, 0xff, 0xff, 0xff]).ReadListHeader());
        Assert.Throws<MsgPackFormatException>(() => new MsgPackReader([0xdb, 0xff, 0xff, 0xff, 0xff]).ReadText());
    }

    [Fact]
    public void Skip_refuses_bottomless_nesting()
    {
        byte[] nested = new byte[1000];
        Array.Fill(nested, (byte)0x91);
        Assert.Throws<MsgPackFormatException>(() =>
        {
            var reader = new MsgPackReader(nested);
            reader.Skip();
        });
    }

    /// <summary>Random input never reads past its end and never fails in another way than by <see cref="MsgPackFormatException"/>.</summary>
    [Fact]
    public void Skip_survives_random_input()
    {
        var random = new Random(1);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] input = new byte[random.Next(0, 40)];
            random.NextBytes(input);
            try
            {
                var reader = new MsgPackReader(input);
                reader.Skip();
                Assert.InRange(reader.Position, 1, input.Length);
            }
            catch (MsgPackFormatException)
            {
                // Refused, which is the other legal outcome.
            }
        }
    }
}
