using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Lifecycle;

public sealed partial class ConsulAgent
{
    [LoggerMessage(3001, LogLevel.Information, "Started HTTP server: address={Address} network={Network}")]
    private partial void LogHttpStarted(string address, string network);

    [LoggerMessage(3002, LogLevel.Information, "Started DNS server: address={Address} network={Network}")]
    private partial void LogDnsStarted(string address, string network);

    [LoggerMessage(3003, LogLevel.Information, "started state syncer")]
    private partial void LogSyncerStarted();

    [LoggerMessage(3004, LogLevel.Information, "Joining cluster...: cluster={Cluster}")]
    private partial void LogJoining(string cluster);

    [LoggerMessage(3005, LogLevel.Information, "Join cluster completed. Synced with initial agents: cluster={Cluster} num_agents={Agents}")]
    private partial void LogJoined(string cluster, int agents);

    [LoggerMessage(3006, LogLevel.Warning, "Join cluster failed, will retry: cluster={Cluster} retry_interval={Interval} error={Error}")]
    private partial void LogJoinFailed(string cluster, string interval, string error);

    [LoggerMessage(3007, LogLevel.Error, "{Error}")]
    private partial void LogJoinGivenUp(string error);

    [LoggerMessage(3031, LogLevel.Error, "Retry join failed: error={Error}")]
    private partial void LogRetriesExhausted(string error);

    [LoggerMessage(3032, LogLevel.Warning, "({Cluster}) couldn't join: number_of_nodes={Count} error={Error}")]
    private partial void LogCannotJoin(string cluster, int count, string error);

    [LoggerMessage(3008, LogLevel.Information, "New leader elected: payload={Leader}")]
    private partial void LogNewLeader(string leader);

    [LoggerMessage(3009, LogLevel.Information, "server starting leave")]
    private partial void LogServerLeaving();

    [LoggerMessage(3010, LogLevel.Error, "failed to transfer leadership: error={Error}")]
    private partial void LogTransferFailed(string error);

    [LoggerMessage(3011, LogLevel.Warning, "failed to leave Raft configuration gracefully, timeout")]
    private partial void LogNotRemoved();

    [LoggerMessage(3012, LogLevel.Error, "Coordinate update error: error={Error}")]
    private partial void LogCoordinateFailed(string error);

    [LoggerMessage(3013, LogLevel.Error, "registration from configuration was refused: error={Error}")]
    private partial void LogRefused(string error);

    [LoggerMessage(3014, LogLevel.Warning, "failed to remove a failed server from gossip, will retry: name={Name} error={Error}")]
    private partial void LogForceLeaveFailed(string name, string error);
}
