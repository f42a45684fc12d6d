using System.Text;
using System.Text.Json;
using Json.Schema;
using K8sConsul.Helm.Charts;

namespace K8sConsul.Helm.Values;

/// <summary>Values against the values.schema.json of each chart.</summary>
internal static class SchemaRules
{
    /// <exception cref="HelmException">They do not fit, with a line for each fault.</exception>
    public static void Check(Chart chart, Dictionary<string, object?> values)
    {
        var faults = new StringBuilder();
        Collect(chart, values, faults);
        if (faults.Length > 0)
        {
            throw new HelmException($"values don't meet the specifications of the schema(s) in the following chart(s):\n{faults}");
        }
    }

    private static void Collect(Chart chart, Dictionary<string, object?> values, StringBuilder faults)
    {
        if (chart.Schema is not null)
        {
            List<string> own = FaultsOf(chart.Schema, values);
            faults.Append(own.Count == 0 ? "" : $"{chart.Name}:\n").AppendJoin("", own);
        }

        foreach (Chart subchart in chart.Subcharts)
        {
            Collect(subchart, (Dictionary<string, object?>)values[subchart.Name]!, faults);
        }
    }

    private static List<string> FaultsOf(string schema, Dictionary<string, object?> values)
    {
        try
        {
            JsonSchema compiled = JsonSchema.FromText(schema);
            using var instance = JsonDocument.Parse(ToJson(values));
            EvaluationResults results = compiled.Evaluate(instance.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
            return results.IsValid
                ? []
                : [.. (results.Details ?? [])
                    .Where(detail => detail.Errors is { Count: > 0 })
                    .SelectMany(detail => detail.Errors!.Values.Select(error => $"- at '{detail.InstanceLocation}': {error}\n"))
                    .Distinct(StringComparer.Ordinal)];
        }
        catch (Exception refused) when (refused is JsonException or JsonSchemaException or ArgumentException)
        {
            throw new HelmException($"values.schema.json is no schema: {refused.Message}", refused);
        }
    }

    private static string ToJson(object? value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
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
            case double number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case List<object?> list:
                writer.WriteStartArray();
                list.ForEach(item => Write(writer, item));
                writer.WriteEndArray();
                break;
            case Dictionary<string, object?> map:
                writer.WriteStartObject();
                foreach ((string key, object? member) in map)
                {
                    writer.WritePropertyName(key);
                    Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue((string)value);
                break;
        }
    }
}
