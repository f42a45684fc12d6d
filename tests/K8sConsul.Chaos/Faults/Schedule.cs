namespace K8sConsul.Chaos.Faults;

/// <summary>
/// Which fault comes when, how long it lasts and what it strikes: all drawn from the seed before anything happens, so that a seed
/// means the same schedule however the servers behave.
/// </summary>
internal sealed class Schedule(ChaosOptions options, int servers, bool hasNetem)
{
    private readonly Random _random = new(options.Seed);

    public IReadOnlyList<Fault> Possible { get; } = [.. Wanted(options).Where(f => WhyNot(f, servers, hasNetem) is null)];

    /// <summary>What was left out, and why.</summary>
    public IEnumerable<(string Name, string Why)> LeftOut =>
        Wanted(options).Select(f => (f.Name, WhyNot(f, servers, hasNetem))).Where(f => f.Item2 is not null).Select(f => (f.Name, f.Item2!))
            .Append(("clock-jump", "servers share this machine's clock: time namespaces shift it at the start of a process only"));

    /// <summary>A fault, how long it lasts, the calm after it, a number to choose servers by, and now and then another within it.</summary>
    public (Fault Fault, TimeSpan Duration, TimeSpan Calm, int Draw, Fault? Within) Next()
    {
        Fault fault = Possible[_random.Next(Possible.Count)];
        TimeSpan duration = TimeSpan.FromMilliseconds(_random.Next(2) == 0 ? _random.Next(300, 2_500) : _random.Next(2_500, 9_000));
        TimeSpan calm = TimeSpan.FromMilliseconds(_random.Next(4) == 0 ? _random.Next(0, 300) : _random.Next(1_000, 5_000));
        int draw = _random.Next();
        Fault within = Possible[_random.Next(Possible.Count)];
        return (fault, duration, calm, draw, fault.AllowsOthers && !within.AllowsOthers ? within : null);
    }

    private static string? WhyNot(Fault fault, int servers, bool hasNetem) =>
        fault.NeedsNetem && !hasNetem ? "this kernel has no netem" : fault.WhyNot(servers);

    private static IEnumerable<Fault> Wanted(ChaosOptions options) => NetworkFaults.All.Concat(ProcessFaults.All)
        .Where(f => options.Only.Count == 0 || options.Only.Any(prefix => f.Name.StartsWith(prefix, StringComparison.Ordinal)));
}
