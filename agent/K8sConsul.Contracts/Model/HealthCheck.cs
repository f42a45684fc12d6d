using System.Text.Json.Serialization;

namespace K8sConsul.Contracts.Model;

/// <summary>A check as health, catalog and agent endpoints show it.</summary>
public sealed class HealthCheck
{
    public const string Passing = "passing";
    public const string Warning = "warning";
    public const string Critical = "critical";

    /// <summary>The check that puts a node into maintenance.</summary>
    public const string NodeMaintenanceId = "_node_maintenance";

    /// <summary>Before the id of the service in maintenance.</summary>
    public const string ServiceMaintenancePrefix = "_service_maintenance:";

    public string Node { get; set; } = string.Empty;

    public string CheckID { get; set; } = string.Empty;

    public string Name { get; set; } = string.Empty;

    public string Status { get; set; } = string.Empty;

    public string Notes { get; set; } = string.Empty;

    public string Output { get; set; } = string.Empty;

    public string ServiceID { get; set; } = string.Empty;

    public string ServiceName { get; set; } = string.Empty;

    public List<string>? ServiceTags { get; set; } = [];

    public string Type { get; set; } = string.Empty;

    public HealthCheckDefinition Definition { get; set; } = new();

    public ulong CreateIndex { get; set; }

    public ulong ModifyIndex { get; set; }
}

/// <summary>Filled for checks registered in the catalog only; an agent does not sync its definitions.</summary>
public sealed class HealthCheckDefinition
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Interval { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Timeout { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DeregisterCriticalServiceAfter { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? HTTP { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, List<string>>? Header { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Method { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Body { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TLSSkipVerify { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TCP { get; set; }
}
