using K8sConsul.Template;
using K8sConsul.TemplateRunner.Data;

namespace K8sConsul.TemplateRunner.Language;

/// <summary>The data types as templates see them; names and order of the fields are consul-template's.</summary>
internal static class DataShapes
{
    public static readonly DataShape<ServiceAddress> ServiceAddress = new(
        "ServiceTaggedAddress", ("Address", static a => a.Address), ("Port", static a => a.Port));

    public static readonly DataShape<ServiceWeights> ServiceWeights = new(
        "AgentWeights", ("Passing", static w => w.Passing), ("Warning", static w => w.Warning));

    public static readonly DataShape<ServiceCheck> ServiceCheck = new(
        "HealthCheck",
        ("Node", static c => c.Node),
        ("CheckID", static c => c.CheckID),
        ("Name", static c => c.Name),
        ("Status", static c => c.Status),
        ("Notes", static c => c.Notes),
        ("Output", static c => c.Output),
        ("ServiceID", static c => c.ServiceID),
        ("ServiceName", static c => c.ServiceName),
        ("ServiceTags", static c => new ServiceTags(c.ServiceTags)),
        ("Type", static c => c.Type));

    public static readonly DataShape<HealthService> HealthService = new(
        "HealthService",
        ("Node", static s => s.Node),
        ("NodeID", static s => s.NodeID),
        ("NodeAddress", static s => s.NodeAddress),
        ("NodeTaggedAddresses", static s => Texts(s.NodeTaggedAddresses)),
        ("NodeMeta", static s => Texts(s.NodeMeta)),
        ("ServiceMeta", static s => Texts(s.ServiceMeta)),
        ("Address", static s => s.Address),
        ("ServiceTaggedAddresses", static s => Addresses(s.ServiceTaggedAddresses)),
        ("ID", static s => s.ID),
        ("Name", static s => s.Name),
        ("Tags", static s => new ServiceTags(s.Tags)),
        ("Checks", static s => ServiceCheck!.Views(s.Checks)),
        ("Status", static s => s.Status),
        ("Port", static s => s.Port),
        ("Weights", static s => ServiceWeights!.View(s.Weights)));

    public static readonly DataShape<KeyPair> KeyPair = new(
        "KeyPair",
        ("Path", static p => p.Path),
        ("Key", static p => p.Key),
        ("Value", static p => p.Value),
        ("CreateIndex", static p => p.CreateIndex),
        ("ModifyIndex", static p => p.ModifyIndex),
        ("LockIndex", static p => p.LockIndex),
        ("Flags", static p => p.Flags),
        ("Session", static p => p.Session));

    public static readonly DataShape<CatalogSnippet> CatalogSnippet = new(
        "CatalogSnippet", ("Name", static s => s.Name), ("Tags", static s => new ServiceTags(s.Tags)));

    public static readonly DataShape<Node> Node = new(
        "Node",
        ("ID", static n => n.ID),
        ("Node", static n => n.Name),
        ("Address", static n => n.Address),
        ("Datacenter", static n => n.Datacenter),
        ("TaggedAddresses", static n => Texts(n.TaggedAddresses)),
        ("Meta", static n => Texts(n.Meta)));

    public static readonly DataShape<CatalogNodeService> CatalogNodeService = new(
        "CatalogNodeService",
        ("ID", static s => s.ID),
        ("Service", static s => s.Service),
        ("Tags", static s => new ServiceTags(s.Tags)),
        ("Meta", static s => Texts(s.Meta)),
        ("Port", static s => s.Port),
        ("Address", static s => s.Address),
        ("EnableTagOverride", static s => s.EnableTagOverride));

    public static readonly DataShape<CatalogNode> CatalogNode = new(
        "CatalogNode", ("Node", static n => Node!.View(n.Node)), ("Services", static n => CatalogNodeService!.Views(n.Services)));

    public static readonly DataShape<CaRoot> CaRoot = new(
        "CARoot",
        ("ID", static r => r.ID),
        ("Name", static r => r.Name),
        ("RootCertPEM", static r => r.RootCertPEM),
        ("Active", static r => r.Active),
        ("CreateIndex", static r => r.CreateIndex),
        ("ModifyIndex", static r => r.ModifyIndex));

    public static readonly DataShape<CaLeaf> CaLeaf = new(
        "LeafCert",
        ("SerialNumber", static l => l.SerialNumber),
        ("CertPEM", static l => l.CertPEM),
        ("PrivateKeyPEM", static l => l.PrivateKeyPEM),
        ("Service", static l => l.Service),
        ("ServiceURI", static l => l.ServiceURI),
        ("ValidAfter", static l => l.ValidAfter),
        ("ValidBefore", static l => l.ValidBefore),
        ("CreateIndex", static l => l.CreateIndex),
        ("ModifyIndex", static l => l.ModifyIndex));

    private static readonly GoType s_texts = GoType.MapOf(GoType.String, GoType.String);
    private static readonly GoType s_addresses = GoType.MapOf(GoType.String, ServiceAddress.Pointer);

    private static TemplateMap Texts(IReadOnlyDictionary<string, string> entries)
    {
        return new TemplateMap(s_texts, entries.ToDictionary(static entry => entry.Key, static entry => (object?)entry.Value, StringComparer.Ordinal));
    }

    private static TemplateMap Addresses(IReadOnlyDictionary<string, ServiceAddress> entries)
    {
        return new TemplateMap(
            s_addresses,
            entries.ToDictionary(static entry => entry.Key, static entry => (object?)ServiceAddress.View(entry.Value), StringComparer.Ordinal));
    }
}
