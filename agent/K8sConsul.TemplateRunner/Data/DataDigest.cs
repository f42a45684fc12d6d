using System.Buffers.Binary;
using System.Security.Cryptography;

namespace K8sConsul.TemplateRunner.Data;

/// <summary>SHA-256 of data, kept instead of a second copy of it.</summary>
internal readonly record struct DataDigest(UInt128 High, UInt128 Low)
{
    public static DataDigest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new DataDigest(
            BinaryPrimitives.ReadUInt128BigEndian(hash),
            BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }
}
