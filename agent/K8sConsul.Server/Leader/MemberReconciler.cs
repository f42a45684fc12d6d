using System.Globalization;
using K8sConsul.Gossip;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Telemetry;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server.Leader;

/// <summary>Who this server is to the reconciler.</summary>
public sealed record ReconcilerIdentity(string NodeName, string NodeId, string Datacenter);

/// <summary>
/// Brings the catalog and the Raft membership in line with gossip: alive members have a node and a passing serfHealth, failed
/// ones a critical one, those that left or were forgotten are gone.
/// </summary>
public sealed partial class MemberReconciler(
    StateStore store,
    ICommandLog log,
    IRaftMembership raft,
    Func<MemberList> members,
    ReconcilerIdentity self,
    ILogger<MemberReconciler> logger,
    TimeProvider time,
    LeaderMetrics metrics)
{
    /// <summary>A node that changes between look and write is looked at again; the next round brings what is left.</summary>
    private const int AttemptsMax = 5;

    private const string SerfHealthName = "Serf Health Status";
    private const string AliveOutput = "Agent alive and reachable";
    private const string FailedOutput = "Agent not live or unreachable";
    private const string ConsulServiceId = "consul";

    /// <summary>Called when a server has been added to Raft.</summary>
    public Action? OnServerAdded { get; set; }

    /// <summary>Every member, then every node that gossip no longer knows. Run at election and once a minute.</summary>
    public async Task ReconcileAllAsync(CancellationToken cancellationToken)
    {
        MemberList list = members();
        foreach (Member member in list.All)
        {
            await ReconcileOneAsync(member, isGone: false, cancellationToken).ConfigureAwait(false);
        }

        await ReapUnknownAsync(list, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// A change names whom to look at. What holds is what gossip says now: the change may have waited while others followed it.
    /// </summary>
    public Task ReconcileAsync(MemberChange change, CancellationToken cancellationToken)
    {
        Member? now = members().Find(change.Member.Name);
        return ReconcileOneAsync(now ?? change.Member, isGone: now is null && change.IsGone, cancellationToken);
    }

    /// <summary>One member that cannot be reconciled does not keep the others from it, unless leadership has ended.</summary>
    private async Task ReconcileOneAsync(Member member, bool isGone, CancellationToken cancellationToken)
    {
        try
        {
            await ReconcileAsync(member, isGone, cancellationToken).ConfigureAwait(false);
        }
        catch (ConsensusException failure) when (failure.Failure == ConsensusFailure.Overloaded)
        {
            LogRefused(member.Name, failure.Message);
        }
    }

    /// <param name="isGone">Gossip has forgotten the member.</param>
    private async Task ReconcileAsync(Member member, bool isGone, CancellationToken cancellationToken)
    {
        if (!string.Equals(member.Tag("dc"), self.Datacenter, StringComparison.Ordinal) || member.Tag("segment").Length > 0)
        {
            return;
        }

        bool isServer = ServerParts.TryParse(member, out ServerParts server);
        if (!isServer && !string.Equals(member.Tag("role"), "node", StringComparison.Ordinal))
        {
            return;
        }

        long started = time.GetTimestamp();
        switch (member.Status)
        {
            case MemberStatus.Left:
            case var _ when isGone:
                await HandleGoneAsync(member, isServer, cancellationToken).ConfigureAwait(false);
                break;
            case MemberStatus.Alive:
                await HandleAliveAsync(member, isServer ? server : null, cancellationToken).ConfigureAwait(false);
                break;
            case MemberStatus.Failed:
                await HandleFailedAsync(member).ConfigureAwait(false);
                break;
            default:
                break;
        }

        metrics.ReconcileMember.Since(started);
    }

    private async Task HandleAliveAsync(Member member, ServerParts? server, CancellationToken cancellationToken)
    {
        if (server is not null)
        {
            await JoinAsync(server, cancellationToken).ConfigureAwait(false);
        }

        ServiceRecord? service = server is null ? null : ConsulService(member, server);
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (ToRegister(member, service) is not { } command)
            {
                return;
            }

            LogJoined(member.Name);
            if (await ApplyAsync(member, command).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <summary>What makes the catalog say that the member is alive; null when it does.</summary>
    private StateCommand? ToRegister(Member member, ServiceRecord? service)
    {
        StateSnapshot state = store.Current;
        string address = member.Ip.ToString();
        string id = member.Tag("id");
        NodeRecord? node = state.Node(member.Name);
        bool isAtAddress = node is not null && string.Equals(node.Address, address, StringComparison.Ordinal);
        if (isAtAddress
            && (service is null || state.Service(member.Name, ConsulServiceId) is { } present && present.IsSame(service))
            && state.Check(member.Name, CheckRecord.SerfHealthId) is { Status: CheckStatus.Passing })
        {
            return null;
        }

        CheckRecord check = SerfHealth(member, CheckStatus.Passing, AliveOutput);
        bool isOfId = id.Length == 0 || string.Equals(node?.Id, id, StringComparison.OrdinalIgnoreCase);
        if (node is null || (isAtAddress && isOfId))
        {
            return new RegisterCommand
            {
                Node = new NodeRecord { Id = id, Node = member.Name, Address = address, Datacenter = self.Datacenter },

                // The agent itself keeps its node true by anti-entropy, and may do so between our look and the log's.
                SkipNodeUpdate = true,
                Service = service,
                Checks = [check],
            };
        }

        // The node itself must change, and all else that the agent has said of it must stay: so only if it is still what we saw.
        var operations = new List<TxnOperation>
        {
            new TxnNodeOperation(CatalogVerb.Cas, node with { Id = id.Length == 0 ? node.Id : id, Node = member.Name, Address = address }),
            new TxnCheckOperation(CatalogVerb.Set, check),
        };
        if (service is not null)
        {
            operations.Add(new TxnServiceOperation(CatalogVerb.Set, service));
        }

        return new TxnCommand(operations);
    }

    private async Task HandleFailedAsync(Member member)
    {
        StateSnapshot state = store.Current;
        if (state.Node(member.Name) is not { } node)
        {
            return;
        }

        if (string.Equals(node.Address, member.Ip.ToString(), StringComparison.Ordinal)
            && state.Check(member.Name, CheckRecord.SerfHealthId) is { Status: CheckStatus.Critical })
        {
            // Writing it again each minute would move indexes for nothing.
            return;
        }

        LogFailed(member.Name);
        await ApplyAsync(member, new RegisterCommand
        {
            Node = node,
            SkipNodeUpdate = true,
            Checks = [SerfHealth(member, CheckStatus.Critical, FailedOutput)],
        }).ConfigureAwait(false);
    }

    private async Task HandleGoneAsync(Member member, bool isServer, CancellationToken cancellationToken)
    {
        // A leader that leaves hands over; its successor removes it.
        if (string.Equals(member.Name, self.NodeName, StringComparison.Ordinal))
        {
            return;
        }

        if (isServer)
        {
            await RemovePeerAsync(member, cancellationToken).ConfigureAwait(false);
        }

        if (store.Current.Node(member.Name) is null)
        {
            return;
        }

        LogLeft(member.Name);
        await ApplyAsync(member, new DeregisterCommand(member.Name, string.Empty, string.Empty)).ConfigureAwait(false);
    }

    /// <summary>Nodes that once came from gossip and are not in it any more. Nodes registered from outside have no serfHealth.</summary>
    private async Task ReapUnknownAsync(MemberList list, CancellationToken cancellationToken)
    {
        var known = list.All.Select(m => m.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (NodeRecord node in store.Current.NodeList().Nodes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!known.Contains(node.Node)
                && !string.Equals(node.Node, self.NodeName, StringComparison.OrdinalIgnoreCase)
                && store.Current.Check(node.Node, CheckRecord.SerfHealthId) is not null)
            {
                LogReaped(node.Node);
                await log.ApplyAsync(new DeregisterCommand(node.Node, string.Empty, string.Empty)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A server that is new here receives the log first, without a vote; see <see cref="AutopilotLoop"/>.</summary>
    private async Task JoinAsync(ServerParts server, CancellationToken cancellationToken)
    {
        RaftConfiguration configuration = raft.Configuration;
        string address = server.RpcAddress.ToString();
        var id = new ServerId(server.Id);
        if (server.Id.Length == 0
            || (configuration.Find(id) is { } present && string.Equals(present.Address, address, StringComparison.Ordinal))
            || IsBootstrapConflict(server))
        {
            return;
        }

        RaftServer? other = configuration.Servers.FirstOrDefault(s => s.Id != id && string.Equals(s.Address, address, StringComparison.Ordinal));
        if (other is { IsVoter: true } && configuration.VoterCount - configuration.QuorumSize < 1)
        {
            LogTooMany(server.Name, other.Id.ToString());
            return;
        }

        if (other is not null)
        {
            LogAddressTaken(other.Id.ToString(), address);
            await raft.ChangeAsync(new ConfigurationChange(ConfigurationChangeKind.Remove, other.Id), cancellationToken).ConfigureAwait(false);
        }

        LogAddingServer(server.Name, address);
        await raft.ChangeAsync(new ConfigurationChange(ConfigurationChangeKind.AddNonvoter, id, address), cancellationToken).ConfigureAwait(false);
        OnServerAdded?.Invoke();
    }

    /// <summary>Two servers that were each told to form a cluster would bring two logs together.</summary>
    private bool IsBootstrapConflict(ServerParts server)
    {
        if (!server.Bootstrap)
        {
            return false;
        }

        foreach (Member member in members().All)
        {
            if (!string.Equals(member.Name, server.Name, StringComparison.Ordinal)
                && ServerParts.TryParse(member, out ServerParts other)
                && other.Bootstrap)
            {
                LogBothBootstrap(server.Name, other.Name);
                return true;
            }
        }

        return false;
    }

    private async Task RemovePeerAsync(Member member, CancellationToken cancellationToken)
    {
        string id = member.Tag("id");
        if (id.Length == 0 || raft.Configuration.Find(new ServerId(id)) is null || LivesElsewhere(member, id))
        {
            return;
        }

        LogRemovingServer(id);
        await raft.ChangeAsync(new ConfigurationChange(ConfigurationChangeKind.Remove, new ServerId(id)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A server that came back under another name is the same peer: its old name's end is not its own.</summary>
    private bool LivesElsewhere(Member gone, string id) => members().All.Any(member =>
        member.Status == MemberStatus.Alive
        && !string.Equals(member.Name, gone.Name, StringComparison.Ordinal)
        && string.Equals(member.Tag("id"), id, StringComparison.Ordinal));

    /// <returns>False when the catalog refused it.</returns>
    private async Task<bool> ApplyAsync(Member member, StateCommand command)
    {
        CommandResult result = (await log.ApplyAsync(command).ConfigureAwait(false)).Result;
        string? refused = result.Refused ?? (result.Errors.Count > 0 ? result.Errors[0].What : null);
        if (refused is not null)
        {
            LogRefused(member.Name, refused);
        }

        return refused is null;
    }

    private static CheckRecord SerfHealth(Member member, string status, string output) => new()
    {
        Node = member.Name,
        CheckId = CheckRecord.SerfHealthId,
        Name = SerfHealthName,
        Status = status,
        Output = output,
    };

    private static ServiceRecord ConsulService(Member member, ServerParts server) => new()
    {
        Node = member.Name,
        Id = ConsulServiceId,
        Service = ConsulServiceId,
        Port = server.RpcAddress.Port,
        Meta = StringMap.Of(
            ("non_voter", server.NonVoter ? "true" : "false"),
            ("raft_version", server.RaftVersion.ToString(CultureInfo.InvariantCulture)),
            ("serf_protocol_current", member.ProtocolCur.ToString(CultureInfo.InvariantCulture)),
            ("serf_protocol_min", member.ProtocolMin.ToString(CultureInfo.InvariantCulture)),
            ("serf_protocol_max", member.ProtocolMax.ToString(CultureInfo.InvariantCulture)),
            ("version", server.Build.ToString())),
    };

    [LoggerMessage(1211, LogLevel.Information, "member joined, marking health alive: member={Member}")]
    private partial void LogJoined(string member);

    [LoggerMessage(1212, LogLevel.Information, "member failed, marking health critical: member={Member}")]
    private partial void LogFailed(string member);

    [LoggerMessage(1213, LogLevel.Information, "deregistering member: member={Member} reason=left")]
    private partial void LogLeft(string member);

    [LoggerMessage(1214, LogLevel.Information, "deregistering member: member={Member} reason=reaped")]
    private partial void LogReaped(string member);

    [LoggerMessage(1215, LogLevel.Information, "adding server as non-voter: server={Server} address={Address}")]
    private partial void LogAddingServer(string server, string address);

    [LoggerMessage(1216, LogLevel.Information, "removing server by ID: id={Id}")]
    private partial void LogRemovingServer(string id);

    [LoggerMessage(1217, LogLevel.Information, "removing server with duplicate address from raft: id={Id} address={Address}")]
    private partial void LogAddressTaken(string id, string address);

    [LoggerMessage(1218, LogLevel.Error, "failed to reconcile member: member={Member} error={Error}")]
    private partial void LogRefused(string member, string error);

    [LoggerMessage(1219, LogLevel.Error, "Two nodes are in bootstrap mode. Only one node should be in bootstrap mode, not adding Raft peer.: node_to_add={Node} other={Other}")]
    private partial void LogBothBootstrap(string node, string other);

    [LoggerMessage(1220, LogLevel.Error, "Preventing server addition that would require removal of too many servers and cause cluster instability: server={Server} id={Id}")]
    private partial void LogTooMany(string server, string id);
}
