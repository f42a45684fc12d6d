using K8sConsul.Gossip;
using K8sConsul.Go;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;

namespace K8sConsul.Server.Leader;

/// <summary>Autopilot's rules, those of Consul 1.8: who is healthy, who gets a vote, who is taken out.</summary>
public static class AutopilotRules
{
    /// <param name="previous">What the last view of the same reign gave; <see cref="ClusterHealth.Unknown"/> at first.</param>
    public static AutopilotDecision Decide(AutopilotView view, ClusterHealth previous)
    {
        ClusterHealth health = Assess(view, previous);
        return new AutopilotDecision(health, Promotions(view, health), Removals(view));
    }

    private static ClusterHealth Assess(AutopilotView view, ClusterHealth previous)
    {
        Dictionary<ServerId, ServerHealth> before = previous.Servers.ToDictionary(server => server.Id);
        List<ServerHealth> servers = [.. view.Configuration.Servers.Select(server => Assess(view, server, before.GetValueOrDefault(server.Id)))];
        int healthyVoters = servers.Count(server => server is { IsHealthy: true, IsVoter: true });
        return new ClusterHealth(
            servers.TrueForAll(server => server.IsHealthy),
            Math.Max(0, healthyVoters - view.Configuration.QuorumSize),
            servers);
    }

    private static ServerHealth Assess(AutopilotView view, RaftServer server, ServerHealth? before)
    {
        ServerParts? member = Known(view, server.Id).FirstOrDefault(parts => parts.Status != MemberStatus.Left);
        ServerStats? stats = member is null ? null : view.Stats.GetValueOrDefault(server.Id);
        bool isHealthy = stats is not null && member!.Status == MemberStatus.Alive && IsCurrent(stats, view);
        bool isAsBefore = stats is null || (before is not null && before.IsHealthy == isHealthy);
        return new ServerHealth(
            server.Id,
            member?.Name ?? string.Empty,
            server.Address,
            member?.Status,
            member?.Build.ToString() ?? string.Empty,
            server.Id == view.Leader,
            server.IsVoter,
            stats,
            isHealthy,

            // Who does not answer has no time at all to show.
            stats is null ? null : isAsBefore ? before!.StableSince : view.Now,
            stats is null ? default : isAsBefore ? before!.StableAt : view.Elapsed,
            member is { NonVoter: false });
    }

    private static bool IsCurrent(ServerStats stats, AutopilotView view) =>
        stats.LastContact is { } contact
        && contact >= TimeSpan.Zero
        && GoDuration.FromTimeSpan(contact) <= view.Config.LastContactThreshold
        && stats.LastEntry.Term == view.LastEntry.Term
        && (view.LastEntry.Index.Value <= view.Config.MaxTrailingLogs
            || stats.LastEntry.Index.Value >= view.LastEntry.Index.Value - view.Config.MaxTrailingLogs);

    private static List<ServerHealth> Promotions(AutopilotView view, ClusterHealth health) =>
    [
        .. health.Servers.Where(server =>
            server is { IsVoter: false, WantsVote: true, IsHealthy: true }
            && GoDuration.FromTimeSpan(view.Elapsed - server.StableAt) >= view.Config.ServerStabilizationTime),
    ];

    /// <summary>
    /// Failed non-voters go at once, since nothing hangs on them. All other dead servers go together or not at all: only while
    /// they are a minority of the voters, so that those who stay held the quorum anyway.
    /// </summary>
    private static AutopilotRemovals Removals(AutopilotView view)
    {
        if (!view.Config.CleanupDeadServers)
        {
            return AutopilotRemovals.None;
        }

        List<ServerId> stale = [.. view.Configuration.Servers.Select(server => server.Id).Where(id => id != view.Leader && !Known(view, id).Any())];
        var nonVoters = new List<string>();
        var failed = new List<string>();
        foreach (ServerParts member in view.Gossip.Where(member => member.Status == MemberStatus.Failed && !LivesElsewhere(view, member)))
        {
            bool isNonVoter = member.Id.Length > 0 && view.Configuration.Find(new ServerId(member.Id)) is { IsVoter: false };
            (isNonVoter ? nonVoters : failed).Add(member.Name);
        }

        int dead = failed.Count + stale.Count;
        return dead > 0 && WhyNot(view.Configuration.VoterCount, dead, view.Config.MinQuorum) is { } denied
            ? new AutopilotRemovals(nonVoters, [], denied)
            : new AutopilotRemovals([.. nonVoters, .. failed], stale, Denied: null);
    }

    private static string? WhyNot(int voters, int dead, ulong minQuorum) =>
        (ulong)Math.Max(0, voters - dead) < minQuorum
            ? $"denied, because removing {dead}/{voters} servers would leave less then minimal allowed quorum of {minQuorum} servers"
            : dead > (voters - 1) / 2 ? $"denied, because removing the majority of servers {dead}/{voters} is not safe" : null;

    /// <summary>A server that came back under another name leaves its old name behind as failed: it is not dead.</summary>
    private static bool LivesElsewhere(AutopilotView view, ServerParts member) =>
        member.Id.Length > 0 && Known(view, new ServerId(member.Id)).First().Status == MemberStatus.Alive;

    /// <summary>What gossip has of a server, the living first.</summary>
    private static IEnumerable<ServerParts> Known(AutopilotView view, ServerId id) => view.Gossip
        .Where(member => string.Equals(member.Id, id.Value, StringComparison.Ordinal))
        .OrderBy(member => member.Status == MemberStatus.Alive ? 0 : 1);
}
