using K8sConsul.Server.Api;
using K8sConsul.Server.Consensus;
using K8sConsul.Tests;

namespace K8sConsul.Server.Tests.Api;

/// <summary>Waiting for a leader. Goal: a call is held as long as configured, whatever the consensus does meanwhile.</summary>
public sealed class LeaderHoldTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(7);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Many_changes_within_the_hold_are_each_worth_a_try()
    {
        LeaderHold hold = Hold();
        for (int change = 0; change < 1_000; change++)
        {
            await hold.WaitAsync(Task.CompletedTask, TestContext.Current.CancellationToken);
        }

        _time.Advance(Longest);
        ConsensusException over = await Assert.ThrowsAsync<ConsensusException>(async () => await hold.WaitAsync(Task.CompletedTask, CancellationToken.None));
        Assert.Equal(ConsensusFailure.NoLeader, over.Failure);
    }

    [Fact]
    public async Task Waits_in_vain_double_until_the_hold_is_over()
    {
        LeaderHold hold = Hold();
        var never = new TaskCompletionSource();
        foreach (double part in new[] { 1.0, 2, 4, 8, 1 })
        {
            ValueTask wait = hold.WaitAsync(never.Task, CancellationToken.None);
            _time.Advance((Longest / 16 * part) - TimeSpan.FromMilliseconds(1));
            Assert.False(wait.IsCompleted, $"before {part} sixteenths");
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await wait;
        }

        await Assert.ThrowsAsync<ConsensusException>(async () => await hold.WaitAsync(never.Task, CancellationToken.None));
    }

    /// <summary>A timer cannot be due in less than a millisecond: what is left of the hold is rounded up, or the call would spin through it.</summary>
    [Fact]
    public async Task The_last_moment_is_one_wait()
    {
        LeaderHold hold = Hold();
        var never = new TaskCompletionSource();
        _time.Advance(Longest - TimeSpan.FromTicks(1));
        ValueTask wait = hold.WaitAsync(never.Task, CancellationToken.None);
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await wait;
        await Assert.ThrowsAsync<ConsensusException>(async () => await hold.WaitAsync(never.Task, CancellationToken.None));
    }

    /// <summary>Jitter in the middle of its range: a wait is as long as it says.</summary>
    private LeaderHold Hold() => new(Longest, _time, () => 0.5);
}
