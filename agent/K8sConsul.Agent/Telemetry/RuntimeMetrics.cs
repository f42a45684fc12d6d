using K8sConsul.Server.Telemetry;

namespace K8sConsul.Agent.Telemetry;

/// <summary>
/// <c>runtime.*</c>, those that .NET can tell: it knows no number of objects, of allocations and frees, nor of goroutines.
/// </summary>
internal sealed class RuntimeMetrics : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Sample _pause;
    private readonly ITimer _timer;
    private int _collections;
    private TimeSpan _paused;

    public RuntimeMetrics(MetricsRegistry registry, TimeProvider time)
    {
        registry.Gauge("runtime.alloc_bytes", static () => GC.GetTotalMemory(forceFullCollection: false));
        registry.Gauge("runtime.sys_bytes", static () => Environment.WorkingSet);
        registry.Gauge("runtime.total_gc_pause_ns", static () => (float)GC.GetTotalPauseDuration().TotalNanoseconds);
        registry.Gauge("runtime.total_gc_runs", static () => GC.CollectionCount(0));
        _pause = registry.Sample("runtime.gc_pause_ns");
        _collections = GC.CollectionCount(0);
        _paused = GC.GetTotalPauseDuration();
        _timer = time.CreateTimer(_ => ObservePauses(), null, Period, Period);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>The runtime tells how many collections there were and how long they took together: each gets its share.</summary>
    private void ObservePauses()
    {
        int collections = GC.CollectionCount(0);
        TimeSpan paused = GC.GetTotalPauseDuration();
        int count = collections - _collections;
        for (int i = 0; i < count; i++)
        {
            _pause.Observe((float)((paused - _paused).TotalNanoseconds / count));
        }

        (_collections, _paused) = (collections, paused);
    }
}
