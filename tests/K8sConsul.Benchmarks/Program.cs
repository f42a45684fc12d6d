using K8sConsul.Benchmarks;
using K8sConsul.Benchmarks.Contestants;
using K8sConsul.Benchmarks.Report;
using K8sConsul.Benchmarks.Scenarios;

if (BenchmarkOptions.TryParse(args, out string error) is not { } options)
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(BenchmarkOptions.Usage);
    return 2;
}

try
{
    List<Contestant> contestants = Contestant.Find(options);
    var results = new Results();
    new Run(options, contestants, results).All(ScenarioTable.Create(options, contestants.Single(c => c.Name == Contestant.OursName).Program));
    Console.WriteLine();
    Console.Write(TextTable.Format(results));
    if (options.MarkdownPath is { } markdown)
    {
        File.WriteAllText(markdown, MarkdownTable.Format(results));
    }

    if (options.JsonPath is { } json)
    {
        File.WriteAllBytes(json, JsonReport.Format(results));
    }

    if (options.PlotPath is { } plot)
    {
        File.WriteAllText(plot, GrowthPlot.Draw(results));
    }

    return results.Failures.Count == 0 ? 0 : 1;
}
catch (BenchmarkException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}
