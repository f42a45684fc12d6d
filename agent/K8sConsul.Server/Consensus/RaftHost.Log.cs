using K8sConsul.Raft;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server.Consensus;

public sealed partial class RaftHost
{
    [LoggerMessage(1001, LogLevel.Information, "role changed: from={From} to={To} term={Term} leader={Leader} reason={Reason}")]
    private partial void LogRole(RaftRole from, RaftRole to, ulong term, string leader, string reason);

    [LoggerMessage(1002, LogLevel.Critical, "raft has stopped")]
    private partial void LogStopped(Exception error);

    [LoggerMessage(1003, LogLevel.Information, "snapshot complete: index={Index} term={Term}")]
    private partial void LogSnapshotTaken(ulong index, ulong term);

    [LoggerMessage(1004, LogLevel.Error, "failed to take snapshot: error={Error}")]
    private partial void LogSnapshotFailed(string error);

    [LoggerMessage(1005, LogLevel.Error, "failed to read snapshot for peer: peer={Peer} error={Error}")]
    private partial void LogSnapshotSendFailed(string peer, string error);

    [LoggerMessage(1006, LogLevel.Error, "failed to store snapshot from leader: error={Error}")]
    private partial void LogSnapshotReceiveFailed(string error);

    /// <summary>The core's own lines, at the logger's levels.</summary>
    private sealed class LoggerTrace(ILogger logger) : IRaftTrace
    {
        public bool IsEnabled(TraceLevel level) => logger.IsEnabled(Level(level));

        public void Write(TraceLevel level, string line)
        {
#pragma warning disable CA2254 // The core has formatted the line; there is no template behind it.
            logger.Log(Level(level), line);
#pragma warning restore CA2254
        }

        // The host logs state changes itself, with their reason; the core's own line about them would say it twice.
        private static LogLevel Level(TraceLevel level) => level switch
        {
            TraceLevel.Warning => LogLevel.Warning,
            _ => LogLevel.Debug,
        };
    }
}
