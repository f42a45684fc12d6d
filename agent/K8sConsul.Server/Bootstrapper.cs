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
/// with the same list, which is safe; none does so when any of them belongs to a cluster already.
/// </summary>
public sealed partial class Bootstrapper(
    ConsulServerOptions options, RaftHost raft, RpcPool pool, Func<MemberList> members, TimeProvider time, ILogger<Bootstrapper> logger) : IAsyncDisposable
{
    private const int PeerAttemptsMax = 6;

    private static readonly TimeSpan PeerTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _changed = new(1, 1);
    private Task _running = Task.CompletedTask;

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
        if (_changed.CurrentCount == 0)
        {
            try
            {
                _changed.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another change has released it in between; one look covers both.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
        _changed.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _changed.WaitAsync(cancellationToken).ConfigureAwait(false);
                if (raft.Applied.Last.Index.Value > 0 || !raft.View.Configuration.IsEmpty || await TryAsync(cancellationToken).ConfigureAwait(false))
                {
                    return;
                }
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

        foreach (ServerParts server in servers)
        {
            if (!string.Equals(server.Id, options.NodeId, StringComparison.Ordinal)
                && await HasPeersAsync(server, cancellationToken).ConfigureAwait(false) is not false)
            {
                LogExistingCluster(server.Name);
                return true;
            }
        }

        var configuration = new RaftConfiguration(servers.Select(server => new RaftServer(
            new ServerId(server.Id), server.RpcAddress.ToString(), server.NonVoter ? Suffrage.Nonvoter : Suffrage.Voter)));
        LogBootstrapping(string.Join(',', configuration.Servers.Select(s => s.Address)));
        await raft.BootstrapAsync(configuration).ConfigureAwait(false);
        return true;
    }

    /// <returns>Null when the server cannot be asked: then nothing is safe but to wait for its cluster, or for the next change.</returns>
    private async Task<bool?> HasPeersAsync(ServerParts server, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < PeerAttemptsMax; attempt++)
        {
            try
            {
                PeersReply reply = await pool.Channel(server.RpcAddress.ToString())
                    .UnaryAsync(InternalService.Peers, new PeersRequest(), new GrpcCallOptions(PeerTimeout), cancellationToken)
                    .ConfigureAwait(false);
                return reply.Addresses.Count > 0;
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

    [LoggerMessage(1305, LogLevel.Error, "Failed to confirm peer status for server (will retry).: server={Server} error={Error}")]
    private partial void LogPeerUnreachable(string server, string error);
}
