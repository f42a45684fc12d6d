namespace K8sConsul.Simulation.Running;

/// <summary>
/// Makes a failing run smaller: fewer faults, fewer events, a calm network, as long as it still fails. The faults are halved again and again
/// (delta debugging, Zeller and Hildebrandt 2002).
/// </summary>
internal static class Shrinker
{
    public static SeedResult Shrink(SeedResult failed, int runsMax)
    {
        SeedResult best = failed;
        int runs = 0;
        bool Try(SimulationOptions options)
        {
            if (runs++ >= runsMax)
            {
                return false;
            }

            SeedResult result = SeedResult.Of(options);
            if (result.Violation is null)
            {
                return false;
            }

            best = result;
            return true;
        }

        Try(best.Options with { Events = Math.Min(best.Options.Events, best.Events) });
        Try(best.Options with { IsNetworkCalm = true });
        HashSet<int> kept = [.. best.Faults.Select(fault => fault.Number)];
        for (int size = kept.Count; size >= 1 && runs < runsMax; size = Math.Min(size - 1, (size + 1) / 2))
        {
            int[] numbers = [.. kept.Order()];
            for (int at = 0; at < numbers.Length; at += size)
            {
                HashSet<int> fewer = [.. kept.Except(numbers.Skip(at).Take(size))];
                if (fewer.Count < kept.Count && Try(best.Options with { Keep = fewer }))
                {
                    kept = fewer;
                }
            }
        }

        return best;
    }
}
