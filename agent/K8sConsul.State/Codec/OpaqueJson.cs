using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using K8sConsul.MessagePack;

namespace K8sConsul.State.Codec;

/// <summary>
/// Settings that the catalog only carries, such as a proxy's: JSON text here, because a later registration is compared with
/// it; a MessagePack value in Consul's own records.
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

    /// <summary>Reads JSON text that is stored as such.</summary>
    /// <exception cref="MsgPackFormatException">The text is not JSON.</exception>
    public static string ReadText(ref MsgPackReader reader)
    {
        ReadOnlySpan<byte> text = reader.ReadTextBytes();
        if (text.IsEmpty)
        {
            return string.Empty;
        }

        try
        {
            var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DepthMax });
            while (json.Read())
            {
                // Every token is looked at; there is nothing to keep.
            }
        }
        catch (JsonException e)
        {
            throw new MsgPackFormatException($"opaque settings are not JSON: {e.Message}");
        }

        return Encoding.UTF8.GetString(text);
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
