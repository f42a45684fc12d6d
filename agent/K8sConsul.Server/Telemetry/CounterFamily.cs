using System.Collections.Concurrent;

namespace K8sConsul.Server.Telemetry;

/// <summary>
/// Counters of one name whose labels come from requests. Their number is bounded, and those that nobody uses are given up, so
/// that asking for many names fills no memory.
/// </summary>
public sealed class CounterFamily<TKey> : ICounterFamily
    where TKey : notnull
{
    /// <summary>Beyond it new label values are not counted until old ones have been given up.</summary>
    public const int CountersMax = 4096;

    private readonly MetricsRegistry _registry;
    private readonly Func<TKey, string> _name;
    private readonly Func<TKey, MetricLabel[]> _labels;
    private readonly ConcurrentDictionary<TKey, Counter> _counters = new();
    private readonly Lock _gate = new();

    // Of the counters; the dictionary's own count would take all its locks.
    private int _count;

    internal CounterFamily(MetricsRegistry registry, Func<TKey, string> name, Func<TKey, MetricLabel[]> labels) =>
        (_registry, _name, _labels) = (registry, name, labels);

    public void Increment(TKey key)
    {
        if (_counters.TryGetValue(key, out Counter? counter))
        {
            counter.Increment();
            return;
        }

        Add(key)?.Increment();
    }

    /// <summary>An increment that meets this may be lost: it would have been the first for a long time.</summary>
    void ICounterFamily.GiveUp(Predicate<Counter> isIdle)
    {
        lock (_gate)
        {
            foreach ((TKey key, Counter counter) in _counters)
            {
                if (isIdle(counter) && _counters.TryRemove(KeyValuePair.Create(key, counter)))
                {
                    _registry.Remove(counter);
                    _count--;
                }
            }
        }
    }

    private Counter? Add(TKey key)
    {
        lock (_gate)
        {
            if (_counters.TryGetValue(key, out Counter? counter) || _count >= CountersMax)
            {
                return counter;
            }

            counter = _registry.Counter(_name(key), isHot: false, _labels(key));
            _counters[key] = counter;
            _count++;
            return counter;
        }
    }
}

internal interface ICounterFamily
{
    void GiveUp(Predicate<Counter> isIdle);
}
