using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Dns;

internal sealed partial class TcpListenerLoop
{
    [LoggerMessage(8631, LogLevel.Warning, "closed a new connection, too many are open: limit={Limit}")]
    private static partial void LogTooManyConnections(ILogger logger, int limit);

    [LoggerMessage(8632, LogLevel.Warning, "cannot accept a connection: error=\"{Error}\"")]
    private static partial void LogAcceptFailed(ILogger logger, string error);

    [LoggerMessage(8633, LogLevel.Trace, "connection ended: reason=\"{Reason}\"")]
    private static partial void LogConnectionEnded(ILogger logger, string reason);

    [LoggerMessage(8634, LogLevel.Error, "look-up failed unexpectedly")]
    private static partial void LogConnectionFailed(ILogger logger, Exception failure);
}
