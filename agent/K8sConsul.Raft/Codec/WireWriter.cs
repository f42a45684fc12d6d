using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace K8sConsul.Raft;

/// <summary>Little-endian base-128 numbers and length-prefixed bytes into a buffer writer.</summary>
internal readonly ref struct WireWriter(IBufferWriter<byte> output)
{
    private const int VarintBytesMax = 10;

    public void Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Number(ulong value)
    {
        Span<byte> span = output.GetSpan(VarintBytesMax);
        int length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        output.Advance(length);
    }

    public void Fixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(sizeof(uint)), value);
        output.Advance(sizeof(uint));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Number((ulong)value.Length);
        output.Write(value);
    }

    public void Text(string? value)
    {
        value ??= "";
        int length = Encoding.UTF8.GetByteCount(value);
        Number((ulong)length);
        Encoding.UTF8.GetBytes(value, output.GetSpan(length));
        output.Advance(length);
    }

    public void Id(EntryId id)
    {
        Number(id.Term.Value);
        Number(id.Index.Value);
    }

    public void Configuration(RaftConfiguration configuration)
    {
        Number((ulong)configuration.Servers.Count);
        foreach (RaftServer server in configuration.Servers)
        {
            Text(server.Id.Value);
            Text(server.Address);
            Byte((byte)server.Suffrage);
        }
    }

    public void Snapshot(SnapshotMeta meta)
    {
        Id(meta.Last);
        Configuration(meta.Configuration);
        Number(meta.ConfigurationIndex.Value);
        Number((ulong)meta.SizeBytes);
        Fixed32(meta.Crc32C);
    }
}
