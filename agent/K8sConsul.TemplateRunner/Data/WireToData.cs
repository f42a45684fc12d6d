using System.Text;
using K8sConsul.TemplateRunner.Dependencies;
using Wire = K8sConsul.Contracts.Model;

namespace K8sConsul.TemplateRunner.Data;

/// <summary>From the bodies of the API to what templates see: sorted, filtered, and nothing null.</summary>
internal static class WireToData
{
    public static KeyData Key(Wire.KvPair? pair)
    {
        return new KeyData(pair is null ? null : Text(pair.Value));
    }

    public static KeyListData Keys(IEnumerable<Wire.KvPair> pairs, string prefix)
    {
        var list = new List<KeyPair>();
        foreach (Wire.KvPair pair in pairs)
        {
            string rest = pair.Key.StartsWith(prefix, StringComparison.Ordinal) ? pair.Key[prefix.Length..] : pair.Key;
            list.Add(new KeyPair
            {
                Path = pair.Key,
                Key = rest.TrimStart('/'),
                Value = Text(pair.Value),
                CreateIndex = pair.CreateIndex,
                ModifyIndex = pair.ModifyIndex,
                LockIndex = pair.LockIndex,
                Flags = pair.Flags,
                Session = pair.Session ?? string.Empty,
            });
        }

        return new KeyListData(list);
    }

    /// <summary>Instances in a state that the dependency accepts. With <c>~near</c> they stay in the server's order.</summary>
    public static HealthData Health(IEnumerable<Wire.ServiceEntry> entries, Dependency dependency)
    {
        var list = new List<HealthService>();
        foreach (Wire.ServiceEntry entry in entries)
        {
            HealthService service = Instance(entry);
            if (dependency.Accepts(service.Status))
            {
                list.Add(service);
            }
        }

        if (dependency.Near.Length == 0)
        {
            list.Sort(static (a, b) => Compare(a.Node, b.Node, a.ID, b.ID));
        }

        return new HealthData(list);
    }

    public static ServicesData Services(IReadOnlyDictionary<string, List<string>> services)
    {
        return new ServicesData(
        [
            .. services
                .OrderBy(static entry => entry.Key, StringComparer.Ordinal)
                .Select(static entry => new CatalogSnippet { Name = entry.Key, Tags = Sorted.Tags(entry.Value) }),
        ]);
    }

    public static NodeData Node(Wire.CatalogNodeServices? answer)
    {
        if (answer?.Node is null)
        {
            return new NodeData(Node: null);
        }

        List<CatalogNodeService> services = [.. (answer.Services ?? []).Values.Select(ServiceOfNode)];
        services.Sort(static (a, b) => Compare(a.Service, b.Service, a.ID, b.ID));
        return new NodeData(new CatalogNode { Node = NodeOf(answer.Node), Services = services });
    }

    public static NodesData Nodes(IEnumerable<Wire.CatalogNode> nodes, bool keepOrder)
    {
        List<Node> list = [.. nodes.Select(NodeOf)];
        if (!keepOrder)
        {
            list.Sort(static (a, b) => Compare(a.Name, b.Name, a.ID, b.ID));
        }

        return new NodesData(list);
    }

    public static DatacentersData Datacenters(IEnumerable<string> names)
    {
        return new DatacentersData(Sorted.Tags(names));
    }

    public static CaRootsData Roots(Wire.ConnectRoots answer)
    {
        return new CaRootsData(
        [
            .. (answer.Roots ?? []).Select(static root => new CaRoot
            {
                ID = root.ID,
                Name = root.Name,
                RootCertPEM = root.RootCert,
                Active = root.Active,
                CreateIndex = root.CreateIndex,
                ModifyIndex = root.ModifyIndex,
            }),
        ]);
    }

    public static CaLeafData Leaf(Wire.ConnectLeaf leaf)
    {
        return new CaLeafData(new CaLeaf
        {
            SerialNumber = leaf.SerialNumber,
            CertPEM = leaf.CertPEM,
            PrivateKeyPEM = leaf.PrivateKeyPEM,
            Service = leaf.Service,
            ServiceURI = leaf.ServiceURI,
            ValidAfter = leaf.ValidAfter,
            ValidBefore = leaf.ValidBefore,
            CreateIndex = leaf.CreateIndex,
            ModifyIndex = leaf.ModifyIndex,
        });
    }

    private static HealthService Instance(Wire.ServiceEntry entry)
    {
        ServiceCheck[] checks = [.. entry.Checks.Select(CheckOf)];
        Wire.NodeService service = entry.Service;
        return new HealthService
        {
            Node = entry.Node.Node,
            NodeID = entry.Node.ID,
            NodeAddress = entry.Node.Address,
            NodeTaggedAddresses = Sorted.Texts(entry.Node.TaggedAddresses),
            NodeMeta = Sorted.Texts(entry.Node.Meta),
            ServiceMeta = Sorted.Texts(service.Meta),
            Address = service.Address.Length > 0 ? service.Address : entry.Node.Address,
            ServiceTaggedAddresses = Addresses(service.TaggedAddresses),
            ID = service.ID,
            Name = service.Service,
            Tags = Sorted.Tags(service.Tags),
            Checks = checks,
            Status = ServiceStatus.Aggregate(checks),
            Port = service.Port,
            Weights = service.Weights is { } weights
                ? new ServiceWeights { Passing = weights.Passing, Warning = weights.Warning }
                : new ServiceWeights(),
        };
    }

    private static ServiceCheck CheckOf(Wire.HealthCheck check)
    {
        return new ServiceCheck
        {
            Node = check.Node,
            CheckID = check.CheckID,
            Name = check.Name,
            Status = check.Status,
            Notes = check.Notes,
            Output = check.Output,
            ServiceID = check.ServiceID,
            ServiceName = check.ServiceName,
            ServiceTags = [.. check.ServiceTags ?? []],
            Type = check.Type,
        };
    }

    private static Node NodeOf(Wire.CatalogNode node)
    {
        return new Node
        {
            ID = node.ID,
            Name = node.Node,
            Address = node.Address,
            Datacenter = node.Datacenter,
            TaggedAddresses = Sorted.Texts(node.TaggedAddresses),
            Meta = Sorted.Texts(node.Meta),
        };
    }

    private static CatalogNodeService ServiceOfNode(Wire.NodeService service)
    {
        return new CatalogNodeService
        {
            ID = service.ID,
            Service = service.Service,
            Tags = Sorted.Tags(service.Tags),
            Meta = Sorted.Texts(service.Meta),
            Port = service.Port,
            Address = service.Address,
            EnableTagOverride = service.EnableTagOverride,
        };
    }

    private static IReadOnlyDictionary<string, ServiceAddress> Addresses(Dictionary<string, Wire.ServiceAddress>? addresses)
    {
        if (addresses is null || addresses.Count == 0)
        {
            return Sorted.NoAddresses;
        }

        var sorted = new SortedDictionary<string, ServiceAddress>(StringComparer.Ordinal);
        foreach ((string name, Wire.ServiceAddress address) in addresses)
        {
            sorted[name] = new ServiceAddress { Address = address.Address, Port = address.Port };
        }

        return sorted;
    }

    private static int Compare(string first, string second, string firstId, string secondId)
    {
        int order = string.CompareOrdinal(first, second);
        return order != 0 ? order : string.CompareOrdinal(firstId, secondId);
    }

    private static string Text(byte[]? value)
    {
        return value is null ? string.Empty : Encoding.UTF8.GetString(value);
    }
}
