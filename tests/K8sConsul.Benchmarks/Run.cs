using K8sConsul.Benchmarks.Contestants;
using K8sConsul.Benchmarks.Report;
using K8sConsul.Benchmarks.Scenarios;

namespace K8sConsul.Benchmarks;

/// <summary>
/// Rounds, and in each every scenario by both programs in turn. Whatever else the machine does then meets both alike; the one
/// that goes first changes with the round.
/// </summary>
internal sealed class Run(BenchmarkOptions options, List<Contestant> contestants, Results results)
{
    public void All(IReadOnlyList<Scenario> scenarios)
    {
        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach (Scenario scenario in scenarios.Where(IsWanted))
            {
                IEnumerable<Contestant> order = round % 2 == 1 ? contestants : contestants.AsEnumerable().Reverse();
                foreach (Contestant contestant in order)
                {
                    Console.Error.WriteLine($"round {round}/{options.Rounds}: {scenario.Name}, {contestant.Name}");
                    One(scenario, contestant);
                }
            }
        }
    }

    private bool IsWanted(Scenario scenario) =>
        !(scenario.IsOnDemand && options.Only.Count == 0) && scenario.Rows.Any(row => options.Wants(row.Name));

    /// <summary>A scenario that fails leaves its rows without this round and is named below the table; the others go on.</summary>
    private void One(Scenario scenario, Contestant contestant)
    {
        string directory = Directory.CreateTempSubdirectory("k8sconsul-benchmark-").FullName;
        try
        {
            scenario.Measure(contestant, directory, new Sink(options, contestant, results));
        }
        catch (Exception failure) when (failure is BenchmarkException or HttpRequestException or IOException or TaskCanceledException)
        {
            results.Failures.Add($"{scenario.Name}, {contestant.Name}: {failure.Message}");
            Console.Error.WriteLine("  failed: " + failure.Message);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
