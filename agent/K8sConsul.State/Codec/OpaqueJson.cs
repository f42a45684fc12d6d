using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using K8sConsul.MessagePack;

namespace K8sConsul.State.Codec;

/// <summary>
/// Settings that the catalog only carries, such as a proxy's: JSON text here, because a later registration is compared with
/// it; a MessagePack value in records, as Consul keeps them.
/// </summary>
internal static class OpaqueJson
{
    /// <summary>Deepest nesting; what Go and System.Text.Json allow is far more than anybody configures.</summary>
    private const int DepthMax = MsgPackReader.DepthMax;

    private static readonly JsonWriterOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = DepthMax };

    /// <summary>Reads any value as compact JSON text; nil as the empty text.</summary>
    /// <exception cref="MsgPackFormatException">The value has no meaning in JSON.</exception>
    public static string Read(ref MsgPackReader reader)
    {
        if (reader.TryReadNil())
        {
            return string.Empty;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, _plain))
        {
            Read(ref reader, json, depth: 1);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes JSON text as the value it stands for; the empty text as nil. Numbers become floats, as they do in Go.</summary>
    /// <exception cref="MsgPackFormatException">The text is not JSON, or nests too deep.</exception>
    public static void Write(MsgPackWriter writer, string text)
    {
        if (text.Length == 0)
        {
            writer.WriteNil();
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = DepthMax - 1 });
            Write(writer, document.RootElement);
        }
        catch (JsonException e)
        {
            throw new MsgPackFormatException($"opaque settings are not JSON: {e.Message}");
        }
    }

    private static void Write(MsgPackWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteMapHeader(value.GetPropertyCount());
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    writer.WriteText(member.Name);
                    Write(writer, member.Value);
                }

                break;
            case JsonValueKind.Array:
                writer.WriteListHeader(value.GetArrayLength());
                foreach (JsonElement element in value.EnumerateArray())
                {
                    Write(writer, element);
                }

                break;
            case JsonValueKind.String:
                writer.WriteText(value.GetString()!);
                break;
            case JsonValueKind.Number:
                writer.WriteDouble(value.GetDouble());
                break;
            case JsonValueKind.True:
            case JsonValueKind.False:
                writer.WriteBool(value.GetBoolean());
                break;
            default:
                writer.WriteNil();
                break;
        }
    }

    private static void Read(ref MsgPackReader reader, Utf8JsonWriter json, int depth)
    {
        if (depth >= DepthMax)
        {
            throw new MsgPackFormatException($"opaque settings nest deeper than {DepthMax}");
        }

        switch (reader.PeekKind())
        {
            case MsgPackKind.Nil:
                reader.TryReadNil();
                json.WriteNullValue();
                break;
            case MsgPackKind.Bool:
                json.WriteBooleanValue(reader.ReadBool());
                break;
            case MsgPackKind.Integer:
                json.WriteNumberValue(reader.ReadInt());
                break;
            case MsgPackKind.Float:
                double number = reader.ReadDouble();
                if (!double.IsFinite(number))
                {
                    throw new MsgPackFormatException("opaque settings hold a number that JSON lacks");
                }

                json.WriteNumberValue(number);
                break;
            case MsgPackKind.Text:
            case MsgPackKind.Bytes:
                json.WriteStringValue(Encoding.UTF8.GetString(reader.ReadBytesSpan()));
                break;
            case MsgPackKind.List:
                json.WriteStartArray();
                for (int left = reader.ReadListHeader(); left > 0; left--)
                {
                    Read(ref reader, json, depth + 1);
                }

                json.WriteEndArray();
                break;
            case MsgPackKind.Map:
                ReadMap(ref reader, json, depth);
                break;
            default:
                throw new MsgPackFormatException("opaque settings hold an extension value");
        }
    }

    /// <summary>Sorted by name, as Go prints maps, whatever order they were stored in.</summary>
    private static void ReadMap(ref MsgPackReader reader, Utf8JsonWriter json, int depth)
    {
        var members = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            string name = reader.ReadText();
            var buffer = new ArrayBufferWriter<byte>();
            using (var member = new Utf8JsonWriter(buffer, _plain))
            {
                Read(ref reader, member, depth + 1);
            }

            members[name] = Encoding.UTF8.GetString(buffer.WrittenSpan);
        }

        json.WriteStartObject();
        foreach ((string name, string value) in members)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value, skipInputValidation: true);
        }

        json.WriteEndObject();
    }
}
