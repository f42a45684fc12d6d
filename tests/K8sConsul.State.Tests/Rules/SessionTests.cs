using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.State.Tests.Support;
using K8sConsul.State.Transactions;

namespace K8sConsul.State.Tests.Rules;

public sealed class SessionTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(15);

    private readonly TestStore _store = new();

    public SessionTests()
    {
        _store.Node("n");
        _store.Check("n", "c");
    }

    private string? Refused(string node, params string[] checks) => _store.Run(new SessionCommand(
        Destroy: false,
        new SessionRecord { Id = "s", Node = node, NodeChecks = checks })).Refused;

    private bool Exists(string session) => _store.Now.SessionGet(session).Session is not null;

    [Fact]
    public void A_session_is_created_with_both_indexes_at_its_entry()
    {
        ulong created = _store.Session("s", "N", checks: "c");
        SessionRecord session = _store.Now.SessionGet("S").Session!;
        Assert.Equal((created, created), (session.CreateIndex, session.ModifyIndex));
        Assert.Single(_store.Now.SessionsOfNode("n").Sessions);
        Assert.Equal(created, _store.Now.SessionList().Index);
    }

    [Fact]
    public void A_session_needs_its_node() => Assert.Equal("Missing node registration", Refused("missing", "c"));

    [Fact]
    public void A_session_needs_its_checks() => Assert.Equal("Missing check 'nope' registration", Refused("n", "c", "nope"));

    [Fact]
    public void A_session_needs_its_checks_not_to_be_critical()
    {
        _store.Check("n", "bad", CheckStatus.Critical);
        Assert.Equal("Check 'bad' is in critical state", Refused("n", "c", "bad"));
        _store.Check("n", "bad", CheckStatus.Warning);
        Assert.Null(Refused("n", "c", "bad"));
    }

    [Fact]
    public void Checks_of_services_count_like_those_of_the_node()
    {
        _store.Service("n", "web");
        _store.Check("n", "web-check", service: "web");
        var session = new SessionRecord { Id = "s", Node = "n", ServiceChecks = [new SessionServiceCheck("web-check", "default")] };
        _store.Apply(new SessionCommand(Destroy: false, session));
        _store.Deregister("n", service: "web");
        Assert.False(Exists("s"));
    }

    [Fact]
    public void A_session_without_checks_is_bound_to_its_node_only()
    {
        _store.Session("s", "n");
        _store.Check("n", "c", CheckStatus.Critical);
        _store.Deregister("n", check: "c");
        Assert.True(Exists("s"));
        _store.Deregister("n");
        Assert.False(Exists("s"));
    }

    public static TheoryData<string, StateCommand> Causes => new()
    {
        { "destroyed", new SessionCommand(Destroy: true, new SessionRecord { Id = "S", Node = string.Empty }) },
        {
            "a check turns critical",
            new RegisterCommand
            {
                Node = TestStore.NodeOf("n"),
                Checks = [new CheckRecord { Node = "n", CheckId = "c", Name = "c", Status = CheckStatus.Critical }],
            }
        },
        { "a check is deleted", new DeregisterCommand("n", string.Empty, "c") },
        { "the node is deregistered", new DeregisterCommand("n", string.Empty, string.Empty) },
        {
            "a transaction turns a check critical",
            new TxnCommand([new TxnCheckOperation(CatalogVerb.Set, new CheckRecord { Node = "n", CheckId = "c", Status = CheckStatus.Critical })])
        },
        { "a transaction deletes the node", new TxnCommand([new TxnNodeOperation(CatalogVerb.Delete, TestStore.NodeOf("n"))]) },
    };

    [Theory]
    [MemberData(nameof(Causes), DisableDiscoveryEnumeration = true)]
    public void A_session_ends_in_the_same_entry_as_its_cause(string cause, StateCommand command)
    {
        _store.Session("s", "n", lockDelay: Delay, checks: "c");
        _store.Lock("k", "s", "kept");
        ulong ended = _store.Apply(command);
        Assert.False(Exists("s"), cause);
        Assert.Empty(_store.Now.SessionsOfNode("n").Sessions);
        Assert.Equal(ended, _store.Now.SessionList().Index);
        KvRecord freed = _store.Kv("k")!;
        Assert.Equal((string.Empty, 1UL, ended), (freed.Session, freed.LockIndex, freed.ModifyIndex));
        Assert.Equal([new LockDelay("k", Delay)], _store.Last.LockDelays);
    }

    [Fact]
    public void Behavior_delete_deletes_the_keys_with_tombstones()
    {
        _store.Session("s", "n", SessionBehavior.Delete, Delay);
        _store.Lock("a/1", "s");
        _store.Lock("a/2", "s");
        _store.Put("a/3");
        ulong ended = _store.Destroy("s");
        Assert.Equal(["a/3"], _store.Now.KvList("a/").Entries.Select(entry => entry.Key));
        Assert.Equal(ended, _store.Now.KvList("a/").Index);
        Assert.Equal(2, _store.Now.Tables.Tombstones.Count);
        Assert.Equal(["a/1", "a/2"], _store.Last.LockDelays.Select(delay => delay.Key));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, 1)]
    [InlineData(60, 60)]
    [InlineData(120, 60)]
    public void Lock_delay_is_reported_when_there_is_one_and_is_capped_at_a_minute(int asked, int? honoured)
    {
        _store.Session("s", "n", lockDelay: TimeSpan.FromSeconds(asked));
        _store.Lock("k", "s");
        _store.Destroy("s");
        Assert.Equal(honoured is { } s ? [new LockDelay("k", TimeSpan.FromSeconds(s))] : [], _store.Last.LockDelays);
    }

    [Fact]
    public void Only_keys_held_at_the_end_are_delayed()
    {
        _store.Session("s", "n", lockDelay: Delay);
        _store.Lock("released", "s");
        _store.Unlock("released", "s");
        Assert.Empty(_store.Last.LockDelays);
        _store.Lock("held", "s");
        _store.Destroy("s");
        Assert.Equal(["held"], _store.Last.LockDelays.Select(delay => delay.Key));
    }

    [Fact]
    public void A_transaction_that_is_refused_delays_no_lock()
    {
        _store.Session("s", "n", lockDelay: Delay, checks: "c");
        _store.Lock("k", "s");
        CommandResult result = _store.Run(new TxnCommand(
            [new TxnCheckOperation(CatalogVerb.Delete, new CheckRecord { Node = "n", CheckId = "c" }), new TxnKvOperation(KvVerb.Get, TestStore.Entry("missing"))]));
        Assert.Single(result.Errors);
        Assert.Empty(result.LockDelays);
        Assert.True(Exists("s"));
        Assert.Equal("s", _store.Kv("k")!.Session);
    }

    [Fact]
    public void A_check_that_is_critical_again_ends_sessions_even_when_it_is_unchanged()
    {
        // The only way there: the session was made while the check passed, so an unchanged critical check has none left.
        _store.Session("s", "n", checks: "c");
        _store.Check("n", "c", CheckStatus.Critical);
        Assert.False(Exists("s"));
        ulong before = _store.Now.SessionList().Index;
        _store.Check("n", "c", CheckStatus.Critical);
        Assert.Equal(before, _store.Now.SessionList().Index);
    }

    [Fact]
    public void Ending_a_session_leaves_others_and_their_keys_alone()
    {
        _store.Session("s1", "n", checks: "c");
        _store.Session("s10", "n");
        _store.Lock("k1", "s1");
        _store.Lock("k10", "s10");
        _store.Destroy("s1");
        Assert.True(Exists("s10"));
        Assert.Equal("s10", _store.Kv("k10")!.Session);
    }

    [Fact]
    public void Destroying_an_unknown_session_is_no_error_and_moves_nothing()
    {
        ulong created = _store.Session("s", "n");
        _store.Destroy("unknown");
        Assert.True(_store.Last.Succeeded);
        Assert.Equal(created, _store.Now.SessionList().Index);
    }

    /// <summary>Consul 1.8.7 keeps such a check as it is; later versions tie it to a session by name.</summary>
    [Fact]
    public void A_check_of_type_session_does_not_follow_a_session()
    {
        var check = new CheckRecord { Node = "n", CheckId = "follow", Name = "leader", Type = "session", Status = CheckStatus.Passing };
        _store.Apply(new RegisterCommand { Node = TestStore.NodeOf("n"), Checks = [check] });
        _store.Apply(new SessionCommand(Destroy: false, new SessionRecord { Id = "s", Node = "n", Name = "leader" }));
        _store.Destroy("s");
        Assert.Equal(CheckStatus.Passing, _store.Now.Check("n", "follow")!.Status);
    }
}
