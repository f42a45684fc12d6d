using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using K8sConsul.Contracts.Model;
using K8sConsul.Contracts.Snapshot;

namespace K8sConsul.Contracts.Tests.Snapshot;

public sealed class SnapshotArchiveTests
{
    private static readonly DateTimeOffset _modified = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(200_000)]
    public async Task What_is_written_is_read(int size)
    {
        byte[] state = RandomNumberGenerator.GetBytes(size);
        byte[] archive = await WriteAsync(state);
        using var unpacked = new MemoryStream();
        SnapshotMeta? meta = SnapshotArchive.TryRead(new Trickle(archive), unpacked, stateBytesMax: size, out string error);
        Assert.Equal(string.Empty, error);
        Assert.Equal(state, unpacked.ToArray());
        Assert.Equal("2-140-1795171875841", meta!.ID);
        Assert.Equal(140u, meta.Index);
        Assert.Equal("a", Assert.Single(meta.Configuration.Servers!).ID);
        Assert.Equal([1, 2, 3], meta.Peers);
    }

    [Fact]
    public void An_archive_of_HashiCorp_s_Consul_is_read()
    {
        using var state = new MemoryStream();
        SnapshotMeta? meta = SnapshotArchive.TryRead(new MemoryStream(Recorded()), state, long.MaxValue, out string error);
        Assert.Equal(string.Empty, error);
        Assert.Equal(1, meta!.Version);
        Assert.Equal(state.Length, meta.Size);
        Assert.StartsWith($"{meta.Term}-{meta.Index}-", meta.ID, StringComparison.Ordinal);
        Assert.Single(meta.Configuration.Servers!);
    }

    [Fact]
    public void An_archive_cut_anywhere_is_refused()
    {
        byte[] archive = Recorded();
        for (int length = 0; length < archive.Length; length++)
        {
            SnapshotMeta? meta = SnapshotArchive.TryVerify(new MemoryStream(archive, 0, length), out string error);
            Assert.True(meta is null, $"accepted when cut at {length}");
            Assert.Contains("EOF", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_flipped_bit_is_refused_unless_it_changes_nothing()
    {
        byte[] archive = Recorded();
        byte[] tar = Unpack(archive);
        var random = new Random(11);
        for (int at = 10; at < archive.Length; at++)
        {
            byte[] damaged = [.. archive];
            damaged[at] ^= (byte)(1 << random.Next(8));

            // Deflate fills up some bytes with bits that nobody reads.
            bool accepted = SnapshotArchive.TryVerify(new MemoryStream(damaged), out _) is not null;
            Assert.True(!accepted || tar.AsSpan().SequenceEqual(Unpack(damaged)), $"accepted with byte {at} damaged");
        }
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        var random = new Random(12);
        for (int round = 0; round < 5_000; round++)
        {
            byte[] noise = new byte[random.Next(600)];
            random.NextBytes(noise);
            if (round % 2 == 0 && noise.Length > 3)
            {
                (noise[0], noise[1], noise[2]) = (0x1f, 0x8b, 8);
            }

            Assert.Null(SnapshotArchive.TryVerify(new MemoryStream(noise), out string error));
            Assert.NotEqual(string.Empty, error);
        }
    }

    [Fact]
    public void Random_tar_within_gzip_is_refused()
    {
        var random = new Random(13);
        byte[] tar = Unpack(Recorded());
        for (int round = 0; round < 2_000; round++)
        {
            byte[] damaged = [.. tar];
            int start = random.Next(damaged.Length);
            random.NextBytes(damaged.AsSpan(start, Math.Min(random.Next(1, 64), damaged.Length - start)));
            SnapshotMeta? meta = SnapshotArchive.TryVerify(new MemoryStream(Pack(damaged)), out _);
            Assert.True(meta is null || tar.AsSpan().SequenceEqual(damaged) || OnlyHeaderTimesOrTrailerDiffer(tar, damaged), $"accepted in round {round}");
        }
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "empty", "failed to decompress snapshot: EOF" },
        { "short", "failed to decompress snapshot: unexpected EOF" },
        { "no gzip", "failed to decompress snapshot: gzip: invalid header" },
        { "no tar", "failed to read snapshot file: failed reading snapshot: archive/tar: invalid tar header" },
        { "nothing in it", "failed to read snapshot file: failed checking integrity of snapshot: file missing for \"meta.json\"" },
        { "stranger", "failed to read snapshot file: unexpected file \"evil.sh\" in snapshot" },
        { "link", "failed to read snapshot file: failed reading snapshot: unexpected type '2' of an archive member" },
        { "wrong sum", "failed to read snapshot file: failed checking integrity of snapshot: hash check failed for \"state.bin\"" },
        { "sum of a stranger", "failed to read snapshot file: failed checking integrity of snapshot: list missing hash for \"other\"" },
        { "sum missing", "failed to read snapshot file: failed checking integrity of snapshot: file missing for \"state.bin\"" },
        { "no meta", "failed to read snapshot file: failed checking integrity of snapshot: list missing hash for \"meta.json\"" },
        { "bad meta", "failed to read snapshot file: failed to decode snapshot metadata: " },
        { "wrong size", "failed to read snapshot file: failed checking integrity of snapshot: \"state.bin\" has 5 bytes and not the 6 of \"meta.json\"" },
        { "huge meta", "failed to read snapshot file: failed to read snapshot metadata: 4294967296 bytes, more than the 1048576 allowed" },
        { "huge sums", "failed to read snapshot file: failed to read snapshot hashes: 4294967296 bytes, more than the 65536 allowed" },
        { "huge state", "failed to read snapshot file: failed to read or write snapshot data: 4294967296 bytes, more than the 1000 allowed" },
        { "endless trailer", "failed to read snapshot file: failed reading snapshot: more than 65536 bytes behind the last member" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_bad_archive_is_refused_in_Consul_s_words(string what, string expected)
    {
        using var state = new MemoryStream();
        Assert.Null(SnapshotArchive.TryRead(new MemoryStream(BadArchive(what)), state, stateBytesMax: 1000, out string error));
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
        Assert.True(state.Length <= 1000);
    }

    [Fact]
    public void A_bomb_is_refused_before_it_is_unpacked()
    {
        // A gigabyte of zeros in a megabyte of gzip, announced honestly: the announcement is enough.
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Header("state.bin", 1L << 30));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++)
            {
                gzip.Write(zeros);
            }
        }

        packed.Position = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(SnapshotArchive.TryRead(packed, Stream.Null, stateBytesMax: 1 << 20, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task A_state_of_another_length_than_announced_fails_the_writer(long announced)
    {
        SnapshotMeta meta = Meta(announced);
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await SnapshotArchiveWriter.WriteAsync(new MemoryStream(), meta, new MemoryStream(new byte[5]), _modified, CancellationToken.None));
    }

    [Fact]
    public async Task The_writer_s_headers_are_those_of_HashiCorp_s_archives()
    {
        byte[] real = Unpack(Recorded())[..512];
        byte[] ours = Unpack(await WriteAsync([1, 2, 3]))[..512];

        // Size, time and with them the checksum are each archive's own.
        foreach ((int start, int end) in new[] { (0, 124), (156, 512) })
        {
            Assert.Equal(Convert.ToHexString(real[start..end]), Convert.ToHexString(ours[start..end]));
        }
    }

    [Fact]
    public async Task HashiCorp_s_Consul_accepts_what_the_writer_wrote()
    {
        string program = RealConsulProgram.Locate();
        string file = Path.GetTempFileName();
        try
        {
            byte[] state = RandomNumberGenerator.GetBytes(100_000);
            await File.WriteAllBytesAsync(file, await WriteAsync(state));
            using Process process = Process.Start(new ProcessStartInfo(program, ["snapshot", "inspect", file]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            string error = await process.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal(string.Empty, error);
            Assert.Equal(0, process.ExitCode);
            Assert.Equal("ID           2-140-1795171875841\nSize         100000\nIndex        140\nTerm         2\nVersion      1\n\n", output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static byte[] Recorded()
    {
        return Testfile.Read("consul-1.8.7.snap");
    }

    private static SnapshotMeta Meta(long size)
    {
        return new SnapshotMeta
        {
            ID = "2-140-1795171875841",
            Index = 140,
            Term = 2,
            Peers = [1, 2, 3],
            Configuration = new SnapshotRaftConfiguration { Servers = [new SnapshotRaftServer { ID = "a", Address = "127.0.0.1:8300" }] },
            ConfigurationIndex = 1,
            Size = size,
        };
    }

    private static async Task<byte[]> WriteAsync(byte[] state)
    {
        using var archive = new MemoryStream();
        await SnapshotArchiveWriter.WriteAsync(archive, Meta(state.Length), new MemoryStream(state), _modified, CancellationToken.None);
        return archive.ToArray();
    }

    private static byte[] BadArchive(string what)
    {
        byte[] meta = Encoding.UTF8.GetBytes("{\"Version\":1,\"ID\":\"1-2-3\",\"Index\":2,\"Term\":1,\"Peers\":null,\"Configuration\":{\"Servers\":null},\"ConfigurationIndex\":1,\"Size\":5}");
        byte[] state = Encoding.UTF8.GetBytes("state");
        string metaSum = Convert.ToHexStringLower(SHA256.HashData(meta));
        string stateSum = Convert.ToHexStringLower(SHA256.HashData(state));
        return what switch
        {
            "empty" => [],
            "short" => [0x1f, 0x8b, 8],
            "no gzip" => Encoding.ASCII.GetBytes("{\"service\":{}}"),
            "no tar" => Pack(Encoding.ASCII.GetBytes(new string('x', 2000))),
            "nothing in it" => Pack(new byte[1024]),
            "stranger" => Pack(Tar(("evil.sh", state))),
            "link" => Pack(WithType(Tar(("state.bin", [])), '2')),
            "wrong sum" => Pack(Tar(("meta.json", meta), ("state.bin", state), ("SHA256SUMS", Sums($"{metaSum}  meta.json\n{metaSum}  state.bin\n")))),
            "sum of a stranger" => Pack(Tar(("meta.json", meta), ("state.bin", state), ("SHA256SUMS", Sums($"{metaSum}  other\n")))),
            "sum missing" => Pack(Tar(("meta.json", meta), ("state.bin", state), ("SHA256SUMS", Sums($"{metaSum}  meta.json\n")))),
            "no meta" => Pack(Tar(("state.bin", state), ("SHA256SUMS", Sums($"{metaSum}  meta.json\n{stateSum}  state.bin\n")))),
            "bad meta" => Pack(Tar(("meta.json", state))),
            "wrong size" => Pack(WithSize(6)),
            "huge meta" => Pack(Header("meta.json", 1L << 32)),
            "huge sums" => Pack(Header("SHA256SUMS", 1L << 32)),
            "huge state" => Pack(Header("state.bin", 1L << 32)),
            "endless trailer" => Pack([.. Tar(("meta.json", meta), ("state.bin", state), ("SHA256SUMS", Sums($"{metaSum}  meta.json\n{stateSum}  state.bin\n"))), .. new byte[100_000]]),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        byte[] WithSize(int size)
        {
            byte[] lying = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(meta).Replace("\"Size\":5", $"\"Size\":{size}"));
            string sum = Convert.ToHexStringLower(SHA256.HashData(lying));
            return Tar(("meta.json", lying), ("state.bin", state), ("SHA256SUMS", Sums($"{sum}  meta.json\n{stateSum}  state.bin\n")));
        }
    }

    private static byte[] Sums(string text)
    {
        return Encoding.ASCII.GetBytes(text);
    }

    private static byte[] Header(string name, long size)
    {
        byte[] block = new byte[512];
        new TarHeader(name, size).Write(block, _modified);
        return block;
    }

    private static byte[] Tar(params (string Name, byte[] Content)[] members)
    {
        using var tar = new MemoryStream();
        foreach ((string name, byte[] content) in members)
        {
            tar.Write(Header(name, content.Length));
            tar.Write(content);
            tar.Write(new byte[TarHeader.PaddingOf(content.Length)]);
        }

        tar.Write(new byte[1024]);
        return tar.ToArray();
    }

    private static byte[] WithType(byte[] tar, char type)
    {
        int sum = Convert.ToInt32(Encoding.ASCII.GetString(tar, 148, 6), 8) + type - tar[156];
        tar[156] = (byte)type;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0')).CopyTo(tar, 148);
        return tar;
    }

    private static byte[] Pack(byte[] tar)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar);
        }

        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] archive)
    {
        using var gzip = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
        using var tar = new MemoryStream();
        gzip.CopyTo(tar);
        return tar.ToArray();
    }

    /// <summary>Zeros behind the last member and padding hold nothing, so damage there is none.</summary>
    private static bool OnlyHeaderTimesOrTrailerDiffer(byte[] tar, byte[] damaged)
    {
        int at = 0;
        while (at + 512 <= tar.Length && tar.AsSpan(at, 512).ContainsAnyExcept((byte)0))
        {
            long size = TarHeader.Read(tar.AsSpan(at, 512)).Size;
            int end = at + 512 + (int)size;
            if (!tar.AsSpan(at, end - at).SequenceEqual(damaged.AsSpan(at, end - at)))
            {
                return false;
            }

            at = end + TarHeader.PaddingOf(size);
        }

        return true;
    }

    /// <summary>Gives a byte or a few at a time.</summary>
    private sealed class Trickle(byte[] content) : MemoryStream(content)
    {
        private int _next;

        /// <summary>MemoryStream reads spans of derived types through this one too.</summary>
        public override int Read(byte[] buffer, int offset, int count)
        {
            _next = (_next % 7) + 1;
            return base.Read(buffer, offset, Math.Min(count, _next));
        }
    }
}
