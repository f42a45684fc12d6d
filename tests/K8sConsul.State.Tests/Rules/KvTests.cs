using System.Text;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.State.Tests.Support;

namespace K8sConsul.State.Tests.Rules;

public sealed class KvTests
{
    private const string Session1 = "11111111-1111-1111-1111-111111111111";
    private const string Session2 = "22222222-2222-2222-2222-222222222222";

    private readonly TestStore _store = new();

    private string Value(string key) => Encoding.UTF8.GetString(_store.Kv(key)!.Value);

    private void GivenSessions()
    {
        _store.Node("n");
        _store.Session(Session1, "n");
        _store.Session(Session2, "n");
    }

    [Fact]
    public void Put_creates_then_keeps_the_create_index()
    {
        ulong created = _store.Put("k", "1");
        ulong modified = _store.Put("k", "2", flags: 7);
        KvRecord entry = _store.Kv("k")!;
        Assert.Equal((created, modified, 7UL), (entry.CreateIndex, entry.ModifyIndex, entry.Flags));
        Assert.Equal("2", Value("k"));
    }

    [Fact]
    public void Put_without_flags_zeroes_them()
    {
        _store.Put("k", "v", flags: 9);
        _store.Put("k", "v");
        Assert.Equal(0UL, _store.Kv("k")!.Flags);
    }

    [Fact]
    public void Put_of_the_same_value_and_flags_moves_nothing()
    {
        ulong written = _store.Put("k", "v", flags: 3);
        _store.Put("k", "v", flags: 3);
        Assert.Equal(written, _store.Kv("k")!.ModifyIndex);
        Assert.Equal(written, _store.Now.KvTableIndex());
    }

    [Fact]
    public void Keys_are_case_sensitive_and_any_text()
    {
        foreach (string key in (string[])["a", "A", "é/✓", "a b", "a//b", "\0"])
        {
            _store.Put(key, key);
        }

        Assert.Equal(6, _store.Now.KvCount);
        Assert.Equal("A", Value("A"));
        Assert.Equal(["\0", "A", "a", "a b", "a//b", "é/✓"], _store.Now.KvList(string.Empty).Entries.Select(entry => entry.Key));
    }

    [Fact]
    public void Cas_with_index_zero_writes_only_an_absent_key()
    {
        Assert.True(_store.Cas("k", 0, "first"));
        Assert.False(_store.Cas("k", 0, "second"));
        Assert.Equal("first", Value("k"));
    }

    [Fact]
    public void Cas_needs_the_current_index_and_an_existing_key()
    {
        ulong written = _store.Put("k", "1");
        Assert.False(_store.Cas("k", written - 1, "2"));
        Assert.False(_store.Cas("k", written + 1, "2"));
        Assert.False(_store.Cas("missing", written, "2"));
        Assert.True(_store.Cas("k", written, "2"));
        Assert.Equal("2", Value("k"));
        Assert.Null(_store.Kv("missing"));
    }

    [Fact]
    public void A_lost_cas_moves_no_index()
    {
        ulong written = _store.Put("k", "1");
        Assert.False(_store.Cas("k", 1, "2"));
        Assert.Equal(written, _store.Now.KvTableIndex());
        Assert.Equal(_store.Index, _store.Now.AppliedIndex);
    }

    [Fact]
    public void Delete_of_a_missing_key_succeeds_and_moves_nothing()
    {
        ulong written = _store.Put("k");
        _store.Delete("missing");
        Assert.True(_store.Last.Succeeded);
        Assert.Equal(written, _store.Now.KvTableIndex());
    }

    [Theory]
    [InlineData(0UL, false)]
    [InlineData(1UL, false)]
    [InlineData(101UL, true)]
    public void Delete_cas_needs_the_current_index(ulong expected, bool deleted)
    {
        Assert.Equal(101UL, _store.Put("k"));
        Assert.Equal(deleted, _store.DeleteCas("k", expected));
        Assert.Equal(deleted, _store.Kv("k") is null);
    }

    [Fact]
    public void Delete_cas_of_a_missing_key_succeeds_whatever_the_index() => Assert.True(_store.DeleteCas("missing", 5));

    [Fact]
    public void Delete_tree_takes_a_byte_prefix_not_a_path()
    {
        foreach (string key in (string[])["a", "a/b", "ab", "b"])
        {
            _store.Put(key);
        }

        _store.DeleteTree("a");
        Assert.Equal(["b"], _store.Now.KvList(string.Empty).Entries.Select(entry => entry.Key));
    }

