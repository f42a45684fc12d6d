using System.Text;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.State.Tests.Support;

namespace K8sConsul.State.Tests.Rules;

/// <summary>Verbs and error texts of transactions, as Consul 1.8.7 gives them.</summary>
public sealed class TxnTests
{
    private const string Id1 = "11111111-1111-1111-1111-111111111111";
    private const string Id2 = "22222222-2222-2222-2222-222222222222";
    private const string Session = "33333333-3333-3333-3333-333333333333";

    private readonly TestStore _store = new();
    private readonly ulong _key;
    private readonly ulong _node;
    private readonly ulong _service;
    private readonly ulong _check;

    public TxnTests()
    {
        _node = _store.Node("n", Id1);
        _service = _store.Service("n", "s");
        _check = _store.Check("n", "c");
        _store.Session(Session, "n");
        _store.Lock("held", Session);
        _key = _store.Put("k", "value", flags: 4);
    }

    private CommandResult Txn(params TxnOperation[] operations) => _store.Run(new TxnCommand(operations));

    private static TxnKvOperation Kv(string verb, string key, ulong index = 0, string session = "", string value = "") =>
        new(verb, TestStore.Entry(key, value) with { ModifyIndex = index, Session = session });

    private static TxnNodeOperation Node(string verb, string name, string id = "", ulong index = 0) =>
        new(verb, TestStore.NodeOf(name, id, "1.1.1.1") with { ModifyIndex = index });

    private static TxnServiceOperation Service(string verb, string node, string id, ulong index = 0) =>
        new(verb, new ServiceRecord { Node = node, Id = id, Service = "svc", ModifyIndex = index });

    private static TxnCheckOperation Check(string verb, string node, string id, ulong index = 0, string service = "") =>
        new(verb, new CheckRecord { Node = node, CheckId = id, ServiceId = service, ModifyIndex = index });

