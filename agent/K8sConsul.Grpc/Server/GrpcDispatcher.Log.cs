using Microsoft.Extensions.Logging;

namespace K8sConsul.Grpc;

public sealed partial class GrpcDispatcher
{
    [LoggerMessage(EventId = 7100, Level = LogLevel.Error, Message = "grpc: handler failed: method={Method}")]
    private static partial void LogHandlerFailed(ILogger logger, string method, Exception error);
}
