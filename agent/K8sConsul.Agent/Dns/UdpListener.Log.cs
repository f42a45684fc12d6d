using System.Net;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Dns;

internal abstract partial class UdpListener
{
    [LoggerMessage(8621, LogLevel.Warning, "dropped a query, too many are being looked up: client={Client}")]
    private static partial void LogTooManyPending(ILogger logger, IPEndPoint client);

    [LoggerMessage(8622, LogLevel.Error, "look-up failed unexpectedly")]
    private static partial void LogLookUpFailed(ILogger logger, Exception failure);

    [LoggerMessage(8623, LogLevel.Debug, "failed to respond: error=\"{Error}\"")]
    private protected static partial void LogReplyFailed(ILogger logger, string error);

    [LoggerMessage(8624, LogLevel.Error, "cannot receive queries any more: error=\"{Error}\"")]
    private protected static partial void LogReceiveFailed(ILogger logger, string error);

    [LoggerMessage(8625, LogLevel.Error, "dropped a query that could not be handled")]
    private protected static partial void LogQueryFailed(ILogger logger, Exception failure);
}
