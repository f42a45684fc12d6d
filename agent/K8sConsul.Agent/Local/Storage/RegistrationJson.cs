using System.Text.Json;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local.Storage;

/// <summary>The files' JSON, in the shape of Consul 1.8's <c>persistedService</c>, <c>persistedCheck</c> and <c>persistedCheckState</c>.</summary>
internal static partial class RegistrationJson
{
    public static void Write(Utf8JsonWriter json, PersistedCheckState state)
    {
        json.WriteStartObject();
        json.WriteString("CheckID", state.CheckId);
        json.WriteString("Output", state.Output);
        json.WriteString("Status", state.Status.Text());
        json.WriteNumber("Expires", state.Expires.ToUnixTimeSeconds());
        json.WriteEndObject();
    }

    public static PersistedCheckState? ReadState(JsonElement json)
    {
        string id = Text(json, "CheckID");
        return id.Length > 0 && CheckStatusText.TryParse(Text(json, "Status"), out CheckStatus status)
            ? new PersistedCheckState(id, Text(json, "Output"), status, DateTimeOffset.FromUnixTimeSeconds(Long(json, "Expires")))
            : null;
    }

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetString() ?? "" : "";

    private static bool Bool(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null && value.GetBoolean();

    private static int Int(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetInt32() : 0;

    private static long Long(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetInt64() : 0;

    /// <summary>Go writes durations as nanoseconds.</summary>
    private static TimeSpan Duration(JsonElement json, string name) => TimeSpan.FromTicks(Long(json, name) / TimeSpan.NanosecondsPerTick);

    private static void WriteDuration(Utf8JsonWriter json, string name, TimeSpan value) => json.WriteNumber(name, checked(value.Ticks * TimeSpan.NanosecondsPerTick));

    private static IEnumerable<string> Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(static v => v.GetString() ?? "") : [];

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static IEnumerable<JsonProperty> Members(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : [];
}
