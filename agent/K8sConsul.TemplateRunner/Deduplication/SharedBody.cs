using System.IO.Compression;
using System.Text.Json;
using K8sConsul.Contracts.Client;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Deduplication;

/// <summary>What instances share under a key: JSON, packed by gzip, of dependencies in their printed form and their data.</summary>
internal static class SharedBody
{
    /// <summary>Consul refuses larger values.</summary>
    public const int BodyBytesMax = 512 * 1024;

    /// <summary>What a body may unpack to.</summary>
    private const int UnpackedBytesMax = 64 * 1024 * 1024;

    /// <summary>Bodies of another format are ignored: during an upgrade both kinds of instances run.</summary>
    private const int Format = 1;

    /// <summary>The leader knows nothing yet.</summary>
    public static ReadOnlySpan<byte> NoData => "__NO_DATA__"u8;

    /// <summary>The leader's data does not fit: everybody asks for himself.</summary>
    public static ReadOnlySpan<byte> TooLarge => "__TOO_LARGE__"u8;

    /// <summary>Equal data has one form: the dependencies are sorted.</summary>
    public static byte[] ToJson(IEnumerable<KeyValuePair<Dependency, DependencyData>> data)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", Format);
            writer.WriteStartObject("data");
            foreach ((Dependency dependency, DependencyData value) in data.OrderBy(static entry => entry.Key))
            {
                writer.WritePropertyName(dependency.ToString());
                writer.WriteRawValue(DataCodec.Encode(value), skipInputValidation: true);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    public static byte[] Pack(ReadOnlySpan<byte> json)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal))
        {
            gzip.Write(json);
        }

        return buffer.ToArray();
    }

    /// <summary>Null for what is no such body, or of another format.</summary>
    public static IReadOnlyDictionary<Dependency, DependencyData>? TryRead(byte[] body)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
            using JsonDocument document = JsonDocument.Parse(BoundedRead.ToEnd(gzip, UnpackedBytesMax));
            return Read(document.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException or IOException)
        {
            return null;
        }
    }

    private static Dictionary<Dependency, DependencyData>? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("format", out JsonElement format) || format.ValueKind != JsonValueKind.Number
            || !format.TryGetInt32(out int number) || number != Format
            || !root.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var read = new Dictionary<Dependency, DependencyData>();
        foreach (JsonProperty property in data.EnumerateObject())
        {
            if (DependencyText.TryRead(property.Name) is { IsShareable: true } dependency
                && DataCodec.TryDecode(dependency.Kind, property.Value) is { } value)
            {
                read[dependency] = value;
            }
        }

        return read;
    }
}
