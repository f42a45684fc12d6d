namespace K8sConsul.Gossip;

/// <summary>Consul's two merge delegates: which members a LAN pool and a WAN pool take in. The texts are Consul's.</summary>
public static class ConsulMergeRules
{
    /// <summary>The first build whose node IDs are sure to be unique.</summary>
    private static readonly Version NodeIdsTracked = new(0, 8, 5);

    /// <summary>LAN: one datacenter, no two members with one node ID, nothing of the Enterprise edition.</summary>
    public static MergeRule Lan(string datacenter, string nodeId, string nodeName) => members =>
    {
        var idOwners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Member member in members)
        {
            string id = member.Tag("id");
            if (id.Length > 0 && member.Status != MemberStatus.Left)
            {
                if (id == nodeId && !string.Equals(member.Name, nodeName, StringComparison.OrdinalIgnoreCase))
                {
                    return $"Member '{member.Name}' has conflicting node ID '{id}' with this agent's ID";
                }

                if (idOwners.TryGetValue(id, out string? owner) && owner != member.Name)
                {
                    return $"Member '{member.Name}' has conflicting node ID '{id}' with member '{owner}'";
                }

                if (ConsulBuild.TryParse(member.Tag("build"), out Version build) && build >= NodeIdsTracked)
                {
                    idOwners[id] = member.Name;
                }
            }

            string? problem = CheckPlace(member, datacenter);
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    };

    /// <summary>WAN: servers only.</summary>
    /// <param name="onlyDatacenter">With WAN federation disabled, the only datacenter whose servers are taken; null for all.</param>
    public static MergeRule Wan(string? onlyDatacenter = null) => members =>
    {
        foreach (Member member in members)
        {
            if (!ServerParts.TryParse(member, out ServerParts server))
            {
                return $"Member '{member.Name}' is not a server";
            }

            if (onlyDatacenter is not null && server.Datacenter != onlyDatacenter)
            {
                return $"Member '{member.Name}' part of wrong datacenter '{server.Datacenter}'; WAN federation is disabled";
            }
        }

        return null;
    };

    private static string? CheckPlace(Member member, string datacenter)
    {
        string role = member.Tag("role");
        if (role == ConsulTags.ClientRole || ServerParts.TryParse(member, out _))
        {
            if (member.Tag("dc") != datacenter)
            {
                return $"Member '{member.Name}' part of wrong datacenter '{member.Tag("dc")}'";
            }
        }

        string segment = member.Tag("segment");
        if (segment.Length > 0)
        {
            return $"Member '{member.Name}' part of wrong segment '{segment}' (expected '')";
        }

        if (member.Tags.ContainsKey("ap"))
        {
            return $"Member '{member.Name}' part of partition '{member.Tag("ap")}'; Partitions are a Consul Enterprise feature";
        }

        return member.Tags.ContainsKey("fips")
            ? $"Member '{member.Name}' is FIPS Consul; FIPS is a Consul Enterprise feature"
            : null;
    }
}
