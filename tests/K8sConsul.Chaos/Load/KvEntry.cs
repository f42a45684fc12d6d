using System.Text;
using System.Text.Json;
using K8sConsul.Histories;

namespace K8sConsul.Chaos.Load;

/// <summary>An entry as /v1/kv answers it.</summary>
internal sealed record KvEntry(string Key, string Value, ulong ModifyIndex, ulong LockIndex, string? Session)
{
    public static List<KvEntry> Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(Of)];
    }

    public Operation AsSeenBy(Operation read) => read with
    {
        Exists = true, ReadValue = Value, ModifyIndex = ModifyIndex, LockIndex = LockIndex, ReadSession = Session,
    };

    private static KvEntry Of(JsonElement entry) => new(
        entry.GetProperty("Key").GetString()!,
        Encoding.UTF8.GetString(Convert.FromBase64String(entry.GetProperty("Value").GetString() ?? string.Empty)),
        entry.GetProperty("ModifyIndex").GetUInt64(),
        entry.GetProperty("LockIndex").GetUInt64(),
        entry.TryGetProperty("Session", out JsonElement session) ? session.GetString() : null);
}
