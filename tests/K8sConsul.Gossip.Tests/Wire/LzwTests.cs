using System.Security.Cryptography;
using System.Text.Json.Nodes;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip.Tests.Wire;

public sealed class LzwTests
{
    public static TheoryData<string> Vectors() => [.. TestFiles.Vectors("vectors/lzw.jsonl").Select(v => v.Name())];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Compressor_writes_the_bytes_of_Gos(string name)
    {
        JsonObject vector = TestFiles.Vectors("vectors/lzw.jsonl").Single(v => v.Name() == name);
        byte[] plain = Plain(vector);

        byte[] packed = Lzw.Compress(plain);

        if (vector.ContainsKey("hex"))
        {
            Assert.Equal(vector["hex"]!.GetValue<string>(), Convert.ToHexStringLower(packed));
        }
        else
        {
            Assert.Equal(vector["compressed_len"]!.GetValue<int>(), packed.Length);
            Assert.Equal(vector["compressed_sha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(packed)));
        }

        Assert.Equal(plain, Lzw.Decompress(packed, Math.Max(1, plain.Length)));
    }

    /// <summary>Sizes around every change of the code width and of the full table, on data that compresses well and badly.</summary>
    [Fact]
    public void Decompressor_undoes_the_compressor_for_all_kinds_of_data()
    {
        var random = new SeededRandom(7);
        for (int round = 0; round < 300; round++)
        {
            int alphabet = 1 << random.Next(9);
            var plain = new byte[random.Next(round % 10 == 0 ? 40_000 : 3_000)];
            for (int i = 0; i < plain.Length; i++)
            {
                plain[i] = (byte)random.Next(alphabet);
            }

            Assert.Equal(plain, Lzw.Decompress(Lzw.Compress(plain), Math.Max(1, plain.Length)));
        }
    }

    [Fact]
    public void Output_beyond_the_limit_is_refused()
    {
        byte[] packed = Lzw.Compress(new byte[100_000]);

        Assert.Throws<GossipFormatException>(() => Lzw.Decompress(packed, 99_999));
        Assert.Equal(100_000, Lzw.Decompress(packed, 100_000).Length);
    }

    [Fact]
    public void Missing_clear_code_at_the_beginning_is_accepted()
    {
        // Literal 'a' and the end code, nine bits each.
        byte[] packed = [0x61, 0x02, 0x02];

        Assert.Equal("a"u8.ToArray(), Lzw.Decompress(packed, 10));
    }

    [Fact]
    public void Data_cut_at_any_position_is_refused()
    {
        byte[] packed = Lzw.Compress("TOBEORNOTTOBEORTOBEORNOT"u8);
        for (int length = 0; length < packed.Length; length++)
        {
            Assert.Throws<GossipFormatException>(() => Lzw.Decompress(packed.AsSpan(0, length), 1_000));
        }
    }

    [Fact]
    public void Random_codes_never_do_more_than_be_refused()
    {
        var random = new SeededRandom(11);
        for (int round = 0; round < 3_000; round++)
        {
            var packed = new byte[random.Next(200)];
            for (int i = 0; i < packed.Length; i++)
            {
                packed[i] = (byte)random.Next(256);
            }

            try
            {
                Assert.InRange(Lzw.Decompress(packed, 10_000).Length, 0, 10_000);
            }
            catch (GossipFormatException)
            {
                // Refused, which is the other allowed outcome.
            }
        }
    }

    private static byte[] Plain(JsonObject vector)
    {
        if (vector.ContainsKey("plain_hex"))
        {
            return vector.Hex("plain_hex");
        }

        // Named lcg_seed<seed>_n<count>_mod<modulus>.
        string[] parts = vector.Name().Split('_');
        uint x = uint.Parse(parts[1]["seed".Length..]);
        int modulus = int.Parse(parts[3]["mod".Length..]);
        var plain = new byte[int.Parse(parts[2]["n".Length..])];
        for (int i = 0; i < plain.Length; i++)
        {
            x = unchecked((x * 1664525) + 1013904223);
            plain[i] = (byte)((x >> 24) % modulus);
        }

        Assert.Equal(vector["plain_sha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(plain)));
        return plain;
    }
}