    public static TheoryData<TxnOperation, string> Refusals => new()
    {
        { Kv(KvVerb.Get, "nope"), "key \"nope\" doesn't exist" },
        { Kv(KvVerb.CheckNotExists, "k"), "key \"k\" exists" },
        { Kv(KvVerb.CheckIndex, "k", index: 1), "failed index check for key \"k\", current modify index 106 != 1" },
        { Kv(KvVerb.CheckIndex, "nope", index: 1), "failed to check index, key \"nope\" doesn't exist" },
        { Kv(KvVerb.CheckSession, "k", session: "abc"), "failed session check for key \"k\", current session \"\" != \"abc\"" },
        { Kv(KvVerb.CheckSession, "nope", session: "abc"), "failed to check session, key \"nope\" doesn't exist" },
        { Kv(KvVerb.Cas, "k", index: 0), "failed to set key \"k\", index is stale" },
        { Kv(KvVerb.Cas, "nope", index: 9), "failed to set key \"nope\", index is stale" },
        { Kv(KvVerb.DeleteCas, "k", index: 9), "failed to delete key \"k\", index is stale" },
        { Kv(KvVerb.Lock, "k"), "missing session" },
        { Kv(KvVerb.Lock, "k", session: "zz"), "invalid session \"zz\"" },
        { Kv(KvVerb.Unlock, "k"), "missing session" },
        { Kv(KvVerb.Unlock, "k", session: Session), "failed to unlock key \"k\", lock isn't held, or is held by another session" },
        { Kv(KvVerb.Unlock, "nope", session: Session), "failed to unlock key \"nope\", lock isn't held, or is held by another session" },
        { Kv("bogus", "k"), "unknown KV verb \"bogus\"" },
        { Kv(KvVerb.Get, "a\"\\\u00a0\u200bé😀\u0001\n"), "key \"a\\\"\\\\\\u00a0\\u200bé😀\\x01\\n\" doesn't exist" },
        { Node(CatalogVerb.Get, "x"), "node \"x\" doesn't exist" },
        { Node(CatalogVerb.Get, "n", id: Id2), "node \"n\" doesn't exist" },
        { Node(CatalogVerb.Cas, "n", id: Id1, index: 1), "failed to set node \"n\", index is stale" },
        { Node(CatalogVerb.Cas, "n", id: Id1), "failed to set node \"n\", index is stale" },
        { Node(CatalogVerb.Cas, "x", index: 1), "failed to set node \"x\", index is stale" },
        { Node(CatalogVerb.DeleteCas, "n", index: 1), "failed to delete node \"n\", index is stale" },
        { Node(CatalogVerb.DeleteCas, "x"), "failed to delete node \"x\", index is stale" },
        { Node("bogus", "n"), "unknown Node verb \"bogus\"" },
        { Service(CatalogVerb.Get, "n", "x"), "service \"x\" on node \"n\" doesn't exist" },
        { Service(CatalogVerb.Get, "y", "x"), "service \"x\" on node \"y\" doesn't exist" },
        { Service(CatalogVerb.Set, "y", "x"), "Missing node registration" },
        { Service(CatalogVerb.Cas, "n", "s", index: 1), "failed to set service \"s\" on node \"n\", index is stale" },
        { Service(CatalogVerb.Cas, "n", "x", index: 1), "failed to set service \"x\" on node \"n\", index is stale" },
        { Service(CatalogVerb.DeleteCas, "n", "s", index: 1), "failed to delete service \"s\" on node \"n\", index is stale" },
        { Service(CatalogVerb.DeleteCas, "n", "x", index: 1), "failed to delete service \"x\" on node \"n\", index is stale" },
        { Service("bogus", "n", "s"), "unknown Service verb \"bogus\"" },
        { Check(CatalogVerb.Get, "n", "x"), "check \"x\" on node \"n\" doesn't exist" },
        { Check(CatalogVerb.Set, "y", "x"), "Missing node registration" },
        { Check(CatalogVerb.Set, "n", "x", service: "z"), "Missing service registration" },
        { Check(CatalogVerb.Cas, "n", "c"), "failed to set check \"c\" on node \"n\", index is stale" },
        { Check(CatalogVerb.DeleteCas, "n", "c", index: 1), "failed to delete check \"c\" on node \"n\", index is stale" },
        { Check(CatalogVerb.DeleteCas, "n", "x"), "failed to delete check \"x\" on node \"n\", index is stale" },
        { Check("bogus", "n", "c"), "unknown Check verb \"bogus\"" },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void A_refused_operation_says_why_in_Consuls_words(TxnOperation operation, string reason)
    {
        Tables before = _store.Now.Tables;
        CommandResult result = Txn(Kv(KvVerb.Set, "written"), operation);
        Assert.Equal([new TxnError(1, reason)], result.Errors);
        Assert.Empty(result.Results);
        Assert.False(result.Succeeded);
        Assert.Same(before, _store.Now.Tables);
    }

    [Fact]
    public void All_failing_operations_are_listed_and_nothing_is_applied()
    {
        CommandResult result = Txn(
            Kv(KvVerb.Set, "new"),
            Kv(KvVerb.Get, "nope"),
            Kv(KvVerb.Get, "new"),
            Node(CatalogVerb.Get, "x"),
            Kv(KvVerb.Delete, "k"),
            Kv(KvVerb.Get, "k"));
        Assert.Equal([1, 3, 5], result.Errors.Select(error => error.OpIndex));
        Assert.Null(_store.Kv("new"));
        Assert.NotNull(_store.Kv("k"));
        Assert.Equal(_key, _store.Now.KvTableIndex());
    }

    [Fact]
    public void Operations_see_the_effects_of_those_before_them_and_share_one_index()
    {
        CommandResult result = Txn(
            Kv(KvVerb.Set, "a", value: "1"),
            Kv(KvVerb.CheckIndex, "a", index: 107),
            Kv(KvVerb.Get, "a"),
            Kv(KvVerb.Delete, "a"),
            Kv(KvVerb.CheckNotExists, "a"),
            Kv(KvVerb.Set, "b", value: "2"));
        Assert.Empty(result.Errors);
        Assert.Equal(107UL, _store.Index);
        Assert.Equal(["a", "a", "a", "b"], result.Results.Select(row => row.Kv!.Key));
        Assert.All(result.Results, row => Assert.Equal(107UL, row.Kv!.ModifyIndex));
    }

    [Fact]
    public void Only_get_and_get_tree_show_values()
    {
        _store.Put("t/1", "one");
        _store.Put("t/2", "two");
        ulong held = _store.Kv("held")!.ModifyIndex;
        CommandResult result = Txn(
            Kv(KvVerb.Get, "k"),
            Kv(KvVerb.GetTree, "t/"),
            Kv(KvVerb.GetTree, "none/"),
            Kv(KvVerb.CheckIndex, "k", index: _key),
            Kv(KvVerb.CheckSession, "held", session: Session),
            Kv(KvVerb.Set, "x", value: "x"),
            Kv(KvVerb.Cas, "y", value: "y"),
            Kv(KvVerb.Lock, "k", session: Session, value: "z"),
            Kv(KvVerb.Unlock, "held", session: Session, value: "z"),
            Kv(KvVerb.CheckNotExists, "nope"),
            Kv(KvVerb.Delete, "x"),
            Kv(KvVerb.DeleteTree, "t/"),
            Kv(KvVerb.DeleteCas, "nope", index: 5));
        Assert.Empty(result.Errors);
        Assert.Equal(
            ["k=value", "t/1=one", "t/2=two", "k=", "held=", "x=", "y=", "k=", "held="],
            result.Results.Select(row => $"{row.Kv!.Key}={Encoding.UTF8.GetString(row.Kv.Value)}"));
        Assert.Equal(held, result.Results[4].Kv!.ModifyIndex);
        Assert.Equal((Session, "z"), (_store.Kv("k")!.Session, Encoding.UTF8.GetString(_store.Kv("k")!.Value)));
        Assert.Empty(_store.Kv("held")!.Session);
        Assert.Null(_store.Kv("t/1"));
    }

    [Fact]
    public void An_unchanged_set_reports_the_indexes_it_had()
    {
        CommandResult result = Txn(new TxnKvOperation(KvVerb.Set, TestStore.Entry("k", "value", flags: 4)));
        Assert.Equal(_key, result.Results[0].Kv!.ModifyIndex);
    }

    [Fact]
    public void A_lock_held_by_another_session_is_refused()
    {
        const string other = "44444444-4444-4444-4444-444444444444";
        _store.Session(other, "n");
        Assert.Equal([new TxnError(0, "failed to lock key \"held\", lock is already held")], Txn(Kv(KvVerb.Lock, "held", session: other)).Errors);
    }

    [Fact]
    public void Node_operations_get_set_and_delete()
    {
        Assert.Equal("n", Txn(Node(CatalogVerb.Get, "whatever", id: Id1)).Results[0].Node!.Node);
        Assert.Equal(Id1, Txn(Node(CatalogVerb.Get, "N")).Results[0].Node!.Id);
        NodeRecord set = Txn(Node(CatalogVerb.Set, "n", id: Id1)).Results[0].Node!;
        Assert.Equal(("1.1.1.1", _node, _store.Index), (set.Address, set.CreateIndex, set.ModifyIndex));
        Assert.Equal(_store.Index, _store.Now.ServiceHealth("s").Index);
        NodeRecord cas = Txn(Node(CatalogVerb.Cas, "fresh", id: Id2)).Results[0].Node!;
        Assert.Equal(_store.Index, cas.CreateIndex);

        // The ID of another node does not matter to a delete: the name decides.
        Assert.Empty(Txn(Node(CatalogVerb.Delete, "other", id: Id1)).Errors);
        Assert.NotNull(_store.Now.Node("n"));
        Assert.Empty(Txn(Node(CatalogVerb.DeleteCas, "fresh", index: cas.ModifyIndex)).Errors);
        Assert.Null(_store.Now.Node("fresh"));
        Assert.Empty(Txn(Node(CatalogVerb.Delete, "n")).Results);
        Assert.Equal(0, _store.Now.NodeCount);
    }

    [Fact]
    public void Cas_of_a_node_goes_by_name_and_may_rename()
    {
        NodeRecord renamed = Txn(Node(CatalogVerb.Cas, "renamed", id: Id1)).Results[0].Node!;
        Assert.Equal(("renamed", _node), (renamed.Node, renamed.CreateIndex));
        Assert.Null(_store.Now.Node("n"));
    }

    [Fact]
    public void Service_operations_get_set_and_delete()
    {
        Assert.Equal(_service, Txn(Service(CatalogVerb.Get, "n", "s")).Results[0].Service!.ModifyIndex);
        ServiceRecord cas = Txn(Service(CatalogVerb.Cas, "n", "s", index: _service)).Results[0].Service!;
        Assert.Equal((_service, _store.Index, "svc"), (cas.CreateIndex, cas.ModifyIndex, cas.Service));
        Assert.Single(Txn(Service(CatalogVerb.Set, "n", "s2")).Results);
        Assert.Empty(Txn(Service(CatalogVerb.DeleteCas, "n", "s", index: cas.ModifyIndex)).Results);
        Assert.Empty(Txn(Service(CatalogVerb.Delete, "n", "s2"), Service(CatalogVerb.Delete, "no", "no")).Errors);
        Assert.Equal(0, _store.Now.ServiceInstanceCount);
    }

    [Fact]
    public void Check_operations_get_set_and_delete()
    {
        Assert.Equal(_check, Txn(Check(CatalogVerb.Get, "n", "c")).Results[0].Check!.ModifyIndex);
        CheckRecord cas = Txn(Check(CatalogVerb.Cas, "n", "c", index: _check, service: "s")).Results[0].Check!;
        Assert.Equal((_check, "s", CheckStatus.Critical), (cas.CreateIndex, cas.ServiceName, cas.Status));
        Assert.Single(Txn(Check(CatalogVerb.Set, "n", "c2")).Results);
        Assert.Empty(Txn(Check(CatalogVerb.DeleteCas, "n", "c", index: cas.ModifyIndex)).Results);
        Assert.Empty(Txn(Check(CatalogVerb.Delete, "n", "c2"), Check(CatalogVerb.Delete, "no", "no")).Errors);
        Assert.Empty(_store.Now.ChecksInState("any").Checks);
    }

    [Fact]
    public void Read_only_operations_run_without_the_log()
    {
        CommandResult found = _store.Store.Read([Kv(KvVerb.Get, "k"), Node(CatalogVerb.Get, "n"), Kv(KvVerb.CheckNotExists, "nope")]);
        Assert.Equal(("k", "n"), (found.Results[0].Kv!.Key, found.Results[1].Node!.Node));
        CommandResult refused = _store.Store.Read([Kv(KvVerb.Get, "nope")]);
        Assert.Equal([new TxnError(0, "key \"nope\" doesn't exist")], refused.Errors);
    }
}
