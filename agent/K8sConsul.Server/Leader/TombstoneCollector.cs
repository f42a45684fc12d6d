using K8sConsul.Server.Consensus;
using K8sConsul.Server.Telemetry;
using K8sConsul.State;
using K8sConsul.State.Commands;

namespace K8sConsul.Server.Leader;

/// <summary>
/// Lets the traces of deleted keys go after a while. They are gathered in bins of half a minute, so that a burst of deletions
/// costs one entry in the log.
/// </summary>
public sealed class TombstoneCollector(StateStore store, ICommandLog log, TimeProvider time, LeaderMetrics metrics)
{
    /// <summary>How long a prefix index surely does not go backwards because of a deletion.</summary>
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Granularity = TimeSpan.FromSeconds(30);

    /// <summary>Looks every half minute for new tombstones, and reaps those whose bin is a quarter of an hour old.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var bins = new Queue<(long Due, ulong Index)>();
        ulong seen = 0;
        while (true)
        {
            ulong highest = store.Current.TombstoneIndexMax();
            if (highest > seen)
            {
                seen = highest;
                bins.Enqueue((time.GetTimestamp() + (long)((Ttl + Granularity).TotalSeconds * time.TimestampFrequency), highest));
            }

            while (bins.TryPeek(out (long Due, ulong Index) bin) && bin.Due <= time.GetTimestamp())
            {
                bins.Dequeue();
                long started = time.GetTimestamp();
                await log.ApplyAsync(new TombstoneCommand(bin.Index)).ConfigureAwait(false);
                metrics.ReapTombstones.Since(started);
            }

            await Task.Delay(Granularity, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
