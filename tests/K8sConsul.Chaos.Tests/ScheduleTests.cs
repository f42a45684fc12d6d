using K8sConsul.Chaos.Faults;

namespace K8sConsul.Chaos.Tests;

public sealed class ScheduleTests
{
    [Fact]
    public void One_seed_is_one_schedule()
    {
        Assert.Equal(First(50, seed: 4), First(50, seed: 4));
        Assert.NotEqual(First(50, seed: 4), First(50, seed: 5));
    }

    [Fact]
    public void What_means_nothing_here_is_left_out_with_its_reason()
    {
        var schedule = new Schedule(new ChaosOptions(), servers: 3, hasNetem: false);
        Assert.DoesNotContain(schedule.Possible, f => f.Name is "ring" or "slow-network");
        Assert.Contains(schedule.LeftOut, f => f is { Name: "slow-network", Why: "this kernel has no netem" });
        Assert.Contains(new Schedule(new ChaosOptions(), servers: 5, hasNetem: true).Possible, f => f.Name == "slow-network");
    }

    [Fact]
    public void Only_what_is_wanted_happens()
    {
        var schedule = new Schedule(new ChaosOptions { Only = ["pause-leader"] }, servers: 5, hasNetem: true);
        Assert.Equal(["pause-leader-shorter-than-lease", "pause-leader", "pause-leader-again-and-again"], schedule.Possible.Select(f => f.Name));
    }

    private static List<string> First(int count, int seed)
    {
        var schedule = new Schedule(new ChaosOptions { Seed = seed }, servers: 5, hasNetem: false);
        return [.. Enumerable.Range(0, count).Select(_ => schedule.Next()).Select(n => $"{n.Fault.Name} {n.Duration} {n.Calm} {n.Draw} {n.Within?.Name}")];
    }
}
