using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip.Tests.Membership;

public sealed class ProtocolCheckTests
{
    private static readonly byte[] _consul = [1, 5, 2, 2, 5, 4];

    [Theory]
    [InlineData(new byte[] { 1, 5, 2, 2, 5, 5 }, NodeState.Alive, null)]
    [InlineData(new byte[] { 1, 5, 2, 2, 5, 2 }, NodeState.Alive, null)]
    [InlineData(new byte[] { 1, 5, 2, 2, 5, 0 }, NodeState.Alive, "Node 'x' delegate protocol version (0) is incompatible: [2, 5]")]
    [InlineData(new byte[] { 1, 5, 2, 2, 5, 6 }, NodeState.Alive, "Node 'x' delegate protocol version (6) is incompatible: [2, 5]")]
    [InlineData(new byte[] { 1, 5, 6, 2, 5, 4 }, NodeState.Alive, "Node 'x' protocol version (6) is incompatible: [1, 5]")]
    [InlineData(new byte[] { 3, 5, 3, 2, 5, 4 }, NodeState.Alive, "Node 'us' protocol version (2) is incompatible: [3, 5]")]
    [InlineData(new byte[] { 3, 5, 3, 2, 5, 4 }, NodeState.Dead, null)]
    [InlineData(new byte[0], NodeState.Alive, "Node 'x' protocol version (0) is incompatible: [1, 5]")]
    [InlineData(new byte[] { 1, 5, 2, 2, 0 }, NodeState.Alive, "Node 'x' protocol version (0) is incompatible: [1, 5]")]
    public void Pools_merge_only_if_all_members_understand_each_other(byte[] vsn, object state, string? problem)
    {
        PushPullNode remote = new("x", [10, 0, 0, 2], 8301, null, 1, (NodeState)state, vsn);
        NodeRecord local = new() { Name = "us", Addr = [10, 0, 0, 1], Port = 8301, Vsn = _consul, State = NodeState.Alive };

        Assert.Equal(problem, ProtocolCheck.Verify([remote], [local]));
    }
}
