using System.Globalization;

namespace K8sConsul.Benchmarks.Contestants;

/// <summary>What the kernel counts for a process.</summary>
/// <param name="CpuMs">Since its start.</param>
/// <param name="ResidentMegabytes">All its pages in memory, those of program files too, which all processes of a machine share.</param>
/// <param name="PrivateMegabytes">Those without a file behind them: what one more process costs.</param>
internal readonly record struct ProcessUsage(double CpuMs, double ResidentMegabytes, double PrivateMegabytes)
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
        string[] status = File.ReadAllLines(folder + "status");
        return new ProcessUsage(
            ticks * 1000 / TicksPerSecond, Megabytes(status, "VmRSS:"), Megabytes(status, "RssAnon:") + Megabytes(status, "RssShmem:"));
    }

    private static double Megabytes(string[] status, string name)
    {
        string line = status.First(l => l.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
