using System.Text.Json;
using K8sConsul.Benchmarks.Scenarios;

namespace K8sConsul.Benchmarks.Report;

/// <summary>Every round's figure, for whoever wants to compare two runs.</summary>
internal static class JsonReport
{
    public static byte[] Format(Results results)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("processors", Environment.ProcessorCount);
            json.WriteStartArray("rows");
            foreach (ResultRow row in results.Rows)
            {
                json.WriteStartObject();
                json.WriteString("name", row.Row.Name);
                json.WriteString("unit", row.Row.Unit);
                json.WriteBoolean("moreIsBetter", row.Row.MoreIsBetter);
                WriteNumber(json, "ratio", row.Ratio);
                Write(json, "ours", row.Ours);
                Write(json, "real", row.Real);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("notMeasured");
            results.Failures.ForEach(json.WriteStringValue);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string name, List<Figure> figures)
    {
        json.WriteStartArray(name);
        foreach (Figure figure in figures)
        {
            json.WriteStartObject();
            WriteNumber(json, "value", figure.Value);
            WriteNumber(json, "p50Ms", figure.MedianMs);
            WriteNumber(json, "p99Ms", figure.P99Ms);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>JSON has no word for "not a number".</summary>
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
