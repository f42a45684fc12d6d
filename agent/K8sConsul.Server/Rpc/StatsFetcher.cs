using K8sConsul.Gossip;
using K8sConsul.Grpc;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Rpc.Wire;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server.Rpc;

/// <summary>Asks servers where they stand in the consensus, all at once.</summary>
public sealed partial class StatsFetcher(RaftHost raft, ServerId self, RpcPool pool, TimeSpan timeout, ILogger<StatsFetcher> logger)
{
    /// <summary>Returns when all have answered or their time is up.</summary>
    public async Task<IReadOnlyDictionary<ServerId, ServerStats>> FetchAsync(IReadOnlyList<ServerParts> servers, CancellationToken cancellationToken)
    {
        (ServerId Id, ServerStats? Stats)[] answers = await Task.WhenAll(
            servers.DistinctBy(server => server.Id, StringComparer.Ordinal).Select(server => AskAsync(server, cancellationToken))).ConfigureAwait(false);
        return answers.Where(answer => answer.Stats is not null).ToDictionary(answer => answer.Id, answer => answer.Stats!);
    }

    private async Task<(ServerId Id, ServerStats? Stats)> AskAsync(ServerParts server, CancellationToken cancellationToken)
    {
        var id = new ServerId(server.Id);
        if (id == self)
        {
            return (id, await raft.StatsAsync().ConfigureAwait(false));
        }

        try
        {
            StatsReply reply = await pool.Channel(server.RpcAddress.ToString())
                .UnaryAsync(InternalService.Stats, new StatsRequest(), new GrpcCallOptions(timeout), cancellationToken)
                .ConfigureAwait(false);
            return (id, FromWire(reply));
        }
        catch (GrpcException failure)
        {
            LogNoAnswer(server.Name, failure.Status.Detail);
            return (id, null);
        }
    }

    internal static StatsReply ToWire(ServerStats stats)
    {
        var reply = new StatsReply { LastTerm = stats.LastEntry.Term.Value, LastIndex = stats.LastEntry.Index.Value };
        if (stats.LastContact is { } contact)
        {
            reply.LastContactTicks = contact.Ticks;
            reply.HasLeader = true;
        }

        return reply;
    }

    internal static ServerStats FromWire(StatsReply reply) => new(
        reply.HasLeader ? TimeSpan.FromTicks(reply.LastContactTicks) : null,
        new EntryId(new Term(reply.LastTerm), new LogIndex(reply.LastIndex)));

    [LoggerMessage(1121, LogLevel.Warning, "error getting server health: server={Server} error={Error}")]
    private partial void LogNoAnswer(string server, string error);
}
