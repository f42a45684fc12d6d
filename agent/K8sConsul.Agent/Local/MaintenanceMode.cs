namespace K8sConsul.Agent.Local;

/// <summary>The two checks that say "under maintenance".</summary>
public static class MaintenanceMode
{
    public const string Type = "maintenance";
    public const string NodeCheckId = "_node_maintenance";
    public const string NodeCheckName = "Node Maintenance Mode";
    public const string ServiceCheckName = "Service Maintenance Mode";
    public const string DefaultNodeReason = "Maintenance mode is enabled for this node, but no reason was provided. This is a default message.";
    public const string DefaultServiceReason = "Maintenance mode is enabled for this service, but no reason was provided. This is a default message.";

    private const string ServicePrefix = "_service_maintenance:";

    public static string ServiceCheckId(string serviceId) => ServicePrefix + serviceId;

    /// <summary>By the id, as Consul tells: the type is lost on the way through the catalog.</summary>
    public static bool IsMaintenanceCheck(string checkId) =>
        string.Equals(checkId, NodeCheckId, StringComparison.Ordinal) || checkId.StartsWith(ServicePrefix, StringComparison.Ordinal);
}
