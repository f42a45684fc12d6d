using System.Security.Cryptography;
using System.Text.Json;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Snapshot;

/// <summary>
/// The archive of <c>/v1/snapshot</c>: a gzip-compressed tar of <c>meta.json</c>, <c>state.bin</c> and <c>SHA256SUMS</c>.
/// Read as it streams, with nothing but meta data and sums held in memory; <see cref="SnapshotArchiveWriter"/> makes it.
/// </summary>
public static class SnapshotArchive
{
    internal const string MetaName = "meta.json";
    internal const string StateName = "state.bin";
    internal const string SumsName = "SHA256SUMS";

    /// <summary>Real ones have some hundred bytes per server.</summary>
    internal const int MetaBytesMax = 1024 * 1024;

    internal const int SumsBytesMax = 64 * 1024;

    /// <summary>Archivers fill up to their record size, 10 KiB by default.</summary>
    private const int TrailerBytesMax = 64 * 1024;

    private const int CopyBufferBytes = 64 * 1024;

    internal static string[] SummedMembers { get; } = [MetaName, StateName];

    /// <summary>Reads to the end and checks the sums.</summary>
    /// <param name="archive">At its beginning; not disposed.</param>
    /// <param name="state">Gets <c>state.bin</c>, which is worth nothing when the result is null; null to only verify.</param>
    /// <param name="stateBytesMax">A state that says or turns out to be longer is refused before it is written.</param>
    /// <param name="error">Consul's text for what is wrong; empty when nothing is.</param>
    /// <exception cref="IOException">The archive could not be read, or the state not written.</exception>
    public static SnapshotMeta? TryRead(Stream archive, Stream? state, long stateBytesMax, out string error)
    {
        error = string.Empty;
        try
        {
            using GzipInput? unpacked = GzipInput.TryOpen(archive, out error);
            if (unpacked is null)
            {
                error = $"failed to decompress snapshot: {error}";
                return null;
            }

            return ReadMembers(unpacked, state ?? Stream.Null, stateBytesMax);
        }
        catch (SnapshotRefusedException refused)
        {
            error = $"failed to read snapshot file: {refused.Message}";
            return null;
        }
    }

    /// <summary>Only checks.</summary>
    /// <inheritdoc cref="TryRead"/>
    public static SnapshotMeta? TryVerify(Stream archive, out string error)
    {
        return TryRead(archive, state: null, TarHeader.SizeMax, out error);
    }

    private static SnapshotMeta ReadMembers(GzipInput archive, Stream state, long stateBytesMax)
    {
        SnapshotMeta? meta = null;
        long stateBytes = 0;
        byte[] sums = [];
        var digests = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (TryReadHeader(archive) is { } member)
        {
            switch (member.Name)
            {
                case MetaName:
                    byte[] json = ReadSmall(archive, member, MetaBytesMax, "failed to read snapshot metadata");
                    digests[MetaName] = SHA256.HashData(json);
                    meta = Decode(json);
                    break;
                case StateName:
                    stateBytes = member.Size;
                    digests[StateName] = CopyState(archive, member.Size, state, stateBytesMax);
                    break;
                case SumsName:
                    sums = ReadSmall(archive, member, SumsBytesMax, "failed to read snapshot hashes");
                    break;
                default:
                    throw new SnapshotRefusedException($"unexpected file \"{member.Name}\" in snapshot");
            }

            SkipPadding(archive, member.Size);
        }

        Drain(archive);
        string mismatch = SnapshotSums.Verify(sums, digests);
        if (mismatch.Length == 0 && meta!.Size != stateBytes)
        {
            mismatch = $"\"{StateName}\" has {stateBytes} bytes and not the {meta.Size} of \"{MetaName}\"";
        }

        return mismatch.Length == 0
            ? meta!
            : throw new SnapshotRefusedException($"failed checking integrity of snapshot: {mismatch}");
    }

    /// <summary>Reads the zeros behind the last member, and with them gzip's own checksum.</summary>
    private static void Drain(GzipInput archive)
    {
        const string Failed = "failed reading snapshot";
        byte[] rest = new byte[TrailerBytesMax + 1];
        if (archive.ReadUpTo(rest, Failed) > TrailerBytesMax)
        {
            throw new SnapshotRefusedException($"{Failed}: more than {TrailerBytesMax} bytes behind the last member");
        }
    }

    /// <summary>Null at the end: a block of zeros, or nothing more.</summary>
    private static TarHeader? TryReadHeader(GzipInput archive)
    {
        const string Failed = "failed reading snapshot";
        Span<byte> block = stackalloc byte[TarHeader.BlockBytes];
        int count = archive.ReadUpTo(block, Failed);
        if (count == 0 || (count == block.Length && !block.ContainsAnyExcept((byte)0)))
        {
            return null;
        }

        if (count < block.Length)
        {
            throw new SnapshotRefusedException($"{Failed}: unexpected EOF");
        }

        try
        {
            return TarHeader.Read(block);
        }
        catch (InvalidDataException failure)
        {
            throw new SnapshotRefusedException($"{Failed}: {failure.Message}");
        }
    }

    private static byte[] ReadSmall(GzipInput archive, TarHeader member, int bytesMax, string failed)
    {
        if (member.Size > bytesMax)
        {
            throw new SnapshotRefusedException($"{failed}: {member.Size} bytes, more than the {bytesMax} allowed");
        }

        byte[] content = new byte[member.Size];
        if (archive.ReadUpTo(content, failed) < content.Length)
        {
            throw new SnapshotRefusedException($"{failed}: unexpected EOF");
        }

        return content;
    }

    private static SnapshotMeta Decode(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, SnapshotJsonContext.Default.SnapshotMeta)
                ?? throw new SnapshotRefusedException("failed to decode snapshot metadata: null");
        }
        catch (JsonException failure)
        {
            throw new SnapshotRefusedException($"failed to decode snapshot metadata: {failure.Message}");
        }
    }

    private static byte[] CopyState(GzipInput archive, long size, Stream state, long stateBytesMax)
    {
        const string Failed = "failed to read or write snapshot data";
        if (size > stateBytesMax)
        {
            throw new SnapshotRefusedException($"{Failed}: {size} bytes, more than the {stateBytesMax} allowed");
        }

        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[CopyBufferBytes];
        for (long left = size; left > 0;)
        {
            Span<byte> wanted = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            int count = archive.ReadUpTo(wanted, Failed);
            if (count < wanted.Length)
            {
                throw new SnapshotRefusedException($"{Failed}: unexpected EOF");
            }

            digest.AppendData(wanted);
            state.Write(wanted);
            left -= count;
        }

        return digest.GetHashAndReset();
    }

    private static void SkipPadding(GzipInput archive, long size)
    {
        const string Failed = "failed reading snapshot";
        Span<byte> padding = stackalloc byte[TarHeader.PaddingOf(size)];
        if (archive.ReadUpTo(padding, Failed) < padding.Length)
        {
            throw new SnapshotRefusedException($"{Failed}: unexpected EOF");
        }
    }
}

/// <summary>Leaves the reading of an archive; it never leaves <see cref="SnapshotArchive"/>.</summary>
internal sealed class SnapshotRefusedException(string message) : Exception(message);
