using System.Globalization;
using System.Runtime.InteropServices;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;

namespace K8sConsul.Agent.Api;

/// <summary><c>/v1/agent/host</c>: what the machine says about itself. Read from <c>/proc</c>; what is absent reads as zero.</summary>
internal static class HostInformation
{
    /// <summary>Members of <c>Memory</c> with their names in <c>/proc/meminfo</c>; the first two are BSD's and always zero here.</summary>
    private static readonly (string Name, string Key)[] MoreMemory =
    [
        ("wired", string.Empty), ("laundry", string.Empty), ("buffers", "Buffers"), ("cached", "Cached"), ("writeback", "Writeback"),
        ("dirty", "Dirty"), ("writebacktmp", "WritebackTmp"), ("shared", "Shmem"), ("slab", "Slab"), ("sreclaimable", "SReclaimable"),
        ("sunreclaim", "SUnreclaim"), ("pagetables", "PageTables"), ("swapcached", "SwapCached"), ("commitlimit", "CommitLimit"),
        ("committedas", "Committed_AS"), ("hightotal", "HighTotal"), ("highfree", "HighFree"), ("lowtotal", "LowTotal"),
        ("lowfree", "LowFree"), ("swaptotal", "SwapTotal"), ("swapfree", "SwapFree"), ("mapped", "Mapped"),
        ("vmalloctotal", "VmallocTotal"), ("vmallocused", "VmallocUsed"), ("vmallocchunk", "VmallocChunk"),
        ("hugepagestotal", "HugePages_Total"), ("hugepagesfree", "HugePages_Free"), ("hugepagesize", "Hugepagesize"),
    ];

    public static ApiResponse Answer(ApiRequest request)
    {
        Dictionary<string, ulong> memory = MemoryKilobytes();
        ulong total = Kilobytes(memory, "MemTotal");
        ulong available = Kilobytes(memory, "MemAvailable");
        ulong free = Kilobytes(memory, "MemFree");
        double uptime = Uptime();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return ApiResponse.Json(request, json =>
        {
            json.BeginObject();
            json.Name("Memory"u8);
            json.BeginObject();
            Number(json, "total"u8, total);
            Number(json, "available"u8, available);
            Number(json, "used"u8, total - available);
            json.Name("usedPercent"u8);
            json.Number(total == 0 ? 0 : (total - available) * 100.0 / total);
            Number(json, "free"u8, free);
            Number(json, "active"u8, Kilobytes(memory, "Active"));
            Number(json, "inactive"u8, Kilobytes(memory, "Inactive"));
            foreach ((string name, string key) in MoreMemory)
            {
                json.Name(name);
                json.Number(key.StartsWith("HugePages", StringComparison.Ordinal) ? memory.GetValueOrDefault(key) : Kilobytes(memory, key));
            }

            json.EndObject();
            json.Name("CPU"u8);
            WriteCpus(json);
            json.Name("Host"u8);
            json.BeginObject();
            Text(json, "hostname"u8, Environment.MachineName);
            Number(json, "uptime"u8, (ulong)uptime);
            Number(json, "bootTime"u8, (ulong)(now.ToUnixTimeSeconds() - (long)uptime));
            Number(json, "procs"u8, (ulong)Directory.EnumerateDirectories("/proc").Count(d => char.IsAsciiDigit(Path.GetFileName(d)[0])));
            Text(json, "os"u8, OperatingSystem.IsLinux() ? "linux" : RuntimeInformation.OSDescription);
            Text(json, "platform"u8, Release("ID"));
            Text(json, "platformFamily"u8, Release("ID_LIKE") is { Length: > 0 } family ? family : Release("ID"));
            Text(json, "platformVersion"u8, Release("VERSION_ID"));
            Text(json, "kernelVersion"u8, ReadLine("/proc/sys/kernel/osrelease"));
            Text(json, "kernelArch"u8, RuntimeInformation.OSArchitecture == Architecture.X64 ? "x86_64" : "aarch64");
            Text(json, "virtualizationSystem"u8, string.Empty);
            Text(json, "virtualizationRole"u8, string.Empty);
            Text(json, "hostid"u8, ReadLine("/proc/sys/kernel/random/boot_id"));
            json.EndObject();
            json.Name("Disk"u8);
            WriteDisk(json);
            json.Name("CollectionTime"u8);
            json.Number(now.ToUnixTimeMilliseconds() * 1_000_000);
            json.Name("Errors"u8);
            json.Null();
            json.EndObject();
        });
    }

