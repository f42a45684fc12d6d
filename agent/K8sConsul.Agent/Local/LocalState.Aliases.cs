using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local;

/// <summary>Alias checks of local services: they are settled within the change that moves them, so that no reader sees them lag.</summary>
public sealed partial class LocalState
{
    /// <summary>
    /// Output of an alias is cut here. It quotes the output of what it aliases, and two services that alias each other
    /// would otherwise grow without end; with the cut they reach a fixed text.
    /// </summary>
    internal const int AliasOutputMax = 4096;

    // Alias check ids by the local service they watch. Touched only under the lock.
    private readonly Dictionary<string, SortedSet<string>> _aliases = new(StringComparer.Ordinal);

    /// <summary>Whether the alias watches a service of this node, and so is settled here.</summary>
    public static bool IsLocalAlias(CheckDefinition check, string nodeName) =>
        check.Kind == CheckKind.Alias && (check.AliasNode.Length == 0 || string.Equals(check.AliasNode, nodeName, StringComparison.OrdinalIgnoreCase));

    private void IndexAlias(LocalCheck? removed, LocalCheck? added)
    {
        if (removed?.Definition is { } before && IsLocalAlias(before, _options.NodeName) && _aliases.TryGetValue(before.AliasService, out SortedSet<string>? ids))
        {
            ids.Remove(removed.Id);
            if (ids.Count == 0)
            {
                _aliases.Remove(before.AliasService);
            }
        }

        if (added?.Definition is { } after && IsLocalAlias(after, _options.NodeName))
        {
            if (!_aliases.TryGetValue(after.AliasService, out ids))
            {
                _aliases.Add(after.AliasService, ids = new SortedSet<string>(StringComparer.Ordinal));
            }

            ids.Add(added.Id);
        }
    }

    /// <summary>Brings every alias up to date that the changed service, or for the empty id the node, may move.</summary>
    private LocalSnapshot SettleAliases(LocalSnapshot snapshot, string changedServiceId)
    {
        if (_aliases.Count == 0)
        {
            return snapshot;
        }

        Queue<string> changed = new([changedServiceId]);
        while (changed.TryDequeue(out string? serviceId))
        {
            foreach (string id in AliasesOf(snapshot, serviceId))
            {
                LocalCheck alias = snapshot.Checks.GetValueOrDefault(id)!;
                (CheckStatus status, string output) = AliasRule.Evaluate(snapshot, alias.Definition!.AliasService, _options.NodeName);
                (LocalSnapshot next, _) = Update(snapshot, alias, status, output.Length > AliasOutputMax ? output[..AliasOutputMax] : output);
                if (!ReferenceEquals(next, snapshot))
                {
                    snapshot = next;

                    // An alias of the node is not counted by others, so that two of them cannot hold each other critical.
                    if (alias.ServiceId.Length > 0)
                    {
                        changed.Enqueue(alias.ServiceId);
                    }
                }
            }
        }

        return snapshot;
    }

    private List<string> AliasesOf(LocalSnapshot snapshot, string serviceId)
    {
        if (serviceId.Length == 0)
        {
            // Checks of the node count for every service.
            return [.. _aliases.Values.SelectMany(static ids => ids).Order(StringComparer.Ordinal)];
        }

        List<string> result = _aliases.TryGetValue(serviceId, out SortedSet<string>? own) ? [.. own] : [];

        // The alias that was just added to a service is itself a change of that service, and has to learn its own status.
        foreach (LocalCheck check in snapshot.ChecksOf(serviceId))
        {
            if (check.Definition is { } definition && IsLocalAlias(definition, _options.NodeName) && !result.Contains(check.Id, StringComparer.Ordinal))
            {
                result.Add(check.Id);
            }
        }

        return result;
    }
}
