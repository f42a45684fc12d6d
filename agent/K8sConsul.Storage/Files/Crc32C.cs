using System.Buffers.Binary;
using System.Numerics;

namespace K8sConsul.Storage;

/// <summary>Castagnoli CRC (iSCSI, RFC 3720 §B.4), computed by the processor's instruction where there is one.</summary>
public static class Crc32C
{
    /// <summary>Of <paramref name="data"/> appended to what gave <paramref name="before"/>; 0 for nothing before.</summary>
    public static uint Append(uint before, ReadOnlySpan<byte> data)
    {
        uint crc = ~before;
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
