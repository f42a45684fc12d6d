using System.Text.Json.Serialization;

namespace K8sConsul.Contracts.Model;

/// <summary>One entry of the key/value store.</summary>
public sealed class KvPair
{
    /// <summary>How often the key was locked anew.</summary>
    public ulong LockIndex { get; set; }

    public string Key { get; set; } = string.Empty;

    /// <summary>The client's own number; Consul does not read it.</summary>
    public ulong Flags { get; set; }

    /// <summary>Base64 on the wire, and null when empty.</summary>
    public byte[]? Value { get; set; }

    /// <summary>The session that holds the lock.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Session { get; set; }

    public ulong CreateIndex { get; set; }

    public ulong ModifyIndex { get; set; }
}
