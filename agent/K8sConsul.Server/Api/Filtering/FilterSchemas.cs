using K8sConsul.Filter;
using K8sConsul.State;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Api.Filtering;

/// <summary>An instance with its node, as the catalog's flat listing filters it.</summary>
public readonly record struct CatalogRow(NodeRecord Node, ServiceRecord Service);

/// <summary>What <c>?filter</c> may select on each kind of row. What is not named here is not selectable, as in Consul.</summary>
public static class FilterSchemas
{
    public static readonly FilterSchema<NodeRecord> Node = new FilterSchema<NodeRecord>()
        .Text("ID", n => n.Id)
        .Text("Node", n => n.Node)
        .Text("Address", n => n.Address)
        .Text("Datacenter", n => n.Datacenter)
        .TextMap("TaggedAddresses", n => n.TaggedAddresses)
        .TextMap("Meta", n => n.Meta);

    public static readonly FilterSchema<CheckRecord> Check = new FilterSchema<CheckRecord>()
        .Text("Node", c => c.Node)
        .Text("CheckID", c => c.CheckId)
        .Text("Name", c => c.Name)
        .Text("Status", c => c.Status)
        .Text("Notes", c => c.Notes)
        .Text("Output", c => c.Output)
        .Text("ServiceID", c => c.ServiceId)
        .Text("ServiceName", c => c.ServiceName)
        .TextList("ServiceTags", c => c.ServiceTags)
        .Text("Type", c => c.Type);

    private static readonly FilterSchema<TaggedAddress> Tagged = new FilterSchema<TaggedAddress>()
        .Text("Address", t => t.Address)
        .Int("Port", t => t.Port);

    private static readonly FilterSchema<UpstreamRecord> Upstream = new FilterSchema<UpstreamRecord>()
        .Text("DestinationType", u => u.DestinationType)
        .Text("DestinationNamespace", u => u.DestinationNamespace)
        .Text("DestinationName", u => u.DestinationName)
        .Text("Datacenter", u => u.Datacenter)
        .Text("LocalBindAddress", u => u.LocalBindAddress)
        .Int("LocalBindPort", u => u.LocalBindPort)
        .Text("MeshGateway.Mode", u => u.MeshGatewayMode);

    /// <summary>A service of an agent or of a node.</summary>
    public static readonly FilterSchema<ServiceRecord> Service = Describe(new FilterSchema<ServiceRecord>(), s => s, prefix: string.Empty)
        .Text("Kind", s => s.Kind)
        .Text("ID", s => s.Id)
        .Text("Service", s => s.Service);

    public static readonly FilterSchema<CatalogRow> Catalog = Describe(new FilterSchema<CatalogRow>(), r => r.Service, prefix: "Service")
        .Text("ID", r => r.Node.Id)
        .Text("Node", r => r.Node.Node)
        .Text("Address", r => r.Node.Address)
        .Text("Datacenter", r => r.Node.Datacenter)
        .TextMap("TaggedAddresses", r => r.Node.TaggedAddresses)
        .TextMap("NodeMeta", r => r.Node.Meta)
        .Text("ServiceKind", r => r.Service.Kind)
        .Text("ServiceID", r => r.Service.Id)
        .Text("ServiceName", r => r.Service.Service);

    public static readonly FilterSchema<HealthRecord> Health = new FilterSchema<HealthRecord>()
        .Object("Node", h => h.Node, Node)
        .Object("Service", h => h.Service, Service)
        .Objects("Checks", h => h.Checks, Check);

    /// <summary>The predicate of the request's <c>?filter</c>; null when there is none.</summary>
    /// <exception cref="ApiRefusedException">500 with go-bexpr's text, as 1.8.7.</exception>
    public static Predicate<T>? Bind<T>(FilterSchema<T> schema, ApiRequest request)
    {
        string text = request.Query["filter"];
        if (text.Length == 0)
        {
            return null;
        }

        if (!FilterExpression.TryParse(text, out FilterExpression? expression, out string? error)
            || !expression.TryBind(schema, out Predicate<T>? keep, out error))
        {
            throw new ApiRefusedException(500, FilterExpression.ErrorPrefix + error, withReadMeta: true);
        }

        return keep;
    }

    private static FilterSchema<T> Describe<T>(FilterSchema<T> schema, Func<T, ServiceRecord> of, string prefix) => schema
        .TextList(prefix + "Tags", r => of(r).Tags)
        .Text(prefix + "Address", r => of(r).Address)
        .ObjectMap(prefix + "TaggedAddresses", r => of(r).TaggedAddresses.ToDictionary(t => t.Name, t => t, StringComparer.Ordinal), Tagged)
        .TextMap(prefix + "Meta", r => of(r).Meta)
        .Int(prefix + "Port", r => of(r).Port)
        .Int(prefix + "Weights.Passing", r => of(r).Weights.Passing)
        .Int(prefix + "Weights.Warning", r => of(r).Weights.Warning)
        .Bool(prefix + "EnableTagOverride", r => of(r).EnableTagOverride)
        .Bool(prefix + "Connect.Native", r => of(r).ConnectNative)
        .Text(prefix + "Proxy.DestinationServiceName", r => of(r).Proxy?.DestinationServiceName)
        .Text(prefix + "Proxy.DestinationServiceID", r => of(r).Proxy?.DestinationServiceId)
        .Text(prefix + "Proxy.LocalServiceAddress", r => of(r).Proxy?.LocalServiceAddress)
        .Int(prefix + "Proxy.LocalServicePort", r => of(r).Proxy?.LocalServicePort ?? 0)
        .Text(prefix + "Proxy.MeshGateway.Mode", r => of(r).Proxy?.MeshGatewayMode)
        .Objects(prefix + "Proxy.Upstreams", r => of(r).Proxy?.Upstreams, Upstream);
}
