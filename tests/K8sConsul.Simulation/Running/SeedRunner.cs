using System.Collections.Concurrent;
using K8sConsul.Simulation.Checking;

namespace K8sConsul.Simulation.Running;

/// <summary>Many seeds over all cores.</summary>
internal sealed class SeedRunner(int threads)
{
    public Coverage Coverage { get; } = new();

    public long Events { get; private set; }

    public int Runs { get; private set; }

    /// <summary>Runs the seeds from <paramref name="first"/> on.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="options">Makes the options of a seed.</param>
    /// <param name="stopAtFirst">Whether a violation ends the run.</param>
    /// <param name="progress">Told after each seed, one at a time.</param>
    /// <returns>Runs with a violation, by seed.</returns>
    public IReadOnlyList<SeedResult> Run(ulong first, int count, Func<ulong, SimulationOptions> options, bool stopAtFirst, Action<SeedRunner>? progress = null)
    {
        var violations = new ConcurrentBag<SeedResult>();
        int next = 0;
        bool isOver = false;
        var gate = new Lock();
        var workers = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            workers[i] = new Thread(() =>
            {
                while (!Volatile.Read(ref isOver) && Interlocked.Increment(ref next) is var number && number <= count)
                {
                    SeedResult result = SeedResult.Of(options(first + (ulong)number - 1));
                    if (result.Violation is not null)
                    {
                        violations.Add(result);
                        Volatile.Write(ref isOver, stopAtFirst);
                    }

                    lock (gate)
                    {
                        Coverage.Add(result.Coverage);
                        Events += result.Events;
                        Runs++;
                        progress?.Invoke(this);
                    }
                }
            });
            workers[i].Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        return [.. violations.OrderBy(result => result.Options.Seed)];
    }
}
