using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using K8sConsul.Go;

namespace K8sConsul.Logging;

/// <summary>One object a line: hclog's own keys begin with <c>@</c>, and all are in the order of their bytes.</summary>
internal static class LogJson
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Format(LogLine line)
    {
        var values = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string key, object? value) in line.Pairs)
        {
            values[key] = value;
        }

        values["@level"] = LogLevels.Lower(line.Level);
        values["@message"] = line.Message;
        values["@module"] = line.Name;
        values["@timestamp"] = line.Time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture)
            + LogText.Offset(line.Time.Offset, colon: true);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, _options))
        {
            writer.WriteStartObject();
            foreach ((string key, object? value) in values)
            {
                writer.WritePropertyName(key);
                Write(writer, value);
            }

            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');

        // Go's encoder keeps all characters but the ones that could end a script in a web page.
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length)
            .Replace("<", "\\u003c", StringComparison.Ordinal)
            .Replace(">", "\\u003e", StringComparison.Ordinal)
            .Replace("&", "\\u0026", StringComparison.Ordinal);
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                writer.WriteNumberValue(number);
                break;
            case double real when double.IsFinite(real):
                writer.WriteNumberValue(real);
                break;
            case float real when float.IsFinite(real):
                writer.WriteNumberValue(real);
                break;
            case TimeSpan span:
                // A duration is a number of nanoseconds to Go.
                writer.WriteNumberValue(GoDuration.FromTimeSpan(span).Nanoseconds);
                break;
            case IEnumerable list and not string and not IDictionary:
                writer.WriteStartArray();
                foreach (object? item in list)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(LogValue.ToText(value));
                break;
        }
    }
}
