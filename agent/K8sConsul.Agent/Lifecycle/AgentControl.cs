using System.Globalization;
using System.Runtime.InteropServices;
using K8sConsul.Agent.Api;
using K8sConsul.Agent.Configuration;
using K8sConsul.Agent.Local;
using K8sConsul.Agent.Membership;
using K8sConsul.Go;
using K8sConsul.Gossip;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;

namespace K8sConsul.Agent.Lifecycle;

public sealed partial class ConsulAgent
{
    /// <summary>The agent as its API may use it.</summary>
    private sealed class AgentControl(ConsulAgent agent) : IAgentControl
    {
        public GossipPool Lan => agent._lan;

        public GossipPool? Wan => agent._wan;

        public Member LocalMember => agent._lan.LocalMember;

        public SelfDescription Self => new(
            agent._config.Identity.Datacenter,
            agent._config.Identity.NodeName,
            agent._nodeId,
            agent._config.Server.Enabled,
            ProductVersion.Compatible,
            Revision: string.Empty,
            Sorted.Of(agent._config.Identity.NodeMeta.Append(new("consul-network-segment", string.Empty))),
            !agent._config.Gossip.DisableCoordinates);

        public void BeginLeave() => agent._background.Add(agent.LeaveAndTellAsync());

        public Task<string?> ReloadAsync(CancellationToken cancellationToken) => agent._reload(cancellationToken);

        public async Task<SortedDictionary<string, SortedDictionary<string, string>>> StatsAsync()
        {
            LocalSnapshot local = agent._state.Current;
            var stats = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal)
            {
                ["agent"] = Group(
                    ("check_monitors", "0"),
                    ("check_ttls", Number(local.Checks.Values.Count(c => c.Definition is { Ttl.Ticks: > 0 }))),
                    ("checks", Number(local.Checks.Count)),
                    ("services", Number(local.Services.Count))),
                ["build"] = Group(("prerelease", string.Empty), ("revision", string.Empty), ("version", ProductVersion.Compatible)),
                ["runtime"] = Group(
                    ("arch", RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "amd64" : "arm64"),
                    ("cpu_count", Number(Environment.ProcessorCount)),
                    ("goroutines", Number(ThreadPool.ThreadCount)),
                    ("max_procs", Number(Environment.ProcessorCount)),
                    ("os", "linux"),
                    ("version", RuntimeInformation.FrameworkDescription)),
                ["serf_lan"] = Gossip(agent._lan.Stats),
            };
            if (agent._wan is { } wan)
            {
                stats["serf_wan"] = Gossip(wan.Stats);
            }

            if (agent._server is { } server)
            {
                await AddServerAsync(stats, server.Raft).ConfigureAwait(false);
            }
            else
            {
                stats["consul"] = Group(("acl", "disabled"), ("known_servers", Number(agent._client?.KnownServers ?? 0)), ("server", "false"));
            }

            return stats;
        }

        public SortedDictionary<string, object?> DebugConfig()
        {
            RuntimeConfig config = agent._config;
            return new SortedDictionary<string, object?>(StringComparer.Ordinal)
            {
                ["AdvertiseAddrLAN"] = config.Addresses.AdvertiseLan.ToString(),
                ["AdvertiseAddrWAN"] = config.Addresses.AdvertiseWan.ToString(),
                ["BindAddr"] = config.Addresses.Bind.ToString(),
                ["Bootstrap"] = config.Server.Bootstrap,
                ["BootstrapExpect"] = config.Server.BootstrapExpect,
                ["CheckOutputMaxSize"] = config.Checks.OutputBytesMax,
                ["ClientAddrs"] = config.Addresses.Client.Select(a => a.ToString()),
                ["DNSAddrs"] = config.Addresses.Dns.Select(a => "tcp://" + a).Concat(config.Addresses.Dns.Select(a => "udp://" + a)),
                ["DNSDomain"] = config.Dns.Domain,
                ["DNSRecursors"] = config.Dns.Recursors,
                ["DataDir"] = config.Identity.DataDirectory,
                ["Datacenter"] = config.Identity.Datacenter,
                ["DevMode"] = config.DevMode,
                ["EnableDebug"] = config.Http.EnableDebug,
                ["EncryptKey"] = config.Gossip.EncryptKey.IsEmpty ? string.Empty : "hidden",
                ["GRPCPort"] = config.Ports.Grpc,
                ["HTTPAddrs"] = config.Addresses.Http.Select(a => (a.IsUnixSocket ? "unix://" : "tcp://") + a),
                ["HTTPPort"] = config.Ports.Http,
                ["HTTPSPort"] = config.Ports.Https,
                ["LeaveOnTerm"] = config.Leave.OnTerminate,
                ["NodeID"] = agent._nodeId,
                ["NodeName"] = config.Identity.NodeName,
                ["PrimaryDatacenter"] = config.Identity.PrimaryDatacenter,
                ["RetryJoinLAN"] = config.Join.RetryLan,
                ["SerfPortLAN"] = config.Ports.SerfLan,
                ["SerfPortWAN"] = config.Ports.SerfWan,
                ["ServerMode"] = config.Server.Enabled,
                ["ServerPort"] = config.Ports.Server,
                ["SkipLeaveOnInt"] = config.Leave.SkipOnInterrupt,
                ["TaggedAddresses"] = Sorted.Of(config.Addresses.Tagged),
                ["Version"] = ProductVersion.Compatible,
            };
        }

