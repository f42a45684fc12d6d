namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>A line of the table.</summary>
internal sealed record Row(string Name, string Unit, bool MoreIsBetter)
{
    public static Row Rate(string name) => new(name, "requests/s", MoreIsBetter: true);

    public static Row Time(string name) => new(name, "ms", MoreIsBetter: false);

    public static Row Memory(string name) => new(name, "MB", MoreIsBetter: false);

    public static Row Cpu(string name) => new(name, "CPU ms", MoreIsBetter: false);
}
