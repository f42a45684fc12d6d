using System.Globalization;
using K8sConsul.Simulation.Bugs;
using K8sConsul.Simulation.Faults;
using K8sConsul.Simulation.Running;

namespace K8sConsul.Simulation.Tests;

/// <summary>
/// A fixed set of seeds in every build; K8SCONSUL_SIMULATION_SEEDS asks for more. A failure names its seed and the command that runs it again.
/// </summary>
public sealed class SimulationTests
{
    private const int SeedsDefault = 400;

    /// <summary>What a set of seeds must have met, or it has tested less than it seems.</summary>
    private static readonly string[] s_branches =
    [
        "client gave up waiting",
        "command refused when applied",
        "condition lost",
        "conflicting entries replaced",
        "damage found at start",
        "handing over failed",
        "leader elected",
        "leader stepped down",
        "leader stepped down: no quorum",
        "leadership handed over",
        "log compacted",
        "message cut off",
        "message doubled",
        "message lost",
        "pre-vote ended without an election",
        "proposal of unknown outcome",
        "read refused: leadership moved",
        "read under the lease, without asking",
        "read waits for its index",
        "replaced member has caught up",
        "resumes a transfer after a restart",
        "run with clocks beyond the lease's bound",
        "run with clocks within the lease's bound",
        "server stopped by its disk",
        "snapshot failed on the disk",
        "snapshot installed",
        "snapshot taken",
        "started from a snapshot",
        "torn tail cut",
        "two servers took the same snapshot",
    ];

    [Fact]
    public void No_promise_is_broken_and_every_fault_was_met()
    {
        int seeds = int.Parse(Environment.GetEnvironmentVariable("K8SCONSUL_SIMULATION_SEEDS") ?? SeedsDefault.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var runner = new SeedRunner(Environment.ProcessorCount);
        IReadOnlyList<SeedResult> violations = runner.Run(first: 1, seeds, seed => new SimulationOptions(seed), stopAtFirst: true);
        Assert.True(violations.Count == 0, Told(violations));

        IEnumerable<string> expected = s_branches.Concat(Enum.GetNames<Fault>().Select(fault => "fault: " + fault));
        string[] missed = [.. expected.Where(what => runner.Coverage.Hits.GetValueOrDefault(what) == 0)];
        Assert.True(missed.Length == 0, "not met: " + string.Join(", ", missed));
        Assert.True(runner.Coverage.Hits["calls answered"] > seeds * 100L, "too few calls were answered for the reads and writes to mean anything");
    }

    [Fact]
    public void A_seed_gives_the_same_run_again()
    {
        foreach (ulong seed in (ulong[])[1, 7, 23])
        {
            Assert.Equal(TraceOf(seed), TraceOf(seed));
        }
    }

    /// <summary>A fault that is left out takes none of the others with it.</summary>
    [Fact]
    public void Without_its_faults_a_run_has_none()
    {
        SeedResult calm = SeedResult.Of(new SimulationOptions(Seed: 3, Keep: new HashSet<int>(), IsNetworkCalm: true));
        Assert.Null(calm.Violation);
        Assert.Empty(calm.Faults);
        SeedResult whole = SeedResult.Of(new SimulationOptions(Seed: 3));
        SeedResult one = SeedResult.Of(new SimulationOptions(Seed: 3, Keep: new HashSet<int> { whole.Faults[0].Number }));
        Assert.Equal(whole.Faults[0], Assert.Single(one.Faults));
    }

    [Fact]
    public void A_failure_is_shrunk_to_one_that_still_fails()
    {
        var runner = new SeedRunner(threads: 1);
        SeedResult failed = runner.Run(first: 1, count: 50, seed => new SimulationOptions(seed, Bug: Bug.CommitWithoutMajority), stopAtFirst: true).Single();
        SeedResult smaller = Shrinker.Shrink(failed, runsMax: 60);
        Assert.NotNull(smaller.Violation);
        Assert.True(smaller.Faults.Count <= failed.Faults.Count);
        SeedResult again = SeedResult.Of(smaller.Options);
        Assert.Equal(smaller.Violation.Message, again.Violation?.Message);
    }

    private static string TraceOf(ulong seed)
    {
        var simulation = new Simulation(new SimulationOptions(seed));
        simulation.Run();
        return string.Join('\n', simulation.History.Select(call => call.ToString()).Concat(simulation.Faults.Select(fault => fault.ToString())))
            + simulation.EventCount.ToString(CultureInfo.InvariantCulture);
    }

    private static string Told(IReadOnlyList<SeedResult> violations)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (SeedResult violation in violations)
        {
            Report.Violation(text, violation);
        }

        return text.ToString();
    }
}
