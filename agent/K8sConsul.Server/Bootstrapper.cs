using System.Threading.Channels;
using K8sConsul.Gossip;
using K8sConsul.Grpc;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Rpc;
using K8sConsul.Server.Rpc.Wire;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server;

/// <summary>
/// Forms a new cluster once as many servers as expected have found each other by gossip. Every server does so for itself
/// with the same list, which is safe; none does so when any of them belongs to a cluster already. Who comes late, when others
/// have written the list and no leader was ever elected, writes theirs: without it they could not win, for a server that holds
/// nothing gives no vote.
/// </summary>
public sealed partial class Bootstrapper(
    ConsulServerOptions options, RaftHost raft, RpcPool pool, Func<MemberList> members, TimeProvider time, ILogger<Bootstrapper> logger) : IAsyncDisposable
{
    private const int PeerAttemptsMax = 6;

    private static readonly TimeSpan PeerTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>One look covers all changes before it.</summary>
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Task _running = Task.CompletedTask;
    private long _told;
    private long _looked;

    /// <summary>There is nothing left to do: a cluster was formed or found, or the server stops.</summary>
    internal bool HasEnded => _running.IsCompleted;

    /// <summary>All changes so far were looked at.</summary>
    internal bool IsIdle => Volatile.Read(ref _looked) == Volatile.Read(ref _told);

    /// <summary>A cluster of this server alone.</summary>
    public RaftConfiguration Alone() => new([new RaftServer(options.Raft.Self, options.RpcAdvertise.ToString())]);

    public void Start()
    {
        if (options.BootstrapExpect > 0)
        {
            _running = RunAsync(_stopping.Token);
        }
    }

    /// <summary>A member of the pool changed: perhaps all are here now.</summary>
    public void Notify()
    {
        Interlocked.Increment(ref _told);
        _changed.Writer.TryWrite(true);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            Notify();
            while (true)
            {
                _ = await _changed.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                long told = Volatile.Read(ref _told);
                if (raft.Applied.Last.Index.Value > 0 || !raft.View.Configuration.IsEmpty || await TryAsync(cancellationToken).ConfigureAwait(false))
                {
                    return;
                }

                Volatile.Write(ref _looked, told);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping was asked for.
        }
        catch (ConsensusException)
        {
            // The Raft loop has ended; its own task carries the reason.
        }
    }

    /// <returns>True when there is nothing left to do: the cluster was formed, or one exists.</returns>
    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        var servers = new List<ServerParts>();
        foreach (Member member in members().All)
        {
            if (!ServerParts.TryParse(member, out ServerParts server)
                || !string.Equals(server.Datacenter, options.Datacenter, StringComparison.Ordinal)
                || member.Status != MemberStatus.Alive)
            {
                continue;
            }

            if (server.Expect != 0 && server.Expect != options.BootstrapExpect)
            {
                LogExpectConflict(server.Name, server.Expect);
                return false;
            }

            if (server.Bootstrap)
            {
                LogBootstrapPeer(server.Name);
                return false;
            }

            servers.Add(server);
        }

        if (servers.Count(s => !s.NonVoter) < options.BootstrapExpect)
        {
            return false;
        }

        if (servers.Select(s => s.Id).Distinct(StringComparer.Ordinal).Count() < servers.Count
            || servers.Select(s => s.RpcAddress).Distinct().Count() < servers.Count
            || servers.Exists(s => s.Id.Length == 0))
        {
            LogAlike();
            return false;
        }

        RaftConfiguration? forming = null;
        foreach (ServerParts server in servers.Where(s => !string.Equals(s.Id, options.NodeId, StringComparison.Ordinal)))
        {
            PeersReply? peers = await AskAsync(server, cancellationToken).ConfigureAwait(false);
            if (peers is null)
            {
                // It may belong to a cluster, so nothing is safe but to ask again.
                Notify();
                return false;
            }

            if (peers.Addresses.Count == 0)
            {
                continue;
            }

            if (!RaftConfiguration.TryDecode(peers.Forming.Memory, out RaftConfiguration? theirs, out _) || !theirs.IsVoter(options.Raft.Self))
            {
                LogExistingCluster(server.Name);
                return true;
            }

            forming ??= theirs;
        }

        RaftConfiguration configuration = forming ?? new RaftConfiguration(servers.Select(server => new RaftServer(
            new ServerId(server.Id), server.RpcAddress.ToString(), server.NonVoter ? Suffrage.Nonvoter : Suffrage.Voter)));
        LogBootstrapping(string.Join(',', configuration.Servers.Select(s => s.Address)));
        await raft.BootstrapAsync(configuration).ConfigureAwait(false);
        return true;
    }

    /// <returns>Null when the server cannot be asked.</returns>
    private async Task<PeersReply?> AskAsync(ServerParts server, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < PeerAttemptsMax; attempt++)
        {
            try
            {
                return await pool.Channel(server.RpcAddress.ToString())
                    .UnaryAsync(InternalService.Peers, new PeersRequest(), new GrpcCallOptions(PeerTimeout), cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (GrpcException failure)
            {
                LogPeerUnreachable(server.Name, failure.Status.Detail);
                await Task.Delay(TimeSpan.FromSeconds(1 << attempt), time, cancellationToken).ConfigureAwait(false);
            }
        }

        return null;
    }

    [LoggerMessage(1301, LogLevel.Information, "found expected number of peers, attempting bootstrap: peers={Peers}")]
    private partial void LogBootstrapping(string peers);

    [LoggerMessage(1302, LogLevel.Error, "Member has a conflicting expect value. All nodes should expect the same number.: member={Member} expect={Expect}")]
    private partial void LogExpectConflict(string member, int expect);

    [LoggerMessage(1303, LogLevel.Error, "Member has bootstrap mode. Expect disabled.: member={Member}")]
    private partial void LogBootstrapPeer(string member);

    [LoggerMessage(1304, LogLevel.Information, "Existing Raft peers reported by server, disabling bootstrap mode: server={Server}")]
    private partial void LogExistingCluster(string server);

    [LoggerMessage(1306, LogLevel.Error, "Members without an ID, or with the same ID or address, cannot form a cluster.")]
    private partial void LogAlike();

    [LoggerMessage(1305, LogLevel.Error, "Failed to confirm peer status for server (will retry).: server={Server} error={Error}")]
    private partial void LogPeerUnreachable(string server, string error);
}
