using K8sConsul.Server.Telemetry;
using K8sConsul.State;
using K8sConsul.State.Watching;

namespace K8sConsul.Server.Api.Reading;

/// <summary>A query's index and what it found.</summary>
public delegate (ulong Index, T Found) StateQuery<T>(StateSnapshot state, WatchSet? watches);

/// <summary>Makes the answer of what a query found.</summary>
public delegate ApiResponse Rendering<T>(T found);

/// <summary>
/// Runs reads on the state, blocking where the caller asked for it: run on an immutable version, compare the index, wait
/// for what the run depended on, run again.
/// </summary>
public sealed class StateReader(
    StateStore store, ReadLimits limits, TimeProvider time, Func<TimeSpan, TimeSpan> jitter, Func<ReadFreshness> freshness, RpcMetrics metrics)
{
    /// <summary>Consul spreads the ends of blocking queries over a sixteenth of their length.</summary>
    private const int JitterFraction = 16;

    /// <summary>
    /// The index of a query for what is not there and has no table to wait on, such as an unknown node: it is told as 1
    /// and answered at once even when the caller would wait.
    /// </summary>
    public const ulong NothingToWaitFor = ulong.MaxValue;

    public StateSnapshot Current => store.Current;

    /// <param name="tellConsistency">Whether this endpoint sends <c>X-Consul-Effective-Consistency</c>.</param>
    public async ValueTask<ApiResponse> ReadAsync<T>(
        ApiRequest request, StateQuery<T> query, Rendering<T> render, bool tellConsistency, CancellationToken cancellationToken)
    {
        ReadOptions options = ReadOptions.Parse(request);
        metrics.Query.Increment();
        if (options.MinIndex == 0)
        {
            (ulong index, T found) = query(store.Current, watches: null);
            return render(found).WithMeta(Meta(index, options, tellConsistency));
        }

        metrics.BeginBlocking();
        try
        {
            return await BlockAsync(options, query, render, tellConsistency, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            metrics.EndBlocking();
        }
    }

    private async ValueTask<ApiResponse> BlockAsync<T>(
        ReadOptions options, StateQuery<T> query, Rendering<T> render, bool tellConsistency, CancellationToken cancellationToken)
    {
        TimeSpan wait = options.Wait <= TimeSpan.Zero ? limits.DefaultQueryTime : options.Wait;
        wait = wait > limits.MaxQueryTime ? limits.MaxQueryTime : wait;
        TimeSpan deadlineIn = wait + jitter(wait / JitterFraction);
        long started = time.GetTimestamp();
        while (true)
        {
            using var watches = new WatchSet();
            StateSnapshot state = store.Current;
            state.WatchRestore(watches);
            (ulong index, T found) = query(state, watches);
            TimeSpan left = deadlineIn - time.GetElapsedTime(started);

            // A restore may have taken the index back; the client must learn that, so an abandoned state ends the wait.
            if (Math.Max(index, 1) > options.MinIndex || left <= TimeSpan.Zero)
            {
                return render(found).WithMeta(Meta(index, options, tellConsistency));
            }

            await WaitAsync(watches.Signalled, left, cancellationToken).ConfigureAwait(false);
            if (store.IsAbandoned(state))
            {
                (index, found) = query(store.Current, watches: null);
                return render(found).WithMeta(Meta(index, options, tellConsistency));
            }
        }
    }

    private async ValueTask WaitAsync(Task signalled, TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            await signalled.WaitAsync(longest, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The caller runs the query a last time and answers with what is there.
        }
    }

    private ReadMeta Meta(ulong index, in ReadOptions options, bool tellConsistency)
    {
        ReadFreshness now = freshness();
        index = index == NothingToWaitFor ? 1 : index;
        string? consistency = !tellConsistency ? null : options.Consistency switch
        {
            Consistency.Consistent => "consistent",
            Consistency.Stale => "stale",
            _ => "leader",
        };
        return options.Consistency == Consistency.Stale
            ? new ReadMeta(index, now.KnownLeader, now.LastContact, consistency)
            : new ReadMeta(index, KnownLeader: true, TimeSpan.Zero, consistency);
    }
}

/// <summary>Bounds of blocking queries: <c>default_query_time</c> and <c>max_query_time</c>.</summary>
public sealed record ReadLimits(TimeSpan DefaultQueryTime, TimeSpan MaxQueryTime);

/// <summary>What a server knows about its distance to the leader.</summary>
public readonly record struct ReadFreshness(bool KnownLeader, TimeSpan LastContact);
