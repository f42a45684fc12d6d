namespace K8sConsul.Dns.Tests;

public sealed class WireNameTests
{
    private static string? Read(byte[] message, int at, out int end)
    {
        end = at;
        return WireName.TryRead(message, ref end, new byte[DnsLimits.NameLengthMax], out ReadOnlySpan<byte> name)
            ? DomainName.FromWire(name).ToString()
            : null;
    }

    /// <summary>RFC 1035 §4.1.4: F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at 64, the root at 92.</summary>
    [Theory]
    [InlineData(20, "F.ISI.ARPA.", 32)]
    [InlineData(40, "FOO.F.ISI.ARPA.", 46)]
    [InlineData(64, "ARPA.", 66)]
    [InlineData(92, ".", 93)]
    public void Rfc_example_of_compression(int at, string name, int end)
    {
        byte[] message = new byte[93];
        Hex.Bytes("0146 03495349 0441525041 00").CopyTo(message, 20);
        Hex.Bytes("03464f4f c014").CopyTo(message, 40);
        Hex.Bytes("c01a").CopyTo(message, 64);
        Assert.Equal(name, Read(message, at, out int read));
        Assert.Equal(end, read);
    }

    [Theory]
    [InlineData("c000", 0)] // to itself
    [InlineData("c002c000", 0)] // in a circle
    [InlineData("0161c000", 0)] // a label more with each round
    [InlineData("c00a", 0)] // beyond the end
    [InlineData("c0", 0)] // half a pointer
    [InlineData("0361", 0)] // half a label
    [InlineData("0161", 0)] // no end
    [InlineData("4161", 0)] // label type 01
    [InlineData("8161", 0)] // label type 10
    [InlineData("", 0)]
    [InlineData("00", 1)]
    public void Names_that_do_not_end_are_refused(string hex, int at) => Assert.Null(Read(Hex.Bytes(hex), at, out _));

    [Fact]
    public void A_chain_of_pointers_is_followed_only_so_far()
    {
        // Pointer i leads to pointer i - 1, the first to a root.
        static byte[] Chain(int pointers)
        {
            var octets = new List<byte> { 0 };
            for (int i = 0; i < pointers; i++)
            {
                int target = i == 0 ? 0 : 1 + ((i - 1) * 2);
                octets.AddRange([(byte)(0xc0 | (target >> 8)), (byte)target]);
            }

            return [.. octets];
        }

        Assert.Equal(".", Read(Chain(DnsLimits.PointersMax), 1 + ((DnsLimits.PointersMax - 1) * 2), out _));
        Assert.Null(Read(Chain(DnsLimits.PointersMax + 1), 1 + (DnsLimits.PointersMax * 2), out _));
    }

    [Fact]
    public void A_name_that_pointers_make_too_long_is_refused()
    {
        // A label of 63 octets and its length before a name of 191 make 255, before one of 192 make 256.
        string label = "3f" + string.Concat(Enumerable.Repeat("61", 63));
        byte[] fits = Hex.Bytes(label + label + "3d" + string.Concat(Enumerable.Repeat("61", 61)) + "00" + label + "c000");
        byte[] tooLong = Hex.Bytes(label + label + "3e" + string.Concat(Enumerable.Repeat("61", 62)) + "00" + label + "c000");
        Assert.NotNull(Read(fits, 191, out _));
        Assert.Null(Read(tooLong, 192, out _));
    }

    [Fact]
    public void Random_octets_never_throw_nor_read_outside()
    {
        var random = new Random(3);
        byte[] message = new byte[64];
        byte[] choices = [0, 1, 2, 3, 5, 63, 64, 0x80, 0xc0, 0xc0, 0xc0, 0xc1, 0x61];
        for (int round = 0; round < 100_000; round++)
        {
            for (int i = 0; i < message.Length; i++)
            {
                message[i] = choices[random.Next(choices.Length)];
            }

            if (Read(message, random.Next(message.Length), out int end) is not null)
            {
                Assert.InRange(end, 1, message.Length);
            }
        }
    }
}
