using K8sConsul.Agent.Local;

namespace K8sConsul.Agent.Tests.Local;

public sealed class SyncMachineTests
{
    private readonly SyncMachine _machine = new(static max => max * 0.5, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(128, 1)]
    [InlineData(129, 2)]
    [InlineData(256, 2)]
    [InlineData(257, 3)]
    [InlineData(512, 3)]
    [InlineData(1024, 4)]
    [InlineData(8192, 7)]
    public void The_scale_grows_with_the_logarithm_of_the_cluster(int members, int factor)
    {
        Assert.Equal(factor, SyncScale.Factor(members));
    }

    [Fact]
    public void It_begins_with_a_full_sync_and_repeats_it()
    {
        Expect(SyncStep.Full, at: 0);
        _machine.FullSyncEnded(succeeded: true, S(2));
        Expect(SyncStep.Wait, at: 2, until: 92);
        Expect(SyncStep.Wait, at: 91.9, until: 92);
        Expect(SyncStep.Full, at: 92);
    }

    [Fact]
    public void A_failed_full_sync_is_retried_sooner_and_changes_wait_for_it()
    {
        Expect(SyncStep.Full, at: 0);
        _machine.FullSyncEnded(succeeded: false, S(0));
        _machine.TriggerChanges();
        Expect(SyncStep.Wait, at: 1, until: 22.5);
        Expect(SyncStep.Full, at: 22.5);
        _machine.FullSyncEnded(succeeded: true, S(23));
        Expect(SyncStep.Partial, at: 23);
        Expect(SyncStep.Wait, at: 23, until: 113);
    }

    [Fact]
    public void Many_triggers_are_one_partial_sync_which_does_not_put_off_the_full_one()
    {
        Begin();
        _machine.TriggerChanges();
        _machine.TriggerChanges();
        Expect(SyncStep.Partial, at: 5);
        Expect(SyncStep.Wait, at: 5, until: 90);
    }

    [Fact]
    public void A_server_that_joins_brings_the_full_sync_forward()
    {
        Begin();
        _machine.ServerJoined(S(10));
        _machine.ServerJoined(S(11));
        _machine.TriggerChanges();
        Expect(SyncStep.Wait, at: 11, until: 11.5);
        Expect(SyncStep.Full, at: 11.5);
        _machine.FullSyncEnded(succeeded: true, S(12));
        Expect(SyncStep.Partial, at: 12);
    }

    [Fact]
    public void A_server_that_joins_ends_the_waiting_after_a_failure()
    {
        _machine.FullSyncEnded(succeeded: false, S(0));
        _machine.ServerJoined(S(1));
        Expect(SyncStep.Full, at: 2.5);
    }

    [Fact]
    public void A_server_that_joins_does_not_put_off_a_full_sync_that_is_due()
    {
        Begin();
        _machine.ServerJoined(S(89.9));
        Expect(SyncStep.Full, at: 90);
    }

    [Fact]
    public void In_large_clusters_everything_takes_longer()
    {
        _machine.Members = 1024;
        _machine.FullSyncEnded(succeeded: true, S(0));
        Expect(SyncStep.Wait, at: 0, until: 60 + 120);
        _machine.ServerJoined(S(0));
        Expect(SyncStep.Wait, at: 0, until: 6);
        _machine.FullSyncEnded(succeeded: false, S(0));
        Expect(SyncStep.Wait, at: 0, until: 15 + 30);
    }

    [Fact]
    public void While_paused_nothing_runs_and_afterwards_everything_that_was_due()
    {
        Begin();
        _machine.Pause();
        _machine.Pause();
        _machine.TriggerChanges();
        Assert.Equal(SyncStep.Wait, _machine.Next(S(200), out TimeSpan? until));
        Assert.Null(until);
        Assert.False(_machine.Resume());
        Assert.Equal(SyncStep.Wait, _machine.Next(S(200), out _));
        Assert.True(_machine.Resume());
        Expect(SyncStep.Full, at: 200);
        _machine.FullSyncEnded(succeeded: true, S(200));
        Expect(SyncStep.Partial, at: 200);
        Assert.Throws<InvalidOperationException>(() => _machine.Resume());
    }

    private void Begin()
    {
        Expect(SyncStep.Full, at: 0);
        _machine.FullSyncEnded(succeeded: true, S(0));
    }

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private void Expect(SyncStep step, double at, double? until = null)
    {
        Assert.Equal(step, _machine.Next(S(at), out TimeSpan? limit));
        if (until is { } seconds)
        {
            Assert.Equal(S(seconds), limit);
        }
    }
}
