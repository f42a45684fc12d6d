using System.Text;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.State.Tests.Support;

/// <summary>
/// A store driven as a replica drives it: every command goes through its log entry. Methods return the Raft index of
/// the command, so that expectations can name it.
/// </summary>
internal sealed class TestStore
{
    public StateStore Store { get; } = new();

    public ulong Index { get; private set; } = 100;

    public CommandResult Last { get; private set; } = CommandResult.Done;

    public StateSnapshot Now => Store.Current;

    public CommandResult Run(StateCommand command)
    {
        Last = Store.Apply(++Index, StateCommand.Decode(command.Encode()));
        Store.Publish();
        return Last;
    }

    public ulong Apply(StateCommand command)
    {
        Assert.Null(Run(command).Refused);
        return Index;
    }

    public ulong Put(string key, string value = "v", ulong flags = 0) => Apply(new KvCommand(KvVerb.Set, Entry(key, value, flags)));

    public bool Cas(string key, ulong expected, string value = "v") =>
        Run(new KvCommand(KvVerb.Cas, Entry(key, value) with { ModifyIndex = expected })).Succeeded;

    public bool Lock(string key, string session, string value = "v") =>
        Run(new KvCommand(KvVerb.Lock, Entry(key, value) with { Session = session })).Succeeded;

    public bool Unlock(string key, string session, string value = "v", ulong flags = 0) =>
        Run(new KvCommand(KvVerb.Unlock, Entry(key, value, flags) with { Session = session })).Succeeded;

    public ulong Delete(string key) => Apply(new KvCommand(KvVerb.Delete, Entry(key)));

    public bool DeleteCas(string key, ulong expected) =>
        Run(new KvCommand(KvVerb.DeleteCas, Entry(key) with { ModifyIndex = expected })).Succeeded;

    public ulong DeleteTree(string prefix) => Apply(new KvCommand(KvVerb.DeleteTree, Entry(prefix)));

    public KvRecord? Kv(string key) => Now.KvGet(key).Entry;

    public ulong Node(string name, string id = "", string address = "10.0.0.1", StringMap? meta = null) =>
        Apply(new RegisterCommand { Node = NodeOf(name, id, address, meta) });

    public ulong Service(string node, string name, string? id = null, int port = 80, ServiceRecord? like = null) =>
        Apply(new RegisterCommand
        {
            Node = NodeOf(node),
            SkipNodeUpdate = true,
            Service = (like ?? new ServiceRecord { Node = node, Id = string.Empty, Service = name, Port = port }) with { Node = node, Service = name, Id = id ?? name },
        });

    public ulong Proxy(string node, string id, string destination, string service = "proxy") => Service(
        node,
        service,
        id,
        like: new ServiceRecord
        {
            Node = node,
            Id = id,
            Service = service,
            Kind = "connect-proxy",
            Port = 1,
            Proxy = new ProxyRecord { DestinationServiceName = destination },
        });

    public ulong Check(string node, string id, string status = CheckStatus.Passing, string service = "", string output = "") =>
        Apply(new RegisterCommand
        {
            Node = NodeOf(node),
            SkipNodeUpdate = true,
            Checks = [new CheckRecord { Node = node, CheckId = id, Name = id, Status = status, ServiceId = service, Output = output }],
        });

    public ulong Deregister(string node, string service = "", string check = "") => Apply(new DeregisterCommand(node, service, check));

    public ulong Session(string id, string node, string behavior = SessionBehavior.Release, TimeSpan lockDelay = default, params string[] checks) =>
        Apply(new SessionCommand(
            Destroy: false,
            new SessionRecord { Id = id, Node = node, Behavior = behavior, LockDelay = lockDelay, NodeChecks = checks }));

    public ulong Destroy(string session) =>
        Apply(new SessionCommand(Destroy: true, new SessionRecord { Id = session, Node = string.Empty }));

    public static KvRecord Entry(string key, string value = "", ulong flags = 0) =>
        new() { Key = key, Value = Encoding.UTF8.GetBytes(value), Flags = flags };

    public static NodeRecord NodeOf(string name, string id = "", string address = "10.0.0.1", StringMap? meta = null) =>
        new() { Node = name, Id = id, Address = address, Meta = meta, Datacenter = "dc1" };
}