        private async Task AddServerAsync(SortedDictionary<string, SortedDictionary<string, string>> stats, RaftHost raft)
        {
            RaftStats now = await raft.CallAsync(node => node.Stats()).ConfigureAwait(false);
            string leaderAddress = now.Leader.IsNone ? string.Empty : now.Configuration.Find(now.Leader)?.Address ?? string.Empty;
            stats["consul"] = Group(
                ("acl", "disabled"),
                ("bootstrap", agent._config.Server.Bootstrap ? "true" : "false"),
                ("known_datacenters", "1"),
                ("leader", now.Role == RaftRole.Leader ? "true" : "false"),
                ("leader_addr", leaderAddress),
                ("server", "true"));
            stats["raft"] = Group(
                ("applied_index", Number(now.AppliedIndex.Value)),
                ("commit_index", Number(now.CommitIndex.Value)),
                ("fsm_pending", Number(now.ApplyingCount)),
                ("last_contact", LastContact(now, raft)),
                ("last_log_index", Number(now.LastEntry.Index.Value)),
                ("last_log_term", Number(now.LastEntry.Term.Value)),
                ("last_snapshot_index", Number(now.LastSnapshot.Index.Value)),
                ("last_snapshot_term", Number(now.LastSnapshot.Term.Value)),
                ("latest_configuration", "[" + string.Join(' ', now.Configuration.Servers.Select(s =>
                    $"{{Suffrage:{(s.IsVoter ? "Voter" : "Nonvoter")} ID:{s.Id} Address:{s.Address}}}")) + "]"),
                ("latest_configuration_index", "0"),
                ("num_peers", Number(now.PeerCount)),
                ("protocol_version", "3"),
                ("protocol_version_max", "3"),
                ("protocol_version_min", "0"),
                ("snapshot_version_max", "1"),
                ("snapshot_version_min", "0"),
                ("state", now.Role switch { RaftRole.Leader => "Leader", RaftRole.Follower => "Follower", _ => "Candidate" }),
                ("term", Number(now.Term.Value)));
        }

        private static string LastContact(RaftStats stats, RaftHost raft)
        {
            if (stats.Role == RaftRole.Leader)
            {
                return "0";
            }

            return stats.LastContactTicks is null
                ? "never"
                : GoDuration.Format(raft.Freshness.LastContact);
        }

        private static SortedDictionary<string, string> Gossip(GossipStats stats) => Group(
            ("coordinate_resets", Number(stats.CoordinateResets)),
            ("encrypted", stats.Encrypted ? "true" : "false"),
            ("event_queue", Number(stats.EventQueue)),
            ("event_time", Number(stats.EventTime)),
            ("failed", Number(stats.Failed)),
            ("health_score", Number(stats.HealthScore)),
            ("intent_queue", Number(stats.IntentQueue)),
            ("left", Number(stats.Left)),
            ("member_time", Number(stats.MemberTime)),
            ("members", Number(stats.Members)),
            ("query_queue", Number(stats.QueryQueue)),
            ("query_time", Number(stats.QueryTime)));

        private static SortedDictionary<string, string> Group(params ReadOnlySpan<(string Key, string Value)> values)
        {
            var group = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach ((string key, string value) in values)
            {
                group.Add(key, value);
            }

            return group;
        }

        private static string Number(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
    }

    private async Task LeaveAndTellAsync()
    {
        // The answer to whoever asked goes out first.
        await Task.Yield();
        try
        {
            await LeaveAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The agent is being stopped anyway.
        }

        _completed.TrySetResult(AgentEnd.Left);
    }
}
