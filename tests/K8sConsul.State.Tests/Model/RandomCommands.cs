using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.State.Tests.Support;

namespace K8sConsul.State.Tests.Model;

/// <summary>Commands over few names, so that they meet: the same node by two spellings, two IDs, and the indexes in use.</summary>
internal sealed class RandomCommands(SeededRandom random)
{
    public static readonly string[] Nodes = ["n1", "N1", "n2", "n3"];
    public static readonly string[] ServiceNames = ["web", "Web", "db", "web-admin"];
    public static readonly string[] Keys = ["a", "a/", "a/b", "a/b/c", "a/bd", "b", "é/x"];
    public static readonly string[] Prefixes = ["", "a", "a/", "a/b", "a/b/", "b", "c", "é"];

    private static readonly string[] _ids = ["", "", "11111111-0000-0000-0000-000000000000", "22222222-0000-0000-0000-000000000000"];
    private static readonly string[] _serviceIds = ["s1", "S1", "s2", "s3"];
    private static readonly string[] _checkIds = ["c1", "C1", "c2", CheckRecord.SerfHealthId];
    private static readonly string[] _statuses = [CheckStatus.Passing, CheckStatus.Passing, CheckStatus.Warning, CheckStatus.Critical, string.Empty];

    private int _sessions;

    public StateCommand Next(StateSnapshot state) => random.Next(100) switch
    {
        < 16 => Register(state),
        < 26 => new RegisterCommand { Node = Node(state), SkipNodeUpdate = random.Chance(30) },
        < 38 => new DeregisterCommand(
            random.PickFrom(Nodes),
            random.Chance(40) ? random.PickFrom(_serviceIds) : string.Empty,
            random.Chance(85) ? random.PickFrom(_checkIds) : string.Empty),
        < 72 => new KvCommand(
            random.Pick(KvVerb.Set, KvVerb.Set, KvVerb.Set, KvVerb.Cas, KvVerb.Lock, KvVerb.Lock, KvVerb.Unlock, KvVerb.Delete, KvVerb.DeleteCas, KvVerb.DeleteTree, "bogus"),
            Kv(state)),
        < 80 => CreateSession(state),
        < 84 => new SessionCommand(Destroy: true, new SessionRecord { Id = SessionId(state), Node = string.Empty }),
        < 86 => new TombstoneCommand(state.TombstoneIndexMax() - (ulong)random.Next(2)),
        < 90 => new CoordinateCommand([new CoordinateRecord { Node = random.PickFrom(Nodes), Segment = random.Pick("", "s"), Vec = [random.Next(3), 0] }]),
        _ => new TxnCommand([.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Operation(state))]),
    };

    private RegisterCommand Register(StateSnapshot state)
    {
        NodeRecord node = state.Node(random.PickFrom(Nodes)) ?? Node(state);
        return new RegisterCommand
        {
            Node = node,
            SkipNodeUpdate = random.Chance(50),
            Service = random.Chance(60) ? Service(state) with { Node = node.Node } : null,
            Checks = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Check(state) with { Node = random.Chance(95) ? node.Node : random.PickFrom(Nodes) })],
        };
    }

    private NodeRecord Node(StateSnapshot state)
    {
        string name = random.PickFrom(Nodes);
        return new NodeRecord
        {
            Node = name,
            Id = random.PickFrom(_ids),
            Address = random.Pick("1.1.1.1", "2.2.2.2"),
            Meta = random.Pick(null, StringMap.Empty, StringMap.Of(("k", "v"))),
            ModifyIndex = Expected(state.Node(name)?.ModifyIndex),
        };
    }

    private ServiceRecord Service(StateSnapshot state)
    {
        string node = random.PickFrom(Nodes);
        string id = random.PickFrom(_serviceIds);
        bool proxy = random.Chance(25);
        return new ServiceRecord
        {
            Node = node,
            Id = id,
            Service = proxy ? "proxy" : random.PickFrom(ServiceNames),
            Kind = proxy ? "connect-proxy" : string.Empty,
            Proxy = proxy ? new ProxyRecord { DestinationServiceName = random.PickFrom(ServiceNames) } : null,
            ConnectNative = !proxy && random.Chance(25),
            Port = random.Next(2),
            Tags = random.Pick<IReadOnlyList<string>>([], ["t"]),
            ModifyIndex = Expected(state.Service(node, id)?.ModifyIndex),
        };
    }

    private CheckRecord Check(StateSnapshot state)
    {
        string node = random.PickFrom(Nodes);
        string id = random.PickFrom(_checkIds);
        return new CheckRecord
        {
            Node = node,
            CheckId = id,
            Status = random.PickFrom(_statuses),
            ServiceId = random.Chance(40) ? random.PickFrom(_serviceIds) : string.Empty,
            Output = random.Pick("", "", "out"),
            ModifyIndex = Expected(state.Check(node, id)?.ModifyIndex),
        };
    }

    private KvRecord Kv(StateSnapshot state)
    {
        string key = random.PickFrom(Keys);
        return new KvRecord
        {
            Key = key,
            Value = random.Pick<byte[]>([], [1], [2]),
            Flags = (ulong)random.Next(2),
            Session = random.Chance(75) ? random.Chance(25) && state.KvGet(key).Entry is { } entry ? entry.Session : SessionId(state) : string.Empty,
            ModifyIndex = Expected(state.KvGet(key).Entry?.ModifyIndex),
        };
    }

    private SessionCommand CreateSession(StateSnapshot state)
    {
        IReadOnlyList<string> nodes = state.NodeCount > 0 && random.Chance(90) ? [.. state.NodeList().Nodes.Select(node => node.Node)] : Nodes;
        var session = new SessionRecord
        {
            Id = $"session-{++_sessions}",
            Node = random.PickFrom(nodes),
            Behavior = random.Pick(SessionBehavior.Release, SessionBehavior.Delete),
            LockDelay = TimeSpan.FromSeconds(random.Pick(0, 15, 90)),
            NodeChecks = [.. Enumerable.Range(0, random.Next(6) / 3).Select(_ => random.PickFrom(_checkIds))],
            ServiceChecks = [.. Enumerable.Range(0, random.Next(5) / 4).Select(_ => new SessionServiceCheck(random.PickFrom(_checkIds), string.Empty))],
        };
        return new SessionCommand(Destroy: false, session);
    }

    private string SessionId(StateSnapshot state)
    {
        List<string> living = [.. state.SessionList().Sessions.Select(session => session.Id)];
        string id = living.Count == 0 || random.Chance(10) ? "session-0" : random.PickFrom(living);
        return random.Chance(10) ? id.ToUpperInvariant() : id;
    }

    private TxnOperation Operation(StateSnapshot state) => random.Next(10) switch
    {
        < 5 => new TxnKvOperation(
            random.Pick(KvVerb.Set, KvVerb.Set, KvVerb.Cas, KvVerb.Lock, KvVerb.Unlock, KvVerb.Get, KvVerb.GetTree, KvVerb.CheckIndex, KvVerb.CheckSession, KvVerb.CheckNotExists, KvVerb.Delete, KvVerb.DeleteTree, KvVerb.DeleteCas),
            Kv(state)),
        < 7 => new TxnNodeOperation(Verb(), Node(state)),
        < 8 => new TxnServiceOperation(Verb(), Service(state)),
        _ => new TxnCheckOperation(Verb(), Check(state)),
    };

    private string Verb() => random.Pick(CatalogVerb.Set, CatalogVerb.Set, CatalogVerb.Cas, CatalogVerb.Get, CatalogVerb.Delete, CatalogVerb.DeleteCas);

    private ulong Expected(ulong? current) => random.Chance(70) ? current ?? 0 : (ulong)random.Next(3);
}
