using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local;

/// <summary>The one word for a service with all its checks, from good to bad.</summary>
public enum AggregatedStatus
{
    Passing,
    Warning,
    Critical,
    Maintenance,
}

/// <summary>A service with the checks that decide its health: its own and the node's.</summary>
public sealed record ServiceHealth(LocalService Service, IReadOnlyList<LocalCheck> Checks, AggregatedStatus Status);

/// <summary>Health as <c>/v1/agent/health/service/…</c> answers it.</summary>
public static class AggregatedHealth
{
    public static string Text(this AggregatedStatus status) => status switch
    {
        AggregatedStatus.Passing => "passing",
        AggregatedStatus.Warning => "warning",
        AggregatedStatus.Critical => "critical",
        AggregatedStatus.Maintenance => "maintenance",
        _ => throw new System.Diagnostics.UnreachableException($"no such status: {(int)status}"),
    };

    /// <summary>The HTTP status: 200, 429 or 503.</summary>
    public static int HttpStatus(this AggregatedStatus status) => status switch
    {
        AggregatedStatus.Passing => 200,
        AggregatedStatus.Warning => 429,
        _ => 503,
    };

    /// <summary>Null when there is no such service.</summary>
    public static ServiceHealth? OfServiceId(LocalSnapshot snapshot, string id)
    {
        if (!snapshot.Services.TryGetValue(id, out LocalService? service))
        {
            return null;
        }

        List<LocalCheck> checks = [.. snapshot.ChecksOf(id), .. snapshot.ChecksOf("")];
        return new ServiceHealth(service, checks, Of(checks));
    }

    /// <summary>The instances of a name, in byte order of their ids; the worst decides. Empty when there are none.</summary>
    public static (IReadOnlyList<ServiceHealth> Instances, AggregatedStatus Worst) OfServiceName(LocalSnapshot snapshot, string name)
    {
        List<ServiceHealth> instances = [];
        AggregatedStatus worst = AggregatedStatus.Passing;
        foreach (LocalService service in snapshot.Services.Values)
        {
            if (string.Equals(service.Definition.Name, name, StringComparison.Ordinal))
            {
                ServiceHealth health = OfServiceId(snapshot, service.Id)!;
                instances.Add(health);
                worst = health.Status > worst ? health.Status : worst;
            }
        }

        return (instances, worst);
    }

    /// <summary>The worst of the checks; passing when there are none.</summary>
    public static AggregatedStatus Of(IEnumerable<LocalCheck> checks)
    {
        AggregatedStatus worst = AggregatedStatus.Passing;
        foreach (LocalCheck check in checks)
        {
            AggregatedStatus status = MaintenanceMode.IsMaintenanceCheck(check.Id)
                ? AggregatedStatus.Maintenance
                : check.Status switch
                {
                    CheckStatus.Passing => AggregatedStatus.Passing,
                    CheckStatus.Warning => AggregatedStatus.Warning,
                    _ => AggregatedStatus.Critical,
                };
            worst = status > worst ? status : worst;
        }

        return worst;
    }
}
