using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Membership;

internal sealed partial class SnapshotFile
{
    [LoggerMessage(EventId = 3120, Level = LogLevel.Warning, Message = "serf: snapshot {Path}: {Count} unrecognized lines were skipped")]
    private static partial void LogUnreadable(ILogger logger, string path, int count);

    [LoggerMessage(EventId = 3121, Level = LogLevel.Warning, Message = "serf: snapshot {Path}: the disk does not keep up, a line was dropped")]
    private static partial void LogDropped(ILogger logger, string path);

    [LoggerMessage(EventId = 3122, Level = LogLevel.Error, Message = "serf: Failed to update snapshot {Path}")]
    private static partial void LogWriteFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(EventId = 3123, Level = LogLevel.Information, Message = "serf: Finished recovering from snapshot error {Path}")]
    private static partial void LogRecovered(ILogger logger, string path);
}
