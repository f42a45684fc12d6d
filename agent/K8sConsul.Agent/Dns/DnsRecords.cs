using K8sConsul.State;
using K8sConsul.State.Records;

namespace K8sConsul.Agent.Dns;

/// <summary>Records of the state as DNS shows them.</summary>
internal static class DnsRecords
{
    public static DnsNode Node(NodeRecord node) => new(node.Node, node.Datacenter, node.Address)
    {
        TaggedAddresses = node.TaggedAddresses ?? StringMap.Empty,
        Meta = node.Meta ?? StringMap.Empty,
    };

    public static DnsInstance Instance(HealthRecord instance)
    {
        ServiceRecord service = instance.Service;
        return new DnsInstance(Node(instance.Node), service.Service, service.Address, service.Port, Health(instance.Checks))
        {
            TaggedAddresses = service.TaggedAddresses.Count == 0
                ? DnsEmpty.Addresses
                : service.TaggedAddresses.ToDictionary(t => t.Name, t => new DnsServiceAddress(t.Address, t.Port), StringComparer.Ordinal),
            WeightPassing = service.Weights.Passing,
            WeightWarning = service.Weights.Warning,
        };
    }

    private static DnsHealth Health(IReadOnlyList<CheckRecord> checks)
    {
        DnsHealth worst = DnsHealth.Passing;
        foreach (CheckRecord check in checks)
        {
            DnsHealth health = check.Status switch
            {
                CheckStatus.Critical => DnsHealth.Critical,
                CheckStatus.Warning => DnsHealth.Warning,
                _ => DnsHealth.Passing,
            };
            worst = health > worst ? health : worst;
        }

        return worst;
    }
}
