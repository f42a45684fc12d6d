namespace K8sConsul.Filter.Tests;

/// <summary>Rows shaped like those of <c>/v1/health/service/web</c>, and the registrations that make the real Consul hold the same.</summary>
internal static class HealthRows
{
    internal sealed record Address(string Host, int Port);

    internal sealed record Check(string Id, string Name, string Status, string Output, string[] ServiceTags);

    internal sealed record Row(
        string Node,
        string NodeAddress,
        Dictionary<string, string> NodeMeta,
        string ServiceId,
        int Port,
        string[] Tags,
        Dictionary<string, string> ServiceMeta,
        Dictionary<string, Address> TaggedAddresses,
        bool EnableTagOverride,
        int WeightPassing,
        Check[] Checks);

    public static FilterSchema<Row> Schema { get; } = new FilterSchema<Row>()
        .Text("Node.Node", row => row.Node)
        .Text("Node.Address", row => row.NodeAddress)
        .TextMap("Node.Meta", row => row.NodeMeta)
        .Text("Service.ID", row => row.ServiceId)
        .Text("Service.Service", _ => "web")
        .Text("Service.Kind", _ => null)
        .Int("Service.Port", row => row.Port)
        .TextList("Service.Tags", row => row.Tags)
        .TextMap("Service.Meta", row => row.ServiceMeta)
        .ObjectMap(
            "Service.TaggedAddresses",
            row => row.TaggedAddresses,
            new FilterSchema<Address>().Text("Address", address => address.Host).Int("Port", address => address.Port))
        .Bool("Service.EnableTagOverride", row => row.EnableTagOverride)
        .Object("Service.Weights", row => row, new FilterSchema<Row>().Int("Passing", row => row.WeightPassing).Int("Warning", _ => 1))
        .Objects(
            "Checks",
            row => row.Checks,
            new FilterSchema<Check>()
                .Text("CheckID", check => check.Id)
                .Text("Name", check => check.Name)
                .Text("Status", check => check.Status)
                .Text("Output", check => check.Output)
                .TextList("ServiceTags", check => check.ServiceTags));

    public static Row[] All { get; } =
    [
        new(
            "w-1", "10.0.0.1", new() { ["os"] = "linux", ["rack"] = "r 1" },
            "web1", 80, ["primary", "v1"], new() { ["version"] = "2", ["env_name"] = "prod" },
            new() { ["lan"] = new("10.1.0.1", 8000), ["lan_ipv4"] = new("10.1.0.1", 8000) }, false, 3,
            [new("c1", "web alive", "passing", "ok 200", ["primary", "v1"]), new("serfHealth", "Serf", "passing", "", [])]),
        new(
            "w-2", "10.0.0.2", [], "web2", 8080, [], [],
            new() { ["lan_ipv4"] = new("10.9.9.2", 8080), ["wan_ipv4"] = new("10.9.9.2", 8080) }, true, 1,
            [new("c2", "web alive", "critical", "line1\nline2", [])]),
        new("w3", "10.0.0.3", new() { ["os"] = "Zürich 😀" }, "web3", 443, ["v2", "ünï"], new() { ["version"] = "10" }, [], false, 1, []),
        new("w4", "10.0.0.4", new() { ["os"] = "A\nb c_\u212a ſ" }, "web4", 1, ["\"q\""], [], [], false, 1, []),
    ];

    public static string[] Registrations { get; } =
    [
        """
        {"Node":"w-1","Address":"10.0.0.1","NodeMeta":{"os":"linux","rack":"r 1"},
         "Service":{"ID":"web1","Service":"web","Port":80,"Tags":["primary","v1"],"Meta":{"version":"2","env_name":"prod"},
           "Weights":{"Passing":3,"Warning":1},"TaggedAddresses":{"lan":{"Address":"10.1.0.1","Port":8000},"lan_ipv4":{"Address":"10.1.0.1","Port":8000}}},
         "Checks":[{"Node":"w-1","CheckID":"c1","Name":"web alive","Status":"passing","ServiceID":"web1","Output":"ok 200"},
                   {"Node":"w-1","CheckID":"serfHealth","Name":"Serf","Status":"passing"}]}
        """,
        """
        {"Node":"w-2","Address":"10.0.0.2",
         "Service":{"ID":"web2","Service":"web","Port":8080,"EnableTagOverride":true,"TaggedAddresses":
           {"lan_ipv4":{"Address":"10.9.9.2","Port":8080},"wan_ipv4":{"Address":"10.9.9.2","Port":8080}}},
         "Checks":[{"Node":"w-2","CheckID":"c2","Name":"web alive","Status":"critical","ServiceID":"web2","Output":"line1\nline2"}]}
        """,
        """
        {"Node":"w3","Address":"10.0.0.3","NodeMeta":{"os":"Zürich 😀"},
         "Service":{"ID":"web3","Service":"web","Port":443,"Tags":["v2","ünï"],"Meta":{"version":"10"}}}
        """,
        """
        {"Node":"w4","Address":"10.0.0.4","NodeMeta":{"os":"A\nb c_\u212a ſ"},
         "Service":{"ID":"web4","Service":"web","Port":1,"Tags":["\"q\""]}}
        """,
    ];
}
