using System.Text;
using K8sConsul.Simulation.Checking;
using K8sConsul.Simulation.World;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;

namespace K8sConsul.Simulation.Tests;

/// <summary>The model against which the store is held is small, and right in what is easy to get wrong.</summary>
public sealed class KeyValueModelTests
{
    private readonly KeyValueModel _model = new();

    [Fact]
    public void A_key_is_known_at_every_index()
    {
        Put(3, "a", "one");
        Put(5, "a", "two");
        Assert.True(_model.Apply(8, new KvCommand(KvVerb.Delete, new KvRecord { Key = "a" })));
        Assert.Null(_model.At("a", 2));
        Assert.Equal(new KeyVersion("one", "", 3), _model.At("a", 3));
        Assert.Equal(new KeyVersion("one", "", 3), _model.At("a", 4));
        Assert.Equal(new KeyVersion("two", "", 5), _model.At("a", 7));
        Assert.Null(_model.At("a", 8));
    }

    [Theory]
    [InlineData(0UL, false)]
    [InlineData(3UL, true)]
    [InlineData(4UL, false)]
    public void A_condition_is_the_index_of_the_last_change(ulong expected, bool succeeds)
    {
        Put(3, "a", "one");
        Assert.Equal(succeeds, _model.Apply(6, new KvCommand(KvVerb.Cas, new KvRecord { Key = "a", ModifyIndex = expected })));
        Assert.Equal(succeeds ? 6UL : 3UL, _model.Current("a")!.ModifyIndex);
    }

    [Fact]
    public void A_lock_is_its_session_s_until_that_ends()
    {
        Assert.Null(Lock(2, "one"));
        Assert.True(_model.Apply(3, new RegisterCommand { Node = new NodeRecord { Node = "node" } }));
        Session(4, "one", destroy: false);
        Session(5, "two", destroy: false);
        Assert.True(Lock(6, "one"));
        Assert.False(Lock(7, "two"));
        Session(8, "one", destroy: true);
        Assert.Equal(new KeyVersion("v", "", 8, LockIndex: 1), _model.Current("lock"));
        Assert.True(Lock(9, "two"));
    }

    private void Put(ulong index, string key, string value) =>
        Assert.True(_model.Apply(index, new KvCommand(KvVerb.Set, new KvRecord { Key = key, Value = Encoding.UTF8.GetBytes(value) })));

    private bool? Lock(ulong index, string session) =>
        _model.Apply(index, new KvCommand(KvVerb.Lock, new KvRecord { Key = "lock", Value = "v"u8.ToArray(), Session = session }));

    private void Session(ulong index, string id, bool destroy) =>
        Assert.True(_model.Apply(index, new SessionCommand(destroy, new SessionRecord { Id = id, Node = "node" })));
}
