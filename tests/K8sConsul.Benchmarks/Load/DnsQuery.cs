using System.Buffers.Binary;
using System.Text;

namespace K8sConsul.Benchmarks.Load;

/// <summary>A question as resolvers send it: with EDNS, so that ten records fit into a datagram.</summary>
internal static class DnsQuery
{
    public const ushort TypeA = 1;
    public const ushort TypeSrv = 33;

    public static byte[] Encode(string name, ushort type)
    {
        using var bytes = new MemoryStream();

        // RFC 1035 §4.1.1: number, recursion desired, one question, no answers, no authorities, one additional record.
        bytes.Write([0x12, 0x34, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
        foreach (string label in name.Split('.'))
        {
            bytes.WriteByte((byte)label.Length);
            bytes.Write(Encoding.ASCII.GetBytes(label));
        }

        bytes.WriteByte(0);
        Span<byte> question = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(question, type);
        BinaryPrimitives.WriteUInt16BigEndian(question[2..], 1);
        bytes.Write(question);

        // RFC 6891 §6.1.2: the root, OPT (41), 4,096 bytes, no flags, no data.
        bytes.Write([0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0]);
        return bytes.ToArray();
    }
}
