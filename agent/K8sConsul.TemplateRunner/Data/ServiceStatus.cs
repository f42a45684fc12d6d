using K8sConsul.Contracts.Model;

namespace K8sConsul.TemplateRunner.Data;

/// <summary>The states an instance may be in as a whole.</summary>
public static class ServiceStatus
{
    /// <summary>Only a filter: every state.</summary>
    public const string Any = "any";

    public const string Passing = HealthCheck.Passing;
    public const string Warning = HealthCheck.Warning;
    public const string Critical = HealthCheck.Critical;

    /// <summary>The instance or its node was taken out of service by hand; this outdoes all checks.</summary>
    public const string Maintenance = "maintenance";

    /// <summary>maintenance, else critical, else warning, else passing. No checks at all are passing.</summary>
    public static string Aggregate(IEnumerable<ServiceCheck> checks)
    {
        string worst = Passing;
        foreach (ServiceCheck check in checks)
        {
            if (string.Equals(check.CheckID, HealthCheck.NodeMaintenanceId, StringComparison.Ordinal)
                || check.CheckID.StartsWith(HealthCheck.ServiceMaintenancePrefix, StringComparison.Ordinal))
            {
                return Maintenance;
            }

            worst = check.Status switch
            {
                Critical => Critical,
                Warning when worst is Passing => Warning,
                _ => worst,
            };
        }

        return worst;
    }
}
