namespace K8sConsul.Gossip.Tests.Serf;

public sealed class SnapshotStateTests
{
    [Fact]
    public void File_that_serf_wrote_is_understood()
    {
        string[] lines = TestFiles.Text("vectors/serf_snapshot_example.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        SnapshotState beforeLeave = SnapshotState.Replay(lines.TakeWhile(l => l != "leave"), rejoinAfterLeave: false, out int unreadable);
        SnapshotState left = SnapshotState.Replay(lines, rejoinAfterLeave: false, out _);
        SnapshotState rejoining = SnapshotState.Replay(lines, rejoinAfterLeave: true, out _);

        Assert.Equal(0, unreadable);
        Assert.Equal(["node-a 127.0.0.1:37946", "node-c 127.0.0.1:37948", "node-d 127.0.0.1:37949"], beforeLeave.AliveMembers.Select(m => $"{m.Key} {m.Value}"));
        Assert.Equal((8UL, 2UL, 5UL), (beforeLeave.Clock, beforeLeave.EventClock, beforeLeave.QueryClock));
        Assert.Empty(left.AliveMembers);
        Assert.Equal((9UL, 0UL, 0UL), (left.Clock, left.EventClock, left.QueryClock));
        Assert.Equal(3, rejoining.AliveMembers.Count);
        Assert.Equal(9UL, rejoining.Clock);
    }

    [Theory]
    [InlineData("alive: a b c 10.0.0.1:8301", "a b c", "10.0.0.1:8301")]
    [InlineData("alive: six [::1]:7946", "six", "[::1]:7946")]
    public void Name_may_hold_spaces_and_address_may_be_IPv6(string line, string name, string address)
    {
        SnapshotState state = SnapshotState.Replay([line], rejoinAfterLeave: false, out int unreadable);

        Assert.Equal(0, unreadable);
        Assert.Equal((name, address), (state.AliveMembers.Single().Key, state.AliveMembers.Single().Value.ToString()));
        Assert.Equal(line, state.ToLines()[0]);
    }

    [Theory]
    [InlineData("alive: nowhere")]
    [InlineData("alive: x 10.0.0.1.2:3")]
    [InlineData("clock: -1")]
    [InlineData("clock: 99999999999999999999999")]
    [InlineData("event-clock: x")]
    [InlineData("what is this")]
    [InlineData("")]
    public void Line_that_makes_no_sense_is_skipped_and_counted(string line)
    {
        SnapshotState state = SnapshotState.Replay(["clock: 3", line, "# comment", "coordinate: {}"], rejoinAfterLeave: false, out int unreadable);

        Assert.Equal(1, unreadable);
        Assert.Equal(3UL, state.Clock);
    }

    [Fact]
    public void State_written_anew_reads_back_the_same()
    {
        SnapshotState state = SnapshotState.Replay(
            ["alive: b 10.0.0.2:1", "alive: a 10.0.0.1:1", "not-alive: b", "clock: 5", "event-clock: 6", "query-clock: 7"], rejoinAfterLeave: false, out _);

        SnapshotState again = SnapshotState.Replay(state.ToLines(), rejoinAfterLeave: false, out _);

        Assert.Equal(["alive: a 10.0.0.1:1", "clock: 5", "event-clock: 6", "query-clock: 7"], again.ToLines());
    }
}
