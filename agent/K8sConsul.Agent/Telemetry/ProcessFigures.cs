using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using K8sConsul.Server.Telemetry;

namespace K8sConsul.Agent.Telemetry;

/// <summary>One figure of the process or of its runtime, as Prometheus gets it.</summary>
internal readonly record struct ProcessFigure(string Name, string Type, string Help, double Value, params MetricLabel[] Labels);

/// <summary>
/// <c>process_*</c> by the names that every Prometheus client uses, and <c>dotnet_*</c> by those of OpenTelemetry. Go's own
/// figures are not here: nothing in .NET means the same.
/// </summary>
internal sealed class ProcessFigures
{
    private const string Counter = "counter";
    private const string Gauge = "gauge";

    private readonly double _startedSeconds;

    public ProcessFigures()
    {
        using var self = Process.GetCurrentProcess();
        _startedSeconds = new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000.0;
    }

    public IEnumerable<ProcessFigure> Read()
    {
        yield return new("process_cpu_seconds_total", Counter, "Total user and system CPU time spent in seconds.", Environment.CpuUsage.TotalTime.TotalSeconds);
        yield return new("process_start_time_seconds", Gauge, "Start time of the process since unix epoch in seconds.", _startedSeconds);
        yield return new("process_resident_memory_bytes", Gauge, "Resident memory size in bytes.", Environment.WorkingSet);
        foreach (ProcessFigure figure in OperatingSystem.IsLinux() ? Linux() : [])
        {
            yield return figure;
        }

        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            yield return new(
                "dotnet_gc_collections_total",
                Counter,
                "Garbage collections since the process has started.",
                GC.CollectionCount(generation),
                new MetricLabel("gc_heap_generation", "gen" + generation.ToString(CultureInfo.InvariantCulture)));
        }

        GCMemoryInfo last = GC.GetGCMemoryInfo();
        yield return new("dotnet_gc_heap_total_allocated_bytes_total", Counter, "Bytes allocated on the managed heap since the process has started.", GC.GetTotalAllocatedBytes());
        yield return new("dotnet_gc_last_collection_heap_size_bytes", Gauge, "Managed heap after the last garbage collection, fragmentation included.", last.HeapSizeBytes);
        yield return new("dotnet_gc_last_collection_memory_committed_size_bytes", Gauge, "Memory committed by the garbage collector at its last collection.", last.TotalCommittedBytes);
        yield return new("dotnet_gc_pause_time_seconds_total", Counter, "Time paused for garbage collection since the process has started.", GC.GetTotalPauseDuration().TotalSeconds);
        yield return new("dotnet_monitor_lock_contentions_total", Counter, "Locks that had to be waited for since the process has started.", Monitor.LockContentionCount);
        yield return new("dotnet_thread_pool_queue_length", Gauge, "Work items that wait for a thread.", ThreadPool.PendingWorkItemCount);
        yield return new("dotnet_thread_pool_thread_count", Gauge, "Threads of the pool.", ThreadPool.ThreadCount);
        yield return new("dotnet_thread_pool_work_item_count_total", Counter, "Work items completed since the process has started.", ThreadPool.CompletedWorkItemCount);
        yield return new("dotnet_timer_count", Gauge, "Timers that are armed.", Timer.ActiveCount);
        yield return new("dotnet_info", Gauge, "The runtime.", 1, new MetricLabel("version", RuntimeInformation.FrameworkDescription));
    }

    private static IEnumerable<ProcessFigure> Linux()
    {
        yield return new("process_open_fds", Gauge, "Number of open file descriptors.", Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        if (Limit("Max open files") is { } files)
        {
            yield return new("process_max_fds", Gauge, "Maximum number of open file descriptors.", files);
        }

        if (ulong.TryParse(File.ReadAllText("/proc/self/statm").Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong pages))
        {
            yield return new("process_virtual_memory_bytes", Gauge, "Virtual memory size in bytes.", (double)pages * Environment.SystemPageSize);
        }

        if (Limit("Max address space") is { } memory)
        {
            yield return new("process_virtual_memory_max_bytes", Gauge, "Maximum amount of virtual memory available in bytes.", memory);
        }
    }

    /// <summary>The soft limit; what is not limited is the largest number, as Go's client tells it.</summary>
    private static double? Limit(string name)
    {
        foreach (string line in File.ReadLines("/proc/self/limits"))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                string soft = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
                return soft == "unlimited" ? ulong.MaxValue : ulong.Parse(soft, NumberStyles.None, CultureInfo.InvariantCulture);
            }
        }

        return null;
    }
}
