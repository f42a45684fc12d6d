using K8sConsul.Simulation.Bugs;
using K8sConsul.Simulation.Running;

namespace K8sConsul.Simulation.Tests;

/// <summary>
/// The proof that the simulator can fail: every deliberate bug is found. Those that take more seeds than a build has time for begin near a seed that is
/// known to find them; <c>--find all</c> looks for each from the first seed on.
/// </summary>
public sealed class BugTests
{
    private const int SeedsMax = 150;

    [Theory]
    [InlineData(Bug.CountOldTermEntries, 200)]
    [InlineData(Bug.VoteTwice, 1)]
    [InlineData(Bug.VoteForShorterLogs, 1)]
    [InlineData(Bug.CommitWithoutMajority, 1)]
    [InlineData(Bug.ElectWithoutMajority, 1)]
    [InlineData(Bug.AppendWithoutMatching, 1)]
    [InlineData(Bug.ReadBeforeOwnTermCommits, 1)]
    [InlineData(Bug.VoteDespiteLease, 1)]
    [InlineData(Bug.LeaseTooLong, 1700)]
    [InlineData(Bug.ChangeMembersTwiceAtOnce, 100)]
    [InlineData(Bug.SkipTheFlush, 1)]
    [InlineData(Bug.AcknowledgeBeforeSaving, 1)]
    [InlineData(Bug.LoseVoteOnRestart, 700)]
    [InlineData(Bug.ApplyTwice, 1)]
    [InlineData(Bug.ReadWithoutLease, 1)]
    [InlineData(Bug.ReadFromFollowerUnasked, 1)]
    [InlineData(Bug.ReadBeforeApplied, 1)]
    [InlineData(Bug.ReadUnderLeaseBeforeApplied, 1550)]
    [InlineData(Bug.AcknowledgeBeforeCommit, 1)]
    [InlineData(Bug.SkipLoadingSnapshot, 1)]
    [InlineData(Bug.IgnoreTermOfProposal, 1)]
    [InlineData(Bug.SnapshotClaimsTooMuch, 1)]
    public void A_deliberate_bug_is_found(object bug, int first)
    {
        var runner = new SeedRunner(Environment.ProcessorCount);
        IReadOnlyList<SeedResult> found = runner.Run((ulong)first, SeedsMax, seed => new SimulationOptions(seed, Bug: (Bug)bug), stopAtFirst: true);
        Assert.True(found.Count > 0, $"{bug} was not found within {SeedsMax} seeds from {first} on");
    }

    /// <summary>The table above has all of them.</summary>
    [Fact]
    public void No_bug_is_left_out()
    {
        HashSet<Bug> tested = [.. typeof(BugTests).GetMethod(nameof(A_deliberate_bug_is_found))!.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false)
            .Select(data => (Bug)((InlineDataAttribute)data).Data[0]!)];
        Assert.Equal([Bug.None], Enum.GetValues<Bug>().Except(tested));
    }
}
