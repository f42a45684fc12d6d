using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Contracts.Snapshot;

/// <summary>Writes the archive that <see cref="SnapshotArchive"/> reads, and HashiCorp's Consul too.</summary>
public static class SnapshotArchiveWriter
{
    private const int CopyBufferBytes = 64 * 1024;

    /// <summary>Members in their order; <c>meta.json</c> comes first and names the state's size, so that must be known.</summary>
    /// <param name="output">Not disposed.</param>
    /// <param name="meta">Its size is that of <paramref name="state"/>.</param>
    /// <param name="state">Read to its end; not disposed.</param>
    /// <param name="modified">The members' time.</param>
    /// <param name="cancellationToken">What was written until then is no archive.</param>
    /// <exception cref="InvalidDataException">The state is not as long as the meta data says; the output is no archive.</exception>
    public static async ValueTask WriteAsync(
        Stream output, SnapshotMeta meta, Stream state, DateTimeOffset modified, CancellationToken cancellationToken)
    {
        var packed = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);
        await using (packed.ConfigureAwait(false))
        {
            byte[] json = [.. JsonSerializer.SerializeToUtf8Bytes(meta, SnapshotJsonContext.Default.SnapshotMeta), (byte)'\n'];
            await WriteMemberAsync(packed, SnapshotArchive.MetaName, json, modified, cancellationToken).ConfigureAwait(false);

            await WriteHeaderAsync(packed, new TarHeader(SnapshotArchive.StateName, meta.Size), modified, cancellationToken)
                .ConfigureAwait(false);
            byte[] stateDigest = await CopyStateAsync(packed, state, meta.Size, cancellationToken).ConfigureAwait(false);
            await PadAsync(packed, meta.Size, cancellationToken).ConfigureAwait(false);

            byte[] sums = SnapshotSums.Write(
            [
                new(SnapshotArchive.MetaName, SHA256.HashData(json)),
                new(SnapshotArchive.StateName, stateDigest),
            ]);
            await WriteMemberAsync(packed, SnapshotArchive.SumsName, sums, modified, cancellationToken).ConfigureAwait(false);
            await packed.WriteAsync(new byte[TarHeader.BlockBytes * 2], cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask WriteMemberAsync(
        GZipStream target, string name, byte[] content, DateTimeOffset modified, CancellationToken cancellationToken)
    {
        await WriteHeaderAsync(target, new TarHeader(name, content.Length), modified, cancellationToken).ConfigureAwait(false);
        await target.WriteAsync(content, cancellationToken).ConfigureAwait(false);
        await PadAsync(target, content.Length, cancellationToken).ConfigureAwait(false);
    }

    private static ValueTask WriteHeaderAsync(
        GZipStream target, TarHeader header, DateTimeOffset modified, CancellationToken cancellationToken)
    {
        byte[] block = new byte[TarHeader.BlockBytes];
        header.Write(block, modified);
        return target.WriteAsync(block, cancellationToken);
    }

    private static ValueTask PadAsync(GZipStream target, long size, CancellationToken cancellationToken)
    {
        return target.WriteAsync(new byte[TarHeader.PaddingOf(size)], cancellationToken);
    }

    private static async ValueTask<byte[]> CopyStateAsync(
        GZipStream target, Stream state, long size, CancellationToken cancellationToken)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[CopyBufferBytes];
        long copied = 0;
        int count;
        while ((count = await state.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            copied += count;
            if (copied > size)
            {
                break;
            }

            digest.AppendData(buffer, 0, count);
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }

        return copied == size
            ? digest.GetHashAndReset()
            : throw new InvalidDataException($"the state has {(copied < size ? "only " : "more than ")}{Math.Min(copied, size)} bytes, {size} were announced");
    }
}
