using K8sConsul.Storage;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Server;

public sealed partial class ConsulServer
{
    /// <summary>What had to be mended in the data, so that an operator can tell a crash from a failing disk.</summary>
    private static void LogRepairs(RaftStorage storage, ILogger logger)
    {
        if (storage.TornTail is { } torn)
        {
            LogTornTail(logger, torn.File, torn.Offset, torn.Bytes);
        }

        if (storage.Warning is { } warning)
        {
            LogSnapshotPassedOver(logger, warning.Message);
        }
    }

    [LoggerMessage(1011, LogLevel.Warning, "raft log ended in an unfinished write, which was cut: file={File} offset={Offset} bytes={Bytes}")]
    private static partial void LogTornTail(ILogger logger, string file, long offset, long bytes);

    [LoggerMessage(1012, LogLevel.Warning, "newest raft snapshot is damaged, but the log covers it: error={Error}")]
    private static partial void LogSnapshotPassedOver(ILogger logger, string error);
}
