using K8sConsul.Gossip;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server.Leader;

/// <summary>
/// Gives non-voters their vote once gossip has seen them alive and their log has kept up for long enough, so that a new
/// server cannot cost the cluster its quorum.
/// </summary>
public sealed partial class ServerPromotion(RaftHost raft, Func<MemberList> members, PromotionOptions options, TimeProvider time, ILogger<ServerPromotion> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ServerId, long> _stableSince = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _stableSince.Clear();
        while (true)
        {
            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
            await PromoteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PromoteAsync(CancellationToken cancellationToken)
    {
        (IReadOnlyList<PeerStatus> peers, LogIndex last) = await raft.CallAsync(node => (node.Peers(), node.LastEntry.Index)).ConfigureAwait(false);
        var alive = members().All
            .Where(m => m.Status == MemberStatus.Alive)
            .Select(m => m.Tag("id"))
            .ToHashSet(StringComparer.Ordinal);
        foreach (PeerStatus peer in peers)
        {
            bool healthy = alive.Contains(peer.Server.Id.Value!) && peer.Match.Value + options.MaxTrailingLogs >= last.Value;
            if (!healthy)
            {
                _stableSince.Remove(peer.Server.Id);
                continue;
            }

            if (!_stableSince.TryGetValue(peer.Server.Id, out long since))
            {
                _stableSince.Add(peer.Server.Id, since = time.GetTimestamp());
            }

            if (!peer.Server.IsVoter && time.GetElapsedTime(since) >= options.StabilizationTime)
            {
                LogPromoting(peer.Server.Id.ToString(), peer.Server.Address);
                await raft.ChangeAsync(new ConfigurationChange(ConfigurationChangeKind.Promote, peer.Server.Id), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(1221, LogLevel.Information, "promoting server to voter: id={Id} address={Address}")]
    private partial void LogPromoting(string id, string address);
}

/// <summary><c>autopilot.max_trailing_logs</c> and <c>autopilot.server_stabilization_time</c>.</summary>
public sealed record PromotionOptions(ulong MaxTrailingLogs, TimeSpan StabilizationTime);
