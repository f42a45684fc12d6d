using System.Globalization;
using K8sConsul.Agent.Configuration;
using K8sConsul.Agent.Logging;
using K8sConsul.Agent.Membership;
using K8sConsul.Agent.Telemetry;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Go;
using K8sConsul.Gossip;
using K8sConsul.Grpc;
using K8sConsul.Raft;
using K8sConsul.Server;
using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Shapes;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Leader;
using K8sConsul.State.Records;
using K8sConsul.Storage;

namespace K8sConsul.Agent.Lifecycle;

/// <summary>The agent among others: gossip pools, joining, the servers' part, coordinates.</summary>
public sealed partial class ConsulAgent
{
    /// <summary>Consul's WAN pool has a transport of its own making, whose failures do not come this way.</summary>
    private const string MemberlistPath = "Failed to create memberlist: Could not set up network transport: failed to obtain an address: ";

    private const string NewLeaderEvent = "consul:new-leader";

    /// <summary>Ticks into which the heartbeat timeout is cut; fewer where that would make a tick shorter than the timer's grain.</summary>
    private const int HeartbeatTicks = 20;

    private const int ProtocolVersionMin = 2;

    /// <summary>Of the Consul protocol and of Raft's alike.</summary>
    private const int ProtocolVersionMax = 3;

    private static readonly TimeSpan TickMin = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan TickMax = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// However patient an election is, a follower hears its leader this often: by default it counts as unhealthy after 200 ms without,
    /// and Consul's leaders send at least every 100 ms.
    /// </summary>
    private static readonly TimeSpan HeartbeatIntervalMax = TimeSpan.FromMilliseconds(100);

    /// <summary>Versions that Consul does not know either. Of the Consul protocol zero and less mean the default, of Raft's zero does.</summary>
    private void RefuseOtherProtocols()
    {
        string role = _config.Server.Enabled ? "server" : "client";
        int consul = _config.Raft.ConsulProtocolVersion;
        if (consul is (> 0 and < ProtocolVersionMin) or > ProtocolVersionMax)
        {
            string why = consul < ProtocolVersionMin ? "low" : "high";
            throw new AgentFailedException(
                $"Failed to start Consul {role}: Protocol version '{consul}' too {why}. Must be in range: [{ProtocolVersionMin}, {ProtocolVersionMax}]");
        }

        int raft = _config.Raft.ProtocolVersion;
        if (_config.Server.Enabled && raft is (< 0 or > ProtocolVersionMax))
        {
            throw new AgentFailedException($"Failed to start Consul server: Failed to start Raft: Protocol version {raft} must be >= 1 and <= {ProtocolVersionMax}");
        }
    }

