using K8sConsul.State.Records;
using K8sConsul.State.Transactions;
using K8sConsul.State.Watching;

namespace K8sConsul.State.Tests.Model;

/// <summary>A blocking read: what the store answers and what the model says it must.</summary>
internal sealed record Read(string Name, Func<StateSnapshot, WatchSet?, (ulong Index, string Result)> Store, Func<ModelState, string> Model);

/// <summary>Every read of the catalog, health, key/value, session and coordinate endpoints over the names in use.</summary>
internal static class Reads
{
    public static readonly IReadOnlyList<Read> All = [.. Build()];

    private static IEnumerable<Read> Build()
    {
        yield return new("nodes", (s, w) => Rows(s.NodeList(w)), m => Rows(m.Nodes.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => e.Value)));
        yield return new("services", (s, w) => Rows(s.ServiceList(w)), m => Rows(Ordered(m.Services.Values)));
        yield return new("services by meta", (s, w) => Rows(s.ServiceListByNodeMeta(w)), m => Rows(Ordered(m.Services.Values)));
        yield return new("sessions", (s, w) => Rows(s.SessionList(w)), m => Rows(m.Sessions.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => e.Value)));
        yield return new("coordinates", (s, w) => Rows(s.CoordinateList(w)), m => Rows(Coordinates(m, _ => true)));
        foreach (string state in (string[])["any", CheckStatus.Passing, CheckStatus.Critical])
        {
            yield return new($"state {state}", (s, w) => Rows(s.ChecksInState(state, w)), m => Rows(Checks(m, check => state == "any" || check.Status == state)));
        }

        foreach (string node in RandomCommands.Nodes.Append("missing"))
        {
            yield return new($"node {node}", (s, w) => NodeServices(s, node, w), m => NodeServices(m, node));
            yield return new($"checks of {node}", (s, w) => Rows(s.ChecksOfNode(node, w)), m => Rows(Checks(m, check => Same(check.Node, node))));
            yield return new($"sessions of {node}", (s, w) => Rows(s.SessionsOfNode(node, w)), m => Rows(m.Sessions.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => e.Value).Where(session => Same(session.Node, node))));
            yield return new($"coordinates of {node}", (s, w) => Rows(s.CoordinatesOfNode(node, w)), m => Rows(Coordinates(m, coordinate => Same(coordinate.Node, node))));
        }

        foreach (string service in RandomCommands.ServiceNames.Append("proxy").Append("missing"))
        {
            yield return new($"service {service}", (s, w) => Rows(s.ServiceInstances(service, w)), m => Rows(Instances(m, service)));
            yield return new($"health {service}", (s, w) => Rows(s.ServiceHealth(service, w)), m => Rows(Instances(m, service).Select(i => Health(m, i))));
            yield return new($"connect {service}", (s, w) => Rows(s.ConnectInstances(service, w)), m => Rows(Connect(m, service)));
            yield return new($"connect health {service}", (s, w) => Rows(s.ConnectHealth(service, w)), m => Rows(Connect(m, service).Select(i => Health(m, i))));
            yield return new($"checks of service {service}", (s, w) => Rows(s.ChecksOfService(service, w)), m => Rows(Checks(m, check => Same(check.ServiceName, service))));
        }

        foreach (string key in RandomCommands.Keys.Append("missing"))
        {
            yield return new($"key {key}", (s, w) => Row(s.KvGet(key, w)), m => ModelState.Text(m.Kv.GetValueOrDefault(key)));
        }

        foreach (string prefix in RandomCommands.Prefixes)
        {
            yield return new(
                $"prefix {prefix}",
                (s, w) => Rows(s.KvList(prefix, w)),
                m => Rows(m.Kv.Values.Where(e => e.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(e => e.Key, StringComparer.Ordinal)));
        }

        for (int i = 1; i <= 6; i++)
        {
            string id = $"Session-{i}";
            yield return new($"session {id}", (s, w) => Row(s.SessionGet(id, w)), m => ModelState.Text(m.Sessions.GetValueOrDefault(id.ToLowerInvariant())));
        }
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string Fold(params string[] parts) => string.Join('\0', parts).ToLowerInvariant();

    private static string Rows<T>(IEnumerable<T> rows) => ModelState.Text(rows.ToList());

    private static (ulong Index, string Result) Rows<T>((ulong Index, IEnumerable<T> Rows) read) => (read.Index, Rows(read.Rows));

    private static (ulong Index, string Result) Rows<T>((ulong Index, IReadOnlyList<T> Rows) read) => (read.Index, Rows(read.Rows));

    private static (ulong Index, string Result) Rows<T>((ulong Index, State.Radix.RadixRange<T> Rows) read)
        where T : class => (read.Index, Rows(read.Rows.AsEnumerable()));

    private static (ulong Index, string Result) Row<T>((ulong Index, T? Row) read)
        where T : class => (read.Index, ModelState.Text(read.Row));

    private static IEnumerable<ServiceRecord> Ordered(IEnumerable<ServiceRecord> services) =>
        services.OrderBy(service => Fold(service.Service, service.Node, service.Id), StringComparer.Ordinal);

    private static IEnumerable<ServiceRecord> Instances(ModelState model, string service) =>
        Ordered(model.Services.Values.Where(instance => Same(instance.Service, service)));

    private static IEnumerable<ServiceRecord> Connect(ModelState model, string service) => model.Services.Values
        .Where(instance => StateTransaction.ConnectTarget(instance) is { } target && Same(target, service))
        .OrderBy(instance => Fold(instance.Node, instance.Id), StringComparer.Ordinal);

    private static IEnumerable<CheckRecord> Checks(ModelState model, Func<CheckRecord, bool> chosen) =>
        model.Checks.Values.Where(chosen).OrderBy(check => Fold(check.Node, check.CheckId), StringComparer.Ordinal);

    private static IEnumerable<CoordinateRecord> Coordinates(ModelState model, Func<CoordinateRecord, bool> chosen) =>
        model.Coordinates.Values.Where(chosen).OrderBy(coordinate => Fold(coordinate.Node, coordinate.Segment), StringComparer.Ordinal);

    private static HealthRecord Health(ModelState model, ServiceRecord instance) => new(
        model.Nodes[instance.Node.ToLowerInvariant()],
        instance,
        [
            .. Checks(model, check => Same(check.Node, instance.Node) && check.ServiceId.Length == 0),
            .. Checks(model, check => Same(check.Node, instance.Node) && Same(check.ServiceId, instance.Id)),
        ]);

    private static (ulong Index, string Result) NodeServices(StateSnapshot state, string node, WatchSet? watches)
    {
        (ulong index, NodeRecord? found, State.Radix.RadixRange<ServiceRecord> services) = state.NodeServices(node, watches);
        return (index, ModelState.Text(found) + Rows(services.AsEnumerable()));
    }

    private static string NodeServices(ModelState model, string node) =>
        ModelState.Text(model.Nodes.GetValueOrDefault(node.ToLowerInvariant()))
        + Rows(model.Services.Values.Where(service => Same(service.Node, node)).OrderBy(service => Fold(service.Id), StringComparer.Ordinal));
}
