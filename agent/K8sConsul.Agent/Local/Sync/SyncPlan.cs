using System.Collections.Immutable;

namespace K8sConsul.Agent.Local;

/// <summary>One request that brings the catalog closer to the agent.</summary>
internal abstract record SyncOperation
{
    /// <summary>Writes the node's row alone.</summary>
    public sealed record NodeInfo : SyncOperation;

    /// <summary>Registers a service, with checks that ride along in the same transaction.</summary>
    public sealed record Service(string Id, ImmutableArray<string> CheckIds) : SyncOperation
    {
        public bool Equals(Service? other) => other is not null && string.Equals(Id, other.Id, StringComparison.Ordinal) && CheckIds.AsSpan().SequenceEqual(other.CheckIds.AsSpan());

        public override int GetHashCode() => HashCode.Combine(Id, CheckIds.Length);
    }

    public sealed record RemoveService(string Id) : SyncOperation;

    public sealed record Check(string Id) : SyncOperation;

    public sealed record RemoveCheck(string Id) : SyncOperation;
}

/// <summary>The second half of a sync: what to send for what is marked out of sync. Pure.</summary>
internal static class SyncPlan
{
    /// <summary>A full sync: corrects the marks by the catalog, then plans.</summary>
    public static (LocalSnapshot Marked, IReadOnlyList<SyncOperation> Operations) Of(
        LocalSnapshot local, NodeInfo node, RemoteNode remote, bool deferOutput, Func<string, string> serviceToken, Func<string, string> checkToken)
    {
        LocalSnapshot marked = SyncComparison.Reconcile(local, node, remote, deferOutput);
        return (marked, Of(marked, serviceToken, checkToken));
    }

    /// <summary>
    /// Node, then services, then checks, each in byte order. Checks ride with their service only under the same token,
    /// so that none gains the rights of the service's token; the functions give the token of a service id and a check id.
    /// </summary>
    public static IReadOnlyList<SyncOperation> Of(LocalSnapshot local, Func<string, string> serviceToken, Func<string, string> checkToken)
    {
        List<SyncOperation> operations = [];
        if (!local.NodeInfoInSync)
        {
            operations.Add(new SyncOperation.NodeInfo());
        }

        HashSet<string> riding = new(StringComparer.Ordinal);
        foreach (string id in local.DeletedServices)
        {
            operations.Add(new SyncOperation.RemoveService(id));
        }

        foreach (LocalService service in local.Services.Values)
        {
            if (service.InSync)
            {
                continue;
            }

            string token = serviceToken(service.Id);
            ImmutableArray<string> checks =
            [
                .. local.ChecksOf(service.Id)
                    .Where(check => !check.InSync && string.Equals(checkToken(check.Id), token, StringComparison.Ordinal))
                    .Select(static check => check.Id),
            ];
            riding.UnionWith(checks);
            operations.Add(new SyncOperation.Service(service.Id, checks));
        }

        foreach ((string id, string serviceId) in local.DeletedChecks)
        {
            // Deregistering the service takes its checks with it.
            if (!local.DeletedServices.Contains(serviceId))
            {
                operations.Add(new SyncOperation.RemoveCheck(id));
            }
        }

        foreach (LocalCheck check in local.Checks.Values)
        {
            if (!check.InSync && !riding.Contains(check.Id))
            {
                operations.Add(new SyncOperation.Check(check.Id));
            }
        }

        return operations;
    }
}
