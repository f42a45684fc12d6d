using K8sConsul.MessagePack;
using K8sConsul.State.Records;

namespace K8sConsul.State.Codec;

/// <summary>Entries of the key/value store with the field names of Consul's own snapshot records.</summary>
public static class KvCodec
{
    public static void Write(MsgPackWriter writer, KvRecord entry)
    {
        writer.WriteMapHeader(7);
        writer.Field("CreateIndex"u8, entry.CreateIndex);
        writer.Field("Flags"u8, entry.Flags);
        writer.Field("Key"u8, entry.Key);
        writer.Field("LockIndex"u8, entry.LockIndex);
        writer.Field("ModifyIndex"u8, entry.ModifyIndex);
        writer.Field("Session"u8, entry.Session);
        writer.WriteRaw("Value"u8);
        writer.WriteRaw(entry.Value);
    }

    public static KvRecord Read(ref MsgPackReader reader)
    {
        string key = string.Empty;
        string session = string.Empty;
        byte[] value = [];
        ulong flags = 0;
        ulong lockIndex = 0;
        ulong createIndex = 0;
        ulong modifyIndex = 0;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            switch (name)
            {
                case var _ when name.SequenceEqual("CreateIndex"u8):
                    createIndex = reader.ReadUInt();
                    break;
                case var _ when name.SequenceEqual("Flags"u8):
                    flags = reader.ReadUInt();
                    break;
                case var _ when name.SequenceEqual("Key"u8):
                    key = reader.ReadText();
                    break;
                case var _ when name.SequenceEqual("LockIndex"u8):
                    lockIndex = reader.ReadUInt();
                    break;
                case var _ when name.SequenceEqual("ModifyIndex"u8):
                    modifyIndex = reader.ReadUInt();
                    break;
                case var _ when name.SequenceEqual("Session"u8):
                    session = reader.ReadText();
                    break;
                case var _ when name.SequenceEqual("Value"u8):
                    value = reader.ReadBytes() ?? [];
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new KvRecord
        {
            Key = key,
            Value = value,
            Flags = flags,
            Session = session,
            LockIndex = lockIndex,
            CreateIndex = createIndex,
            ModifyIndex = modifyIndex,
        };
    }
}
