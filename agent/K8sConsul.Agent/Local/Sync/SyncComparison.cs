using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local;

/// <summary>
/// Corrects what the agent believes about the catalog by what the catalog says: the first half of a full sync. Pure.
/// </summary>
internal static class SyncComparison
{
    /// <summary>The service that stands for a server; the leader cares for it.</summary>
    public const string ConsulServiceId = "consul";

    /// <summary>The check that the leader keeps from gossip.</summary>
    public const string SerfHealthCheckId = "serfHealth";

    /// <summary>Tagged addresses with this prefix are the servers' own and are taken over.</summary>
    private const string ServerPrefix = "consul-";

    /// <summary>
    /// The snapshot with every sync mark set right. Local state wins, but for what the catalog is allowed to own: tags of
    /// a service with tag override, and tagged addresses of the servers. With <paramref name="deferOutput"/>
    /// (<c>check_update_interval</c> above zero) output that waits for its turn is not compared.
    /// </summary>
    public static LocalSnapshot Reconcile(LocalSnapshot local, NodeInfo node, RemoteNode remote, bool deferOutput)
    {
        LocalSnapshot next = local with { NodeInfoInSync = node.Equals(remote.Info) };
        foreach (LocalService service in local.Services.Values)
        {
            next = remote.Services.TryGetValue(service.Id, out ServiceDefinition? there)
                ? next.WithService(Reconcile(service, there))
                : next.WithService(service with { InSync = false });
        }

        foreach (LocalCheck check in local.Checks.Values)
        {
            bool same = remote.Checks.TryGetValue(check.Id, out RemoteCheck? there)
                && Same(check, there, compareOutput: !(deferOutput && check.OutputDeferred));
            if (same != check.InSync)
            {
                next = next.WithCheck(check with { InSync = same });
            }
        }

        return next with
        {
            // A deletion under way stays until the catalog has confirmed it: the answer may be older than the registration.
            DeletedServices = local.DeletedServices.Union(
                remote.Services.Keys.Where(id => !local.Services.ContainsKey(id) && !string.Equals(id, ConsulServiceId, StringComparison.Ordinal))),
            DeletedChecks = local.DeletedChecks.SetItems(
                remote.Checks.Values
                    .Where(check => !local.Checks.ContainsKey(check.Id) && !string.Equals(check.Id, SerfHealthCheckId, StringComparison.Ordinal))
                    .Select(static check => KeyValuePair.Create(check.Id, check.ServiceId))),
        };
    }

    /// <summary>Whether two local forms of a check are one and the same for the catalog.</summary>
    public static bool Same(LocalCheck left, LocalCheck right) =>
        left.Status == right.Status
        && string.Equals(left.Output, right.Output, StringComparison.Ordinal)
        && string.Equals(left.Name, right.Name, StringComparison.Ordinal)
        && string.Equals(left.Notes, right.Notes, StringComparison.Ordinal)
        && string.Equals(left.Type, right.Type, StringComparison.Ordinal)
        && string.Equals(left.ServiceId, right.ServiceId, StringComparison.Ordinal)
        && string.Equals(left.ServiceName, right.ServiceName, StringComparison.Ordinal)
        && left.ServiceTags.AsSpan().SequenceEqual(right.ServiceTags.AsSpan());

    public static bool Same(LocalCheck local, RemoteCheck remote, bool compareOutput) =>
        string.Equals(local.Status.Text(), remote.Status, StringComparison.Ordinal)
        && (!compareOutput || string.Equals(local.Output, remote.Output, StringComparison.Ordinal))
        && string.Equals(local.Name, remote.Name, StringComparison.Ordinal)
        && string.Equals(local.Notes, remote.Notes, StringComparison.Ordinal)
        && string.Equals(local.Type, remote.Type, StringComparison.Ordinal)
        && string.Equals(local.ServiceId, remote.ServiceId, StringComparison.Ordinal)
        && string.Equals(local.ServiceName, remote.ServiceName, StringComparison.Ordinal)
        && local.ServiceTags.AsSpan().SequenceEqual(remote.ServiceTags.AsSpan());

    private static LocalService Reconcile(LocalService local, ServiceDefinition remote)
    {
        ServiceDefinition adopted = local.Definition;
        if (adopted.EnableTagOverride && !adopted.Tags.AsSpan().SequenceEqual(remote.Tags.AsSpan()))
        {
            adopted = adopted with { Tags = remote.Tags };
        }

        foreach ((string name, ServiceAddress address) in remote.TaggedAddresses)
        {
            if (name.StartsWith(ServerPrefix, StringComparison.Ordinal))
            {
                adopted = adopted with { TaggedAddresses = adopted.TaggedAddresses.SetItem(name, address) };
            }
        }

        bool changed = !adopted.SameInCatalog(local.Definition);
        return local with
        {
            Definition = adopted,
            ContentHash = changed ? ContentHash.Of(adopted) : local.ContentHash,
            InSync = adopted.SameInCatalog(remote),
        };
    }
}
