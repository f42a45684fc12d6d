using System.Text;

namespace K8sConsul.Contracts.Snapshot;

/// <summary>One 512-byte header of the ustar format, as far as snapshot archives use it: plain files with short names.</summary>
/// <remarks>By hand rather than by System.Formats.Tar, which allocates what an extended header asks for.</remarks>
internal readonly record struct TarHeader(string Name, long Size)
{
    public const int BlockBytes = 512;

    /// <summary>Eleven octal digits.</summary>
    public const long SizeMax = 0x1_FFFF_FFFF;

    private const int NameBytes = 100;
    private const int ModeAt = 100;
    private const int OwnerAt = 108;
    private const int GroupAt = 116;
    private const int SizeAt = 124;
    private const int TimeAt = 136;
    private const int SumAt = 148;
    private const int TypeAt = 156;
    private const int MagicAt = 257;
    private const int VersionAt = 263;
    private const int DeviceMajorAt = 329;
    private const int DeviceMinorAt = 337;

    /// <summary>Zeros from the end of a member to the next block.</summary>
    public static int PaddingOf(long size)
    {
        return (int)(-size & (BlockBytes - 1));
    }

    /// <exception cref="InvalidDataException">It is no header, or one of a kind that snapshots do not have.</exception>
    public static TarHeader Read(ReadOnlySpan<byte> block)
    {
        if (OctalAt(block, SumAt, 8) != SumOf(block))
        {
            throw new InvalidDataException("archive/tar: invalid tar header");
        }

        // Old archivers write a zero byte for a plain file.
        if (block[TypeAt] is not ((byte)'0' or 0))
        {
            throw new InvalidDataException($"unexpected type '{(char)block[TypeAt]}' of an archive member");
        }

        int length = block[..NameBytes].IndexOf((byte)0);
        string name = Encoding.UTF8.GetString(block[..(length < 0 ? NameBytes : length)]);
        return new TarHeader(name, OctalAt(block, SizeAt, 12));
    }

    /// <param name="block">Zeroed.</param>
    /// <param name="modified">Seconds are kept.</param>
    public void Write(Span<byte> block, DateTimeOffset modified)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Size, SizeMax);
        Encoding.ASCII.GetBytes(Name, block[..NameBytes]);
        PutOctal(block, ModeAt, 8, 0b110_000_000);
        PutOctal(block, OwnerAt, 8, 0);
        PutOctal(block, GroupAt, 8, 0);
        PutOctal(block, SizeAt, 12, Size);
        PutOctal(block, TimeAt, 12, Math.Max(0, modified.ToUnixTimeSeconds()));
        block[TypeAt] = (byte)'0';
        "ustar\0"u8.CopyTo(block[MagicAt..]);
        "00"u8.CopyTo(block[VersionAt..]);
        PutOctal(block, DeviceMajorAt, 8, 0);
        PutOctal(block, DeviceMinorAt, 8, 0);
        PutOctal(block, SumAt, 7, SumOf(block));
        block[SumAt + 7] = (byte)' ';
    }

    /// <summary>The sum of all bytes, its own field taken as blanks.</summary>
    private static long SumOf(ReadOnlySpan<byte> block)
    {
        long sum = 0;
        for (int i = 0; i < BlockBytes; i++)
        {
            sum += i is >= SumAt and < SumAt + 8 ? ' ' : block[i];
        }

        return sum;
    }

    private static long OctalAt(ReadOnlySpan<byte> block, int at, int length)
    {
        ReadOnlySpan<byte> field = block.Slice(at, length).Trim(" \0"u8);
        long value = 0;
        foreach (byte digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                throw new InvalidDataException("archive/tar: invalid tar header");
            }

            value = (value << 3) | (long)(digit - '0');
        }

        return value;
    }

    private static void PutOctal(Span<byte> block, int at, int length, long value)
    {
        string digits = Convert.ToString(value, 8).PadLeft(length - 1, '0');
        Encoding.ASCII.GetBytes(digits, block.Slice(at, length - 1));
    }
}