    private async Task StartServerAsync(CancellationToken cancellationToken)
    {
        try
        {
            _server = await ConsulServer.OpenAsync(
                ServerOptions(),
                new ServerGossip(
                    () => _lan.Members,
                    () => [.. (_wan?.Members.All ?? []).Select(member => new WideAreaMember(member, _wan!.CoordinateOf(member.Name)))],
                    stop => _lan.SendUserEventAsync(NewLeaderEvent, System.Text.Encoding.UTF8.GetBytes(_config.Identity.NodeName), coalesce: false, stop),
                    ForceLeaveAsync),
                _ => _antiEntropy.TriggerChanges(),
                _time,
                _logs,
                _telemetry.Registry).ConfigureAwait(false);
        }
        catch (StorageException failure)
        {
            string reason = failure.InnerException is { } cause ? $"{failure.Operation} {failure.Path}: {OsError.TextOf(cause)}" : failure.Message;
            throw new AgentFailedException($"Failed to start Consul server: Failed to start Raft: {reason}", failure);
        }
        catch (RecoveryException failure)
        {
            throw new AgentFailedException($"Failed to start Consul server: Failed to start Raft: {failure.Message}", failure);
        }

        try
        {
            await _server.ListenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (GrpcBindException failure)
        {
            throw new AgentFailedException($"Failed to start Consul server: Failed to start RPC layer: {failure.Message}", failure);
        }
    }

    private ConsulServerOptions ServerOptions() => new()
    {
        NodeName = _config.Identity.NodeName,
        NodeId = _nodeId,
        Datacenter = _config.Identity.Datacenter,
        RpcBind = _config.Addresses.RpcBind.ToEndPoint(),
        RpcAdvertise = _config.Addresses.RpcAdvertise.ToEndPoint(),
        DataDirectory = _config.DevMode ? null : _config.Identity.DataDirectory,
        Raft = RaftOptions(),
        Bootstrap = _config.Server.Bootstrap || _config.DevMode,
        BootstrapExpect = _config.Server.BootstrapExpect,
        RpcHoldTimeout = _config.Server.RpcHoldTimeout,
        DefaultQueryTime = _config.Queries.DefaultQueryTime,
        MaxQueryTime = _config.Queries.MaxQueryTime,
        SessionTtlMin = _config.Queries.SessionTtlMin > TimeSpan.Zero
            ? GoDuration.FromTimeSpan(_config.Queries.SessionTtlMin)
            : new GoDuration(10_000_000_000),
        KvValueBytesMax = (long)_config.Limits.KvValueBytesMax,
        TxnBytesMax = (long)_config.Limits.TxnRequestBytesMax,
        CoordinatePeriod = _config.Timing.CoordinateUpdatePeriod,
        Autopilot = new AutopilotRecord
        {
            CleanupDeadServers = _config.Autopilot.CleanupDeadServers,
            LastContactThreshold = GoDuration.FromTimeSpan(_config.Autopilot.LastContactThreshold),
            MaxTrailingLogs = (ulong)Math.Max(_config.Autopilot.TrailingLogsMax, 0),
            MinQuorum = _config.Autopilot.QuorumMin,
            ServerStabilizationTime = GoDuration.FromTimeSpan(_config.Autopilot.ServerStabilizationTime),
        },
    };

    /// <summary>A failed server is told to have left, in every pool that knows it.</summary>
    private async Task ForceLeaveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await _lan.ForceLeaveAsync(name, prune: false, cancellationToken).ConfigureAwait(false);
            if (_wan is not null)
            {
                await _wan.ForceLeaveAsync($"{name}.{_config.Identity.Datacenter}", prune: false, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (GossipException failure)
        {
            // The member stays failed, and autopilot comes back to it.
            LogForceLeaveFailed(name, failure.Message);
        }
    }

    private RaftHostOptions RaftOptions()
    {
        RaftConfig raft = _config.Raft;
        TimeSpan tick = raft.HeartbeatTimeout / HeartbeatTicks;
        tick = tick < TickMin ? TickMin : tick > TickMax ? TickMax : tick;
        int heartbeat = Math.Max(4, (int)(raft.HeartbeatTimeout / tick));
        int lease = Math.Clamp((int)(raft.LeaderLeaseTimeout / tick), 2, heartbeat);
        int interval = Math.Clamp((int)(HeartbeatIntervalMax / tick), 1, Math.Min(Math.Max(heartbeat / 10, 1), lease - 1));
        return new RaftHostOptions
        {
            Self = new ServerId(_nodeId),
            Tick = tick,
            SnapshotThreshold = (ulong)(raft.SnapshotThreshold > 0 ? raft.SnapshotThreshold : 16384),
            SnapshotInterval = raft.SnapshotInterval > TimeSpan.Zero ? raft.SnapshotInterval : TimeSpan.FromSeconds(30),
            Raft = new RaftOptions
            {
                HeartbeatTimeoutTicks = heartbeat,
                ElectionTimeoutTicks = Math.Max(heartbeat, (int)(raft.ElectionTimeout / tick)),
                LeaderLeaseTicks = lease,
                HeartbeatIntervalTicks = interval,
                ReadMode = ReadMode.Lease,
                TrailingEntries = raft.TrailingLogs > 0 ? raft.TrailingLogs : 10240,
                Seed = (ulong)Random.Shared.NextInt64(),
            },
        };
    }

    private async Task StartGossipAsync(CancellationToken cancellationToken)
    {
        _lan = Pool(LanOptions());
        if (_config.Server.Enabled && _config.Addresses.SerfWanBind is not null)
        {
            _wan = Pool(WanOptions());
        }

        string pool = "LAN";
        try
        {
            await _lan.StartAsync(cancellationToken).ConfigureAwait(false);
            if (_wan is not null)
            {
                pool = "WAN";
                await _wan.StartAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (KeyringException failure)
        {
            throw new AgentFailedException("Failed to configure keyring: " + failure.Message, failure);
        }
        catch (GossipStartException failure)
        {
            throw new AgentFailedException(WhyNoSerf(pool, failure.Message), failure);
        }
    }

    private string WhyNoSerf(string pool, string reason)
    {
        if (!_config.Server.Enabled)
        {
            return $"Failed to start Consul client: Failed to start lan serf: {reason}";
        }

        string told = pool == "LAN" ? reason : reason.Replace(MemberlistPath, string.Empty, StringComparison.Ordinal);
        return $"Failed to start Consul server: Failed to start {pool} Serf: {told}";
    }

    private GossipPool Pool(GossipPoolOptions options) => new(
        options,
        _time,
        new GossipLoggers(
            _logs.CreateLogger(LogNames.Serf(_config.Server.Enabled, options.Pool)),
            _logs.CreateLogger(LogNames.Memberlist(_config.Server.Enabled, options.Pool))),
        new GossipMetrics(_telemetry.Registry));

    private GossipPoolOptions LanOptions()
    {
        string data = _config.Identity.DataDirectory;
        GossipOptions gossip = Timing(GossipOptions.Lan, _config.Gossip.Lan) with { ReconnectTimeout = _config.Gossip.ReconnectTimeoutLan };
        return new GossipPoolOptions
        {
            Name = _config.Identity.NodeName,
            Pool = "lan",
            BindAddress = _config.Addresses.SerfLanBind.Address,
            BindPort = (ushort)_config.Addresses.SerfLanBind.Port,
            AdvertiseAddress = _config.Addresses.SerfLanAdvertise.Address,
            AdvertisePort = (ushort)_config.Addresses.SerfLanAdvertise.Port,
            Tags = Tags(lan: true),
            Gossip = gossip,
            EncryptKey = _config.Gossip.EncryptKey,
            KeyringFile = data.Length == 0 || _config.Gossip.DisableKeyringFile ? null : Path.Combine(data, "serf", "local.keyring"),
            SnapshotFile = data.Length == 0 ? null : Path.Combine(data, "serf", "local.snapshot"),
            RejoinAfterLeave = _config.Server.RejoinAfterLeave,
            AllowedCidrs = _config.Addresses.SerfLanAllowed,
            MergeRule = ConsulMergeRules.Lan(_config.Identity.Datacenter, _nodeId, _config.Identity.NodeName),
        };
    }

    private GossipPoolOptions WanOptions()
    {
        string data = _config.Identity.DataDirectory;
        return new GossipPoolOptions
        {
            Name = $"{_config.Identity.NodeName}.{_config.Identity.Datacenter}",
            Pool = "wan",
            BindAddress = _config.Addresses.SerfWanBind!.Value.Address,
            BindPort = (ushort)_config.Addresses.SerfWanBind.Value.Port,
            AdvertiseAddress = _config.Addresses.SerfWanAdvertise!.Value.Address,
            AdvertisePort = (ushort)_config.Addresses.SerfWanAdvertise.Value.Port,
            Tags = Tags(lan: false),
            Gossip = Timing(GossipOptions.Wan, _config.Gossip.Wan) with { ReconnectTimeout = _config.Gossip.ReconnectTimeoutWan },
            EncryptKey = _config.Gossip.EncryptKey,
            KeyringFile = data.Length == 0 || _config.Gossip.DisableKeyringFile ? null : Path.Combine(data, "serf", "remote.keyring"),
            SnapshotFile = data.Length == 0 ? null : Path.Combine(data, "serf", "remote.snapshot"),
            RejoinAfterLeave = _config.Server.RejoinAfterLeave,
            AllowedCidrs = _config.Addresses.SerfWanAllowed,
            MergeRule = ConsulMergeRules.Wan(),
        };
    }

    private GossipOptions Timing(GossipOptions profile, GossipTiming timing) => profile with
    {
        GossipInterval = timing.GossipInterval,
        GossipNodes = timing.GossipNodes,
        ProbeInterval = timing.ProbeInterval,
        ProbeTimeout = timing.ProbeTimeout,
        SuspicionMult = timing.SuspicionMultiplier,
        RetransmitMult = timing.RetransmitMultiplier,
        VerifyIncoming = _config.Gossip.VerifyIncoming,
        VerifyOutgoing = _config.Gossip.VerifyOutgoing,
    };

    private IReadOnlyDictionary<string, string> Tags(bool lan)
    {
        var tags = new ConsulTags
        {
            Datacenter = _config.Identity.Datacenter,
            NodeId = _nodeId,
            Build = ProductVersion.Compatible + ":",
        };
        return _config.Server.Enabled
            ? tags.ForServer(
                _config.Addresses.RpcAdvertise.Port,
                _config.Server.Bootstrap,
                _config.Server.BootstrapExpect,
                lan && _config.Addresses.SerfWanAdvertise is { } wan ? wan.Port : 0)
            : tags.ForClient();
    }

    /// <summary>Passes what gossip learns on to whom it concerns.</summary>
    private async Task FollowGossipAsync(GossipPool pool, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (GossipEvent happened in pool.Events.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                switch (happened)
                {
                    case MemberChanged { Kind: var kind, Member: var member }:
                        _antiEntropy.SetClusterSize(pool.Members.Count);
                        _server?.NotifyMember(new MemberChange(member, kind == MemberEventKind.Reap));
                        if (kind == MemberEventKind.Join && ServerParts.TryParse(member, out _))
                        {
                            _antiEntropy.ServerJoined();
                        }

                        break;
                    case UserEventReceived { Name: NewLeaderEvent } leader:
                        LogNewLeader(System.Text.Encoding.UTF8.GetString(leader.Payload.AsSpan()));
                        _antiEntropy.ServerJoined();
                        break;
                    default:
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping was asked for.
        }
    }

    /// <summary>Nobody acts on the WAN pool's events yet; they must not pile up.</summary>
    private static async Task DrainAsync(GossipPool pool, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (GossipEvent _ in pool.Events.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                // Read and forgotten.
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping was asked for.
        }
    }

    private void StartJoins()
    {
        JoinConfig join = _config.Join;
        if (join.StartLan.Count > 0)
        {
            _background.Add(JoinAsync(_lan, "LAN", join.StartLan, TimeSpan.Zero, retriesMax: null));
        }

        if (join.RetryLan.Count > 0)
        {
            _background.Add(JoinAsync(_lan, "LAN", join.RetryLan, join.RetryIntervalLan, join.RetryMaxLan));
        }

        if (_wan is not null && join.StartWan.Count > 0)
        {
            _background.Add(JoinAsync(_wan, "WAN", join.StartWan, TimeSpan.Zero, retriesMax: null));
        }

        if (_wan is not null && join.RetryWan.Count > 0)
        {
            _background.Add(JoinAsync(_wan, "WAN", join.RetryWan, join.RetryIntervalWan, join.RetryMaxWan));
        }
    }

    /// <param name="retriesMax">Null: no retry at all. 0: for ever.</param>
    private async Task JoinAsync(GossipPool pool, string cluster, IReadOnlyList<string> addresses, TimeSpan interval, int? retriesMax)
    {
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                LogJoining(cluster);
                JoinResult result = await pool.JoinAsync(addresses, ignoreOldEvents: true, _stopping.Token).ConfigureAwait(false);
                if (result.Succeeded)
                {
                    LogJoined(cluster, result.Contacted);
                    return;
                }

                string reason = result.ErrorText.Trim();
                LogCannotJoin(cluster, result.Contacted, reason);
                if (retriesMax is null)
                {
                    LogJoinGivenUp(reason);
                    _completed.TrySetResult(AgentEnd.Failed);
                    return;
                }

                if (retriesMax > 0 && attempt > retriesMax)
                {
                    LogRetriesExhausted($"agent: max join {cluster} retry exhausted, exiting");
                    _completed.TrySetResult(AgentEnd.Failed);
                    return;
                }

                LogJoinFailed(cluster, interval.TotalSeconds.ToString(CultureInfo.InvariantCulture) + "s", reason);
                await Task.Delay(interval, _time, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping was asked for.
        }
    }

    /// <summary>Tells the servers now and then where this node lies in the network.</summary>
    private async Task SendCoordinatesAsync(CancellationToken cancellationToken)
    {
        if (_config.Gossip.DisableCoordinates)
        {
            return;
        }

        try
        {
            while (true)
            {
                double seconds = Math.Max(
                    _config.Timing.CoordinateIntervalMin.TotalSeconds, _lan.Members.Count / _config.Timing.CoordinateRateTarget);
                var interval = TimeSpan.FromSeconds(seconds);
                await Task.Delay(interval + Stagger(interval), _time, cancellationToken).ConfigureAwait(false);
                await SendCoordinateAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping was asked for.
        }
    }

    private async Task SendCoordinateAsync(CancellationToken cancellationToken)
    {
        Coordinate own = _lan.Coordinate;
        using var body = new PooledBuffer();
        RecordJson.WriteCoordinate(new GoJsonWriter(body, pretty: false), new CoordinateRecord
        {
            Node = _config.Identity.NodeName,
            Vec = [.. own.Vec],
            Error = own.Error,
            Adjustment = own.Adjustment,
            Height = own.Height,
        });
        using ApiResponse answer = await Cluster.InvokeAsync(
            new ApiRequest { Method = "PUT", Path = "/v1/coordinate/update", Body = body.Memory, Source = Source, Token = _config.Acl.AgentToken },
            cancellationToken).ConfigureAwait(false);
        if (answer.Status != 200)
        {
            LogCoordinateFailed(System.Text.Encoding.UTF8.GetString(answer.Body.Span));
        }
    }

    /// <summary>Keeps answering for a while, and until the new leader has taken this server out of the configuration.</summary>
    private async Task WaitForRemovalAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_config.Leave.DrainTime, _time, cancellationToken).ConfigureAwait(false);
        var self = new ServerId(_nodeId);
        using var grace = new CancellationTokenSource(RemovalGrace, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, cancellationToken);
        try
        {
            while (true)
            {
                // Asked for before the view is looked at, so that no change is missed.
                Task changed = _server!.Raft.NextViewAsync();
                ConsensusView now = _server.Raft.View;
                if (now.IsLeader || now.Configuration.Find(self) is null)
                {
                    return;
                }

                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRemoved();
        }
    }

    private static readonly TimeSpan RemovalGrace = TimeSpan.FromSeconds(5);
}
