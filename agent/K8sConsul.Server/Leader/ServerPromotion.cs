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
        HashSet<string> candidates = Candidates();
        foreach (ServerId gone in _stableSince.Keys.Where(id => !peers.Any(peer => peer.Server.Id == id)).ToArray())
        {
            // Should it come back, it has to prove itself anew.
            _stableSince.Remove(gone);
        }

        foreach (PeerStatus peer in peers)
        {
            bool healthy = candidates.Contains(peer.Server.Id.Value!) && peer.Match.Value + options.MaxTrailingLogs >= last.Value;
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

    /// <summary>IDs of the servers that gossip sees alive and that want a vote.</summary>
    private HashSet<string> Candidates()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (Member member in members().All)
        {
            if (member.Status == MemberStatus.Alive && ServerParts.TryParse(member, out ServerParts server) && !server.NonVoter)
            {
                ids.Add(server.Id);
            }
        }

        return ids;
    }

    [LoggerMessage(1221, LogLevel.Information, "promoting server to voter: id={Id} address={Address}")]
    private partial void LogPromoting(string id, string address);
}

/// <summary><c>autopilot.max_trailing_logs</c> and <c>autopilot.server_stabilization_time</c>.</summary>
public sealed record PromotionOptions(ulong MaxTrailingLogs, TimeSpan StabilizationTime);
