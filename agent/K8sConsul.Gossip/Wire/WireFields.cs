using System.Buffers;
using System.Text;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>What all message bodies share: bounded reads of the field types, and the buffer that a message is built in.</summary>
internal static class WireFields
{
    public static byte[][] Names(params ReadOnlySpan<string> names)
    {
        var encoded = new byte[names.Length][];
        for (int i = 0; i < names.Length; i++)
        {
            encoded[i] = Encoding.ASCII.GetBytes(names[i]);
        }

        return encoded;
    }

    public static ArrayBufferWriter<byte> Begin(byte type, int sizeHint = 128)
    {
        var output = new ArrayBufferWriter<byte>(sizeHint);
        output.Write([type]);
        return output;
    }

    public static string ReadName(this ref MsgPackReader reader)
    {
        ReadOnlySpan<byte> raw = reader.ReadTextBytes();
        return raw.Length <= WireLimits.NameBytesMax
            ? Encoding.UTF8.GetString(raw)
            : throw new GossipFormatException($"a name of {raw.Length} bytes");
    }

    public static byte[] ReadVersions(this ref MsgPackReader reader)
    {
        ReadOnlySpan<byte> raw = reader.ReadBytesSpan();
        return raw.Length <= byte.MaxValue ? raw.ToArray() : throw new GossipFormatException($"{raw.Length} version bytes");
    }

    /// <summary>4 or 16 bytes, or none; anything else is no address.</summary>
    public static byte[] ReadAddress(this ref MsgPackReader reader)
    {
        ReadOnlySpan<byte> raw = reader.ReadBytesSpan();
        return raw.Length is 0 or 4 or 16 ? raw.ToArray() : throw new GossipFormatException($"an address of {raw.Length} bytes");
    }

    public static ushort ReadPort(this ref MsgPackReader reader)
    {
        ulong value = reader.ReadUInt();
        return value <= ushort.MaxValue ? (ushort)value : throw new GossipFormatException($"port {value}");
    }

    public static byte ReadByteValue(this ref MsgPackReader reader)
    {
        ulong value = reader.ReadUInt();
        return value <= byte.MaxValue ? (byte)value : throw new GossipFormatException($"{value} where one byte is expected");
    }

    public static void WriteNullableRaw(this MsgPackWriter writer, byte[]? value)
    {
        if (value is null)
        {
            writer.WriteNil();
        }
        else
        {
            writer.WriteRaw(value);
        }
    }
}
