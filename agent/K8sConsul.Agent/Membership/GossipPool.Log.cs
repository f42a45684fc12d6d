using K8sConsul.Gossip;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Membership;

public sealed partial class GossipPool
{
    private const string SerfPrefix = "serf: ";

    private void Write(GossipLog log)
    {
        LogLevel level = log.Level switch
        {
            GossipLogLevel.Debug => LogLevel.Debug,
            GossipLogLevel.Info => LogLevel.Information,
            GossipLogLevel.Warn => LogLevel.Warning,
            _ => LogLevel.Error,
        };
        LogCore(log.Text.StartsWith(SerfPrefix, StringComparison.Ordinal) ? _loggers.Serf : _logger, level, log.Text);
    }

    /// <summary>Lines of the core, in the words of memberlist and Serf.</summary>
    [LoggerMessage(EventId = 3100, Message = "{Text}")]
    private static partial void LogCore(ILogger logger, LogLevel level, string text);

    [LoggerMessage(EventId = 3101, Level = LogLevel.Critical, Message = "gossip: an invariant is broken, stopping the process")]
    private partial void LogImpossible(Exception exception);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Debug, Message = "memberlist: Failed to send packet to {To}: {Error}")]
    private partial void LogSendFailed(MemberAddress to, string error);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Error, Message = "memberlist: Error reading UDP packet: {Error}")]
    private partial void LogReceiveFailed(string error);

    [LoggerMessage(EventId = 3104, Level = LogLevel.Error, Message = "memberlist: Error accepting TCP connection: {Error}")]
    private partial void LogAcceptFailed(string error);

    [LoggerMessage(EventId = 3105, Level = LogLevel.Error, Message = "memberlist: Too many pending push/pull requests")]
    private partial void LogTooManyStreams();

    [LoggerMessage(EventId = 3106, Level = LogLevel.Debug, Message = "memberlist: stream failed: {Error} from={From}")]
    private partial void LogStreamFailed(string error, MemberAddress from);

    [LoggerMessage(EventId = 3107, Level = LogLevel.Error, Message = "memberlist: failed to receive: {Error} from={From}")]
    private partial void LogStreamRefused(string error, MemberAddress from);

    [LoggerMessage(EventId = 3108, Level = LogLevel.Debug, Message = "memberlist: Failed to join {Address}: {Error}")]
    private partial void LogJoinFailed(MemberAddress address, string error);

    [LoggerMessage(EventId = 3109, Level = LogLevel.Warning, Message = "memberlist: {Failure}")]
    private partial void LogResolveFailed(string failure);
}