    private static void WriteCpus(GoJsonWriter json)
    {
        json.BeginArray();
        var cpu = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines("/proc/cpuinfo").Append(string.Empty))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                cpu[line[..colon].Trim()] = line[(colon + 1)..].Trim();
                continue;
            }

            if (cpu.Count == 0)
            {
                continue;
            }

            json.BeginObject();
            Number(json, "cpu"u8, Whole(cpu, "processor"));
            Text(json, "vendorId"u8, cpu.GetValueOrDefault("vendor_id", string.Empty));
            Text(json, "family"u8, cpu.GetValueOrDefault("cpu family", string.Empty));
            Text(json, "model"u8, cpu.GetValueOrDefault("model", string.Empty));
            Number(json, "stepping"u8, Whole(cpu, "stepping"));
            Text(json, "physicalId"u8, cpu.GetValueOrDefault("physical id", string.Empty));
            Text(json, "coreId"u8, cpu.GetValueOrDefault("core id", string.Empty));
            Number(json, "cores"u8, 1);
            Text(json, "modelName"u8, cpu.GetValueOrDefault("model name", string.Empty));
            json.Name("mhz"u8);
            json.Number(double.TryParse(cpu.GetValueOrDefault("cpu MHz", "0"), CultureInfo.InvariantCulture, out double mhz) ? mhz : 0);
            Number(json, "cacheSize"u8, Whole(cpu, "cache size"));
            json.Name("flags"u8);
            json.BeginArray();
            foreach (string flag in cpu.GetValueOrDefault("flags", string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                json.String(flag);
            }

            json.EndArray();
            Text(json, "microcode"u8, cpu.GetValueOrDefault("microcode", string.Empty));
            json.EndObject();
            cpu.Clear();
        }

        json.EndArray();
    }

    private static void WriteDisk(GoJsonWriter json)
    {
        var drive = new DriveInfo("/");
        ulong total = (ulong)drive.TotalSize;
        ulong free = (ulong)drive.AvailableFreeSpace;
        json.BeginObject();
        Text(json, "path"u8, "/");
        Text(json, "fstype"u8, drive.DriveFormat);
        Number(json, "total"u8, total);
        Number(json, "free"u8, free);
        Number(json, "used"u8, total - (ulong)drive.TotalFreeSpace);
        json.Name("usedPercent"u8);
        json.Number(total == 0 ? 0 : (total - free) * 100.0 / total);
        (ulong inodes, ulong inodesFree) = FileSystemStatus.Inodes("/");
        Number(json, "inodesTotal"u8, inodes);
        Number(json, "inodesUsed"u8, inodes - inodesFree);
        Number(json, "inodesFree"u8, inodesFree);
        json.Name("inodesUsedPercent"u8);
        json.Number(inodes == 0 ? 0 : (inodes - inodesFree) * 100.0 / inodes);
        json.EndObject();
    }

    private static Dictionary<string, ulong> MemoryKilobytes()
    {
        var memory = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines("/proc/meminfo"))
        {
            string[] parts = line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length >= 2 && ulong.TryParse(parts[1], CultureInfo.InvariantCulture, out ulong kilobytes))
            {
                memory[parts[0]] = kilobytes;
            }
        }

        return memory;
    }

    private static ulong Kilobytes(Dictionary<string, ulong> memory, string name) => memory.GetValueOrDefault(name) * 1024;

    private static double Uptime() =>
        double.TryParse(ReadLine("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture, out double seconds) ? seconds : 0;

    private static string Release(string name)
    {
        if (!File.Exists("/etc/os-release"))
        {
            return string.Empty;
        }

        foreach (string line in File.ReadLines("/etc/os-release"))
        {
            if (line.StartsWith(name + "=", StringComparison.Ordinal))
            {
                return line[(name.Length + 1)..].Trim('"');
            }
        }

        return string.Empty;
    }

    private static string ReadLine(string path) => File.Exists(path) ? File.ReadLines(path).FirstOrDefault() ?? string.Empty : string.Empty;

    private static ulong Whole(Dictionary<string, string> cpu, string name) =>
        ulong.TryParse(cpu.GetValueOrDefault(name, "0").Split(' ')[0], CultureInfo.InvariantCulture, out ulong value) ? value : 0;

    private static void Number(GoJsonWriter json, ReadOnlySpan<byte> name, ulong value)
    {
        json.Name(name);
        json.Number(value);
    }

    private static void Text(GoJsonWriter json, ReadOnlySpan<byte> name, string value)
    {
        json.Name(name);
        json.String(value);
    }
}
