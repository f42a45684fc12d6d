namespace K8sConsul.Gossip.Tests.Serf;

public sealed class RecentBufferTests
{
    [Fact]
    public void Event_is_new_once_and_its_slot_belongs_to_the_latest_time()
    {
        var buffer = new EventSlotBuffer(slotCount: 4);

        Assert.True(buffer.TryRecord(1, "a", [1]));
        Assert.False(buffer.TryRecord(1, "a", [1]));
        Assert.True(buffer.TryRecord(1, "a", [2]));
        Assert.True(buffer.TryRecord(1, "a", null));
        Assert.False(buffer.TryRecord(1, "a", []));
        Assert.True(buffer.TryRecord(5, "a", [1]));
        Assert.Equal(5UL, Assert.Single(buffer.Used())!.LTime);
    }

    [Fact]
    public void Query_is_new_once_by_time_and_identifier()
    {
        var buffer = new QueryBuffer(slotCount: 4);

        Assert.True(buffer.TryRecord(1, 7));
        Assert.False(buffer.TryRecord(1, 7));
        Assert.True(buffer.TryRecord(1, 8));
        Assert.True(buffer.TryRecord(5, 7));
        Assert.False(buffer.TryRecord(5, 7));
    }

    /// <summary>A peer cannot make us remember without end by repeating one Lamport time.</summary>
    [Fact]
    public void Slots_do_not_grow_without_end()
    {
        var events = new EventSlotBuffer(slotCount: 4);
        var queries = new QueryBuffer(slotCount: 4);

        int newEvents = Enumerable.Range(0, 3_000).Count(i => events.TryRecord(1, $"e{i}", null));
        int newQueries = Enumerable.Range(0, 3_000).Count(i => queries.TryRecord(1, (uint)i));

        Assert.Equal((1_024, 1_024), (newEvents, newQueries));
    }
}
