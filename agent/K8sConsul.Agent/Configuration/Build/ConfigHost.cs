using System.Globalization;
using K8sConsul.Addresses;

namespace K8sConsul.Agent.Configuration;

/// <summary>What a configuration asks of the machine it is for.</summary>
public sealed record ConfigHost
{
    private const string LimitsFile = "/proc/self/limits";

    public required INetworkInterfaces Interfaces { get; init; }

    public required string HostName { get; init; }

    /// <summary>The most files the process may have open; null where it is not known.</summary>
    public required long? OpenFilesMax { get; init; }

    public static ConfigHost System()
    {
        return new ConfigHost
        {
            Interfaces = new SystemNetworkInterfaces(),
            HostName = Environment.MachineName,
            OpenFilesMax = ReadOpenFilesMax(),
        };
    }

    private static long? ReadOpenFilesMax()
    {
        const string Label = "Max open files";
        if (!File.Exists(LimitsFile))
        {
            return null;
        }

        string? line = File.ReadLines(LimitsFile).FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal));
        string? soft = line?[Label.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit : null;
    }
}
