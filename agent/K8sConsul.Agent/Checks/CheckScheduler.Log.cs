using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Checks;

public sealed partial class CheckScheduler
{
    [LoggerMessage(EventId = 6300, Level = LogLevel.Debug, Message = "Check status updated: check={Check} status={Status}")]
    private static partial void LogUpdated(ILogger logger, string check, string status);

    [LoggerMessage(EventId = 6301, Level = LogLevel.Warning, Message = "Check is now critical: check={Check}")]
    private static partial void LogCritical(ILogger logger, string check);

    [LoggerMessage(EventId = 6302, Level = LogLevel.Warning, Message = "Check missed TTL, is now critical: check={Check}")]
    private static partial void LogTtlMissed(ILogger logger, string check);

    [LoggerMessage(EventId = 6303, Level = LogLevel.Warning, Message = "Check passed but has not reached success threshold: check={Check} status={Status} success_count={Count} success_threshold={Threshold}")]
    private static partial void LogBelowSuccesses(ILogger logger, string check, string status, int count, int threshold);

    [LoggerMessage(EventId = 6304, Level = LogLevel.Warning, Message = "Check failed but has not reached failure threshold: check={Check} status={Status} failure_count={Count} failure_threshold={Threshold}")]
    private static partial void LogBelowFailures(ILogger logger, string check, string status, int count, int threshold);

    [LoggerMessage(EventId = 6310, Level = LogLevel.Error, Message = "Check could not be run: check={Check}")]
    private static partial void LogProbeBroken(ILogger logger, string check, Exception error);
}
