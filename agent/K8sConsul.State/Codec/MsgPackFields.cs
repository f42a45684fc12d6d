using K8sConsul.MessagePack;
using K8sConsul.State.Records;

namespace K8sConsul.State.Codec;

/// <summary>Field-level helpers of the record codecs: a field is its name and its value.</summary>
internal static class MsgPackFields
{
    /// <summary>Bound for lists and maps inside one record; far above what any limit of the API lets through.</summary>
    public const int ElementsMax = 65_536;

    public static void Field(this MsgPackWriter writer, ReadOnlySpan<byte> name, string value)
    {
        writer.WriteRaw(name);
        writer.WriteText(value);
    }

    public static void Field(this MsgPackWriter writer, ReadOnlySpan<byte> name, ulong value)
    {
        writer.WriteRaw(name);
        writer.WriteUInt(value);
    }

    public static void Field(this MsgPackWriter writer, ReadOnlySpan<byte> name, long value)
    {
        writer.WriteRaw(name);
        writer.WriteInt(value);
    }

    public static void Field(this MsgPackWriter writer, ReadOnlySpan<byte> name, bool value)
    {
        writer.WriteRaw(name);
        writer.WriteBool(value);
    }

    public static void Field(this MsgPackWriter writer, ReadOnlySpan<byte> name, double value)
    {
        writer.WriteRaw(name);
        writer.WriteDouble(value);
    }

    /// <summary>Durations are nanoseconds, as Go keeps them.</summary>
    public static void Field(this MsgPackWriter writer, ReadOnlySpan<byte> name, TimeSpan value) =>
        writer.Field(name, value.Ticks * TimeSpan.NanosecondsPerTick);

    public static void Field(this MsgPackWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        writer.WriteRaw(name);
        writer.WriteListHeader(values.Count);
        foreach (string value in values)
        {
            writer.WriteText(value);
        }
    }

    public static void Field(this MsgPackWriter writer, ReadOnlySpan<byte> name, StringMap? map)
    {
        writer.WriteRaw(name);
        if (map is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteMapHeader(map.Count);
        foreach ((string key, string value) in map)
        {
            writer.WriteText(key);
            writer.WriteText(value);
        }
    }

    public static int ReadInt32(this ref MsgPackReader reader)
    {
        long value = reader.ReadInt();
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new MsgPackFormatException($"integer {value} exceeds 32 bits");
    }

    public static TimeSpan ReadDuration(this ref MsgPackReader reader) =>
        TimeSpan.FromTicks(reader.ReadInt() / TimeSpan.NanosecondsPerTick);

    public static List<string> ReadTexts(this ref MsgPackReader reader)
    {
        int count = reader.ReadBoundedList();
        var texts = new List<string>(count);
        for (int i = 0; i < count; i++)
        {
            texts.Add(reader.ReadText());
        }

        return texts;
    }

    public static StringMap? ReadTextMap(this ref MsgPackReader reader)
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        int count = reader.ReadBoundedMap();
        var entries = new List<KeyValuePair<string, string>>(count);
        for (int i = 0; i < count; i++)
        {
            entries.Add(new(reader.ReadText(), reader.ReadText()));
        }

        return StringMap.Of(entries);
    }

    public static int ReadBoundedList(this ref MsgPackReader reader) => Bounded(reader.ReadListHeader());

    public static int ReadBoundedMap(this ref MsgPackReader reader) => Bounded(reader.ReadMapHeader());

    private static int Bounded(int count) => count <= ElementsMax
        ? count
        : throw new MsgPackFormatException($"{count} elements exceed the limit of {ElementsMax}");
}
