using System.Threading.Channels;
using K8sConsul.Gossip;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Telemetry;
using K8sConsul.State.Commands;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server.Leader;

/// <summary>A member that changed, to be reconciled by the leader.</summary>
public readonly record struct MemberChange(Member Member, bool IsGone);

/// <summary>
/// What a server does while it leads: first catch up with the log, then run every duty until leadership ends. Each term of
/// leadership starts all duties anew.
/// </summary>
public sealed partial class LeaderLoop(RaftHost raft, MemberReconciler reconciler, IReadOnlyList<Func<CancellationToken, Task>> duties, LeaderLoopOptions options, TimeProvider time, ILogger<LeaderLoop> logger, LeaderMetrics metrics)
{
    /// <summary>Changes that wait; what overflows is healed by the periodic reconcile.</summary>
    private const int ChangesMax = 256;

    private static readonly TimeSpan ReconcileInterval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly Channel<MemberChange> _changes = Channel.CreateBounded<MemberChange>(
        new BoundedChannelOptions(ChangesMax) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Tells the leader that a member changed; ignored on other servers, whose successor looks at all members.</summary>
    public void Notify(MemberChange change)
    {
        if (raft.View.IsLeader)
        {
            _changes.Writer.TryWrite(change);
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Task leading = Task.CompletedTask;
        CancellationTokenSource? term = null;
        ulong ledTerm = 0;
        try
        {
            await foreach (ConsensusView view in raft.Changes.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (!view.Leader.IsNone)
                {
                    options.OnLeader(view);
                }

                bool isSame = view.IsLeader && term is not null && view.Term == ledTerm;
                if (isSame)
                {
                    continue;
                }

                if (term is not null)
                {
                    LogLost();
                    await EndAsync(term, leading).ConfigureAwait(false);
                    term = null;
                }

                if (view.IsLeader)
                {
                    LogAcquired();
                    ledTerm = view.Term;
                    term = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    leading = LeadAsync(term.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping was asked for.
        }
        finally
        {
            if (term is not null)
            {
                await EndAsync(term, leading).ConfigureAwait(false);
            }
        }
    }

    private static async Task EndAsync(CancellationTokenSource term, Task leading)
    {
        await term.CancelAsync().ConfigureAwait(false);
        await leading.ConfigureAwait(false);
        term.Dispose();
    }

    private async Task LeadAsync(CancellationToken cancellationToken)
    {
        await KeepAsync(options.OnElectedAsync, cancellationToken).ConfigureAwait(false);
        await KeepAsync(CatchUpAsync, cancellationToken).ConfigureAwait(false);
        if (!cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAll(duties.Append(ReconcileAsync).Select(duty => KeepAsync(duty, cancellationToken))).ConfigureAwait(false);
        }
    }

    /// <summary>Everything that earlier leaders committed is applied here, and nothing that they began is left half done.</summary>
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await raft.BarrierAsync().ConfigureAwait(false);
        if (raft.Applied.IsRestoring)
        {
            // Nobody sends the rest of it, and while it is held no snapshot can be taken.
            await raft.ApplyAsync(RestoreCommand.Abandon).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// A duty that fails is begun again after a while, as long as leadership lasts. Whatever the failure: were the server to
    /// end for it, its successor would meet the same state and end as well.
    /// </summary>
    private async Task KeepAsync(Func<CancellationToken, Task> duty, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await duty(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (ConsensusException failure)
            {
                if (!IsEndOfTerm(failure, cancellationToken))
                {
                    LogDutyFailed(failure.Message);
                }
            }
            catch (Exception failure)
            {
                LogDutyBroken(failure);
            }

            try
            {
                await Task.Delay(RetryInterval, time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Whether the duty failed because nobody leads here any more, which is told elsewhere. Raft says so before the token does: the view comes
    /// through a channel, and a server that stops fails what waits before its loop has ended.
    /// </summary>
    private bool IsEndOfTerm(ConsensusException failure, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested || failure.Failure == ConsensusFailure.Stopping || !raft.View.IsLeader;

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            long started = time.GetTimestamp();
            await raft.BarrierAsync().ConfigureAwait(false);
            metrics.Barrier.Since(started);
            started = time.GetTimestamp();
            await reconciler.ReconcileAllAsync(cancellationToken).ConfigureAwait(false);
            metrics.Reconcile.Since(started);
            using var untilNext = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await using ITimer timer = time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), untilNext, ReconcileInterval, Timeout.InfiniteTimeSpan);
            try
            {
                await foreach (MemberChange change in _changes.Reader.ReadAllAsync(untilNext.Token).ConfigureAwait(false))
                {
                    await reconciler.ReconcileAsync(change, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // A minute has passed: look at everything again.
            }
        }
    }

    [LoggerMessage(1231, LogLevel.Information, "cluster leadership acquired")]
    private partial void LogAcquired();

    [LoggerMessage(1232, LogLevel.Information, "cluster leadership lost")]
    private partial void LogLost();

    [LoggerMessage(1233, LogLevel.Error, "leader duty failed: error={Error}")]
    private partial void LogDutyFailed(string error);

    [LoggerMessage(1234, LogLevel.Error, "leader duty broke and is begun again")]
    private partial void LogDutyBroken(Exception error);
}

/// <summary>What the loop tells the agent around it.</summary>
/// <param name="OnLeader">Some server is known to lead.</param>
/// <param name="OnElectedAsync">This one was elected; it tells the others by gossip.</param>
public sealed record LeaderLoopOptions(Action<ConsensusView> OnLeader, Func<CancellationToken, Task> OnElectedAsync);