    [Fact]
    public void Acquire_takes_an_unheld_key_and_counts_fresh_acquisitions()
    {
        GivenSessions();
        Assert.True(_store.Lock("k", Session1, "1"));
        Assert.Equal((Session1, 1UL), (_store.Kv("k")!.Session, _store.Kv("k")!.LockIndex));

        // Already ours: the value is updated, the count is not.
        Assert.True(_store.Lock("k", Session1, "2"));
        Assert.Equal(("2", 1UL), (Value("k"), _store.Kv("k")!.LockIndex));

        Assert.False(_store.Lock("k", Session2, "3"));
        Assert.Equal("2", Value("k"));

        Assert.True(_store.Unlock("k", Session1, "4"));
        Assert.True(_store.Lock("k", Session2, "5"));
        Assert.Equal((Session2, 2UL), (_store.Kv("k")!.Session, _store.Kv("k")!.LockIndex));
    }

    [Theory]
    [InlineData("", "missing session")]
    [InlineData("nobody", "invalid session \"nobody\"")]
    public void Acquire_is_refused_without_a_living_session(string session, string reason)
    {
        Assert.Equal(reason, _store.Run(new KvCommand(KvVerb.Lock, TestStore.Entry("k") with { Session = session })).Refused);
        Assert.Null(_store.Kv("k"));
    }

    [Fact]
    public void Release_stores_value_and_flags_and_keeps_the_lock_index()
    {
        GivenSessions();
        _store.Lock("k", Session1, "held");
        Assert.True(_store.Unlock("k", Session1, "free", flags: 5));
        KvRecord entry = _store.Kv("k")!;
        Assert.Equal((string.Empty, 1UL, 5UL, "free"), (entry.Session, entry.LockIndex, entry.Flags, Value("k")));
        Assert.Empty(_store.Last.LockDelays);
    }

    [Fact]
    public void Release_by_anybody_but_the_holder_does_nothing()
    {
        GivenSessions();
        _store.Put("free");
        _store.Lock("k", Session1, "held");
        ulong before = _store.Now.KvTableIndex();
        Assert.False(_store.Unlock("k", Session2));
        Assert.False(_store.Unlock("free", Session1));
        Assert.False(_store.Unlock("missing", Session1));
        Assert.False(_store.Unlock("k", "not-even-a-session"));
        Assert.Equal("missing session", _store.Run(new KvCommand(KvVerb.Unlock, TestStore.Entry("k"))).Refused);
        Assert.Equal(before, _store.Now.KvTableIndex());
        Assert.Equal(Session1, _store.Kv("k")!.Session);
    }

    [Fact]
    public void Plain_put_on_a_held_key_keeps_the_holder_and_resets_the_lock_index()
    {
        GivenSessions();
        _store.Lock("k", Session1, "held");
        _store.Put("k", "over");
        Assert.Equal((Session1, 0UL, "over"), (_store.Kv("k")!.Session, _store.Kv("k")!.LockIndex, Value("k")));

        // And the next fresh acquisition counts from there.
        _store.Unlock("k", Session1);
        _store.Lock("k", Session2);
        Assert.Equal(1UL, _store.Kv("k")!.LockIndex);
    }

    [Fact]
    public void Deleting_a_held_key_drops_the_lock()
    {
        GivenSessions();
        _store.Lock("k", Session1);
        _store.Delete("k");
        _store.Put("k", "new");
        Assert.Empty(_store.Kv("k")!.Session);
        _store.Destroy(Session1);
        Assert.Equal("new", Value("k"));
        Assert.Empty(_store.Last.LockDelays);
    }

    [Fact]
    public void A_session_spelled_in_another_case_holds_its_keys_too()
    {
        GivenSessions();
        _store.Session("abcdef00-0000-0000-0000-000000000000", "n");
        Assert.True(_store.Lock("k", "ABCDEF00-0000-0000-0000-000000000000"));
        Assert.Equal("ABCDEF00-0000-0000-0000-000000000000", _store.Kv("k")!.Session);
        _store.Destroy("abcdef00-0000-0000-0000-000000000000");
        Assert.Empty(_store.Kv("k")!.Session);
    }

    [Fact]
    public void An_unknown_verb_is_refused() =>
        Assert.Equal("Invalid KVS operation 'bogus'", _store.Run(new KvCommand("bogus", TestStore.Entry("k"))).Refused);
}
