using K8sConsul.Gossip;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Telemetry;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server.Leader;

/// <summary>Asks servers for their stats; who does not answer in time is absent.</summary>
public delegate Task<IReadOnlyDictionary<ServerId, ServerStats>> ServerStatsSource(IReadOnlyList<ServerParts> servers, CancellationToken cancellationToken);

/// <summary>
/// The leader's look at its servers: every two seconds it gathers what <see cref="AutopilotRules"/> decide by, and does what
/// they say.
/// </summary>
public sealed partial class AutopilotLoop(
    RaftHost raft,
    StateStore store,
    GossipServerDirectory directory,
    AutopilotRecord initial,
    ServerStatsSource fetchStats,
    Func<string, CancellationToken, Task> forceLeave,
    TimeProvider time,
    ILogger<AutopilotLoop> logger,
    AutopilotMetrics metrics)
{
    /// <summary>Between two looks; a server has half of it to answer.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan CleanUpInterval = TimeSpan.FromSeconds(10);

    private volatile ClusterHealth _health = ClusterHealth.Unknown;
    private int _serverAdded;

    /// <summary>What the last look gave; unknown on servers that do not lead.</summary>
    public ClusterHealth Health => _health;

    /// <summary>A new server is the moment to be rid of the one that it replaces.</summary>
    public void NoteServerAdded() => Volatile.Write(ref _serverAdded, 1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        TimeSpan cleanedUp = TimeSpan.Zero;
        try
        {
            while (true)
            {
                bool isAdded = Interlocked.Exchange(ref _serverAdded, 0) == 1;
                AutopilotView view = await LookAsync(began, cancellationToken).ConfigureAwait(false);
                AutopilotDecision decision = AutopilotRules.Decide(view, _health);
                _health = decision.Health;
                metrics.Tell(decision.Health);
                foreach (ServerHealth server in decision.Promotions)
                {
                    LogPromoting(server.Id.ToString(), server.Address);
                    await ChangeAsync(ConfigurationChangeKind.Promote, server.Id, cancellationToken).ConfigureAwait(false);
                }

                if (isAdded || view.Elapsed - cleanedUp >= CleanUpInterval)
                {
                    cleanedUp = view.Elapsed;
                    await CleanUpAsync(decision.Removals, cancellationToken).ConfigureAwait(false);
                }

                await Task.Delay(LookInterval, time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _health = ClusterHealth.Unknown;
        }
    }

    private async Task<AutopilotView> LookAsync(long began, CancellationToken cancellationToken)
    {
        AutopilotRecord config = store.Current.Autopilot ?? await CreateConfigAsync().ConfigureAwait(false);
        RaftStats raftStats = await raft.CallAsync(static node => node.Stats()).ConfigureAwait(false);
        IReadOnlyList<ServerParts> gossip = directory.Members;
        IReadOnlyDictionary<ServerId, ServerStats> stats = await fetchStats(
            [.. gossip.Where(member => member.Status != MemberStatus.Left && member.Id.Length > 0 && raftStats.Configuration.Find(new ServerId(member.Id)) is not null)],
            cancellationToken).ConfigureAwait(false);
        return new AutopilotView
        {
            Configuration = raftStats.Configuration,
            Leader = raftStats.Leader,
            LastEntry = raftStats.LastEntry,
            Gossip = gossip,
            Stats = stats,
            Config = config,
            Now = time.GetUtcNow(),
            Elapsed = time.GetElapsedTime(began),
        };
    }

    /// <summary>The first leader's word, and again after the restore of an archive that has none.</summary>
    private async Task<AutopilotRecord> CreateConfigAsync()
    {
        await raft.ApplyAsync(new AutopilotCommand(initial, IsConditional: false)).ConfigureAwait(false);
        return store.Current.Autopilot ?? initial;
    }

    private async Task CleanUpAsync(AutopilotRemovals removals, CancellationToken cancellationToken)
    {
        if (removals.Denied is { } reason)
        {
            LogNotRemoved(reason);
        }

        foreach (string name in removals.ForceLeaves)
        {
            LogRemovingFailed(name);
            await forceLeave(name, cancellationToken).ConfigureAwait(false);
        }

        foreach (ServerId peer in removals.Peers)
        {
            LogRemovingStale(peer.ToString());
            await ChangeAsync(ConfigurationChangeKind.Remove, peer, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One server that cannot be changed does not keep the others from it, unless leadership has ended.</summary>
    private async Task ChangeAsync(ConfigurationChangeKind kind, ServerId server, CancellationToken cancellationToken)
    {
        try
        {
            await raft.ChangeAsync(new ConfigurationChange(kind, server), cancellationToken).ConfigureAwait(false);
        }
        catch (ConsensusException failure) when (failure.Failure == ConsensusFailure.Overloaded)
        {
            LogChangeRefused(server.ToString(), failure.Message);
        }
    }

    [LoggerMessage(1221, LogLevel.Information, "Promoting server to voter: id={Id} address={Address}")]
    private partial void LogPromoting(string id, string address);

    [LoggerMessage(1222, LogLevel.Information, "Attempting removal of failed server node: name={Name}")]
    private partial void LogRemovingFailed(string name);

    [LoggerMessage(1223, LogLevel.Information, "Attempting removal of stale server: id={Id}")]
    private partial void LogRemovingStale(string id);

    [LoggerMessage(1224, LogLevel.Debug, "Failed to remove dead servers: error={Error}")]
    private partial void LogNotRemoved(string error);

    [LoggerMessage(1225, LogLevel.Warning, "Raft refused a change of the configuration: id={Id} error={Error}")]
    private partial void LogChangeRefused(string id, string error);
}
