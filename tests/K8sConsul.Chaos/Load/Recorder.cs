using System.Collections.Concurrent;
using System.Diagnostics;
using K8sConsul.Histories;

namespace K8sConsul.Chaos.Load;

/// <summary>What all clients did, on one clock, and how many of what went how per second.</summary>
internal sealed class Recorder
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<(ReadMode Mode, Operation Operation)> _operations = new();
    private readonly ConcurrentDictionary<(string Kind, Outcome Outcome), int> _counts = new();
    private readonly ConcurrentDictionary<(int Second, Outcome Outcome), int> _perSecond = new();
    private readonly Lock _gate = new();
    private TimeSpan _lastWrite;

    public TimeSpan Now => Stopwatch.GetElapsedTime(_started);

    /// <summary>Microseconds, as histories have it.</summary>
    public long Moment => (long)Now.TotalMicroseconds;

    public TimeSpan LongestWriteGap { get; private set; }

    public IReadOnlyDictionary<(string Kind, Outcome Outcome), int> Counts => _counts;

    public int PerSecond(int second, Outcome outcome) => _perSecond.GetValueOrDefault((second, outcome));

    /// <summary>Writes belong to every history; reads to that of their mode.</summary>
    public void Add(ReadMode mode, Operation operation) => _operations.Enqueue((mode, operation));

    public IEnumerable<Operation> Writes => _operations.Where(o => o.Mode == ReadMode.None).Select(o => o.Operation);

    public IEnumerable<Operation> Reads(ReadMode mode) => _operations.Where(o => o.Mode == mode).Select(o => o.Operation);

    public void Count(string kind, Outcome outcome, bool isWrite)
    {
        TimeSpan now = Now;
        _counts.AddOrUpdate((kind, outcome), 1, (_, n) => n + 1);
        _perSecond.AddOrUpdate(((int)now.TotalSeconds, outcome), 1, (_, n) => n + 1);
        if (isWrite && outcome == Outcome.Ok)
        {
            lock (_gate)
            {
                LongestWriteGap = now - _lastWrite > LongestWriteGap ? now - _lastWrite : LongestWriteGap;
                _lastWrite = now > _lastWrite ? now : _lastWrite;
            }
        }
    }
}
