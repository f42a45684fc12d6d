using System.Globalization;

namespace K8sConsul.Benchmarks.Contestants;

/// <summary>What the kernel counts for a process.</summary>
internal readonly record struct ProcessUsage(double CpuMs, double ResidentMegabytes)
{
    /// <summary>USER_HZ, which the kernel fixes at 100 for what it shows in /proc.</summary>
    private const double TicksPerSecond = 100;

    public static ProcessUsage Of(int processId)
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/");
        string stat = File.ReadAllText(folder + "stat");

        // The name stands in parentheses and may hold blanks; utime and stime are the 14th and 15th field, counted from 1.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        double ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        string resident = File.ReadLines(folder + "status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        double kilobytes = long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return new ProcessUsage(ticks * 1000 / TicksPerSecond, kilobytes / 1024);
    }
}
