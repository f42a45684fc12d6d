using System.Text.Json.Serialization;

namespace K8sConsul.Contracts.Model;

/// <summary>A session as the API shows it.</summary>
public sealed class SessionEntry
{
    public string ID { get; set; } = string.Empty;

    public string Name { get; set; } = string.Empty;

    public string Node { get; set; } = string.Empty;

    /// <summary>Nanoseconds, unlike every other duration of the API.</summary>
    public long LockDelay { get; set; }

    /// <summary><c>release</c> or <c>delete</c>: what becomes of the keys it holds.</summary>
    public string Behavior { get; set; } = string.Empty;

    /// <summary>As it was given; empty for none.</summary>
    public string TTL { get; set; } = string.Empty;

    public List<string>? NodeChecks { get; set; }

    public List<SessionServiceCheck>? ServiceChecks { get; set; }

    public ulong CreateIndex { get; set; }

    public ulong ModifyIndex { get; set; }
}

public sealed class SessionServiceCheck
{
    public string ID { get; set; } = string.Empty;

    public string Namespace { get; set; } = string.Empty;
}

/// <summary>The body of <c>PUT /v1/session/create</c>. What is left out takes the server's default.</summary>
public sealed class SessionRequest
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Node { get; set; }

    /// <summary>A Go duration; 15s when left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LockDelay { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Behavior { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TTL { get; set; }

    /// <summary>Null means <c>serfHealth</c>, an empty list means none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<string>? NodeChecks { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<SessionServiceCheck>? ServiceChecks { get; set; }
}

/// <summary>The answer to a creation.</summary>
public sealed class CreatedId
{
    public string ID { get; set; } = string.Empty;
}
