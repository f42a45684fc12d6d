using K8sConsul.MessagePack;

namespace K8sConsul.Gossip.Wire;

/// <summary>Payload of the key queries: the raw key, empty when keys are only listed.</summary>
internal static class KeyRequest
{
    private static readonly byte[][] Fields = WireFields.Names("Key");

    public static byte[] Encode(ReadOnlySpan<byte> key)
    {
        var output = WireFields.Begin((byte)SerfMessageType.KeyRequest);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(1);
        writer.WriteText("Key");
        writer.WriteRaw(key);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The key that is meant.</summary>
    /// <param name="payload">With the type byte.</param>
    public static byte[] Decode(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[0] != (byte)SerfMessageType.KeyRequest)
        {
            throw new GossipFormatException("payload is no key request");
        }

        var reader = new MsgPackReader(payload[1..]);
        StructReader fields = StructReader.Begin(ref reader);
        byte[] key = [];
        while (fields.Next(ref reader, Fields, out _))
        {
            key = reader.ReadBytes() ?? [];
        }

        return key;
    }
}

/// <summary>A member's answer to a key query.</summary>
internal sealed record KeyResponse(bool Result, string Message, IReadOnlyList<string>? Keys, string PrimaryKey)
{
    private static readonly byte[][] Fields = WireFields.Names("Result", "Message", "Keys", "PrimaryKey");

    public byte[] Encode()
    {
        var output = WireFields.Begin((byte)SerfMessageType.KeyResponse);
        var writer = new MsgPackWriter(output);
        writer.WriteMapHeader(4);
        writer.WriteText("Keys");
        if (Keys is null)
        {
            writer.WriteNil();
        }
        else
        {
            writer.WriteListHeader(Keys.Count);
            foreach (string key in Keys)
            {
                writer.WriteText(key);
            }
        }

        writer.WriteText("Message");
        writer.WriteText(Message);
        writer.WriteText("PrimaryKey");
        writer.WriteText(PrimaryKey);
        writer.WriteText("Result");
        writer.WriteBool(Result);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>What a member answered.</summary>
    /// <param name="payload">With the type byte.</param>
    public static KeyResponse Decode(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[0] != (byte)SerfMessageType.KeyResponse)
        {
            throw new GossipFormatException("payload is no key response");
        }

        var reader = new MsgPackReader(payload[1..]);
        StructReader fields = StructReader.Begin(ref reader);
        var response = new KeyResponse(Result: false, string.Empty, null, string.Empty);
        while (fields.Next(ref reader, Fields, out int field))
        {
            response = field switch
            {
                0 => response with { Result = reader.ReadBool() },
                1 => response with { Message = reader.ReadText() },
                2 => response with { Keys = ReadKeys(ref reader) },
                _ => response with { PrimaryKey = reader.ReadText() },
            };
        }

        return response;
    }

    private static List<string>? ReadKeys(ref MsgPackReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        int count = reader.ReadListHeader();
        var keys = new List<string>(count);
        for (; count > 0; count--)
        {
            keys.Add(reader.ReadText());
        }

        return keys;
    }
}
