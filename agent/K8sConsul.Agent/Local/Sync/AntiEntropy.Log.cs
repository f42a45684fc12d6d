using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Local;

public sealed partial class AntiEntropy
{
    [LoggerMessage(EventId = 6140, Level = LogLevel.Error, Message = "anti-entropy: sync broke off")]
    private static partial void LogSyncBroken(ILogger logger, Exception error);
}
