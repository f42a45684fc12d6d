using K8sConsul.MessagePack;
using K8sConsul.State.Codec;
using K8sConsul.State.Records;

namespace K8sConsul.State.Commands;

/// <summary>What a key/value operation does; the texts of the transaction API.</summary>
public static class KvVerb
{
    public const string Set = "set";
    public const string Cas = "cas";
    public const string Lock = "lock";
    public const string Unlock = "unlock";
    public const string Get = "get";
    public const string GetTree = "get-tree";
    public const string CheckIndex = "check-index";
    public const string CheckSession = "check-session";
    public const string CheckNotExists = "check-not-exists";
    public const string Delete = "delete";
    public const string DeleteTree = "delete-tree";
    public const string DeleteCas = "delete-cas";

    public static bool IsKnown(string verb) => verb is Set or Cas or Lock or Unlock or Get or GetTree or CheckIndex
        or CheckSession or CheckNotExists or Delete or DeleteTree or DeleteCas;

    public static bool IsWrite(string verb) => verb is Set or Cas or Lock or Unlock or Delete or DeleteTree or DeleteCas;
}

/// <summary>One key/value write. For the compare-and-set verbs the expected index is <see cref="KvRecord.ModifyIndex"/>.</summary>
public sealed record KvCommand(string Verb, KvRecord Entry) : StateCommand
{
    public override CommandType Type => CommandType.Kv;

    protected override int SizeHint => 128 + Entry.Key.Length + Entry.Value.Length;

    internal static KvCommand Read(ref MsgPackReader reader)
    {
        string verb = string.Empty;
        KvRecord? entry = null;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.ReadTextBytes();
            if (name.SequenceEqual("DirEnt"u8))
            {
                entry = KvCodec.Read(ref reader);
            }
            else if (name.SequenceEqual("Op"u8))
            {
                verb = reader.ReadText();
            }
            else
            {
                reader.Skip();
            }
        }

        return new KvCommand(verb, entry ?? throw new MsgPackFormatException("a key/value command lacks its entry"));
    }

    protected internal override void WriteBody(MsgPackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteRaw("DirEnt"u8);
        KvCodec.Write(writer, Entry);
        writer.Field("Op"u8, Verb);
    }
}

/// <summary>Forgets tombstones up to and including an index.</summary>
public sealed record TombstoneCommand(ulong ReapIndex) : StateCommand
{
    public override CommandType Type => CommandType.Tombstone;

    internal static TombstoneCommand Read(ref MsgPackReader reader)
    {
        ulong index = 0;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            index = reader.ReadTextBytes().SequenceEqual("ReapIndex"u8) ? reader.ReadUInt() : CatalogCodec.Skip(ref reader, index);
        }

        return new TombstoneCommand(index);
    }

    protected internal override void WriteBody(MsgPackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.Field("ReapIndex"u8, ReapIndex);
    }
}
