namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>All there is to measure, in the order of the table.</summary>
internal static class ScenarioTable
{
    public static IReadOnlyList<Scenario> Create(BenchmarkOptions options, string ours) =>
    [
        new OneServerScenario(options),
        new ThreeServersScenario(options),
        new FailoverScenario(options),
        new StartScenario(),
        new IdleScenario(options),
        new KeysScenario(options),
        new CommandsScenario(options),
        new TemplateScenario(options, ours),
        new GrowthScenario(options),
    ];
}
