using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local;

/// <summary>The status of an alias: the worst of what it watches, with Consul's texts.</summary>
public static class AliasRule
{
    /// <summary>An empty service id watches the node alone; the node's name is for the text about a missing service.</summary>
    internal static (CheckStatus Status, string Output) Evaluate(LocalSnapshot snapshot, string serviceId, string nodeName)
    {
        IEnumerable<LocalCheck> watched = snapshot.ChecksOf("").Where(static c => c.Definition?.Kind != CheckKind.Alias);
        if (serviceId.Length > 0)
        {
            watched = snapshot.ChecksOf(serviceId).Concat(watched);
        }

        return Evaluate(
            watched.Select(static c => new WatchedCheck(c.Name, c.Status, c.Output)),
            serviceExists: serviceId.Length == 0 || snapshot.Services.ContainsKey(serviceId),
            serviceId,
            nodeName);
    }

    /// <summary>A critical check decides at once; of several warnings the last one is named.</summary>
    public static (CheckStatus Status, string Output) Evaluate(IEnumerable<WatchedCheck> checks, bool serviceExists, string serviceId, string nodeName)
    {
        if (!serviceExists)
        {
            return (CheckStatus.Critical, $"Service {serviceId} could not be found on node {nodeName}");
        }

        CheckStatus status = CheckStatus.Passing;
        string output = "No checks found.";
        foreach (WatchedCheck check in checks)
        {
            if (check.Status != CheckStatus.Passing)
            {
                status = check.Status;
                output = $"Aliased check \"{check.Name}\" failing: {check.Output}";
                if (status == CheckStatus.Critical)
                {
                    break;
                }
            }
            else if (status == CheckStatus.Passing)
            {
                output = "All checks passing.";
            }
        }

        return (status, output);
    }
}

/// <summary>What an alias sees of a check.</summary>
public readonly record struct WatchedCheck(string Name, CheckStatus Status, string Output);
