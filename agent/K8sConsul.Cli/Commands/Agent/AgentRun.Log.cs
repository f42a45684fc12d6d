using Microsoft.Extensions.Logging;

namespace K8sConsul.Cli.Commands.Agent;

/// <summary>The lines of the <c>agent</c> command.</summary>
internal static partial class AgentRunLog
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void ConfigWarning(this ILogger logger, string warning);

    [LoggerMessage(EventId = 101, Level = LogLevel.Error, Message = "Error starting agent: error={Error}")]
    public static partial void StartFailed(this ILogger logger, string error);

    [LoggerMessage(EventId = 102, Level = LogLevel.Information, Message = "Caught: signal={Signal}")]
    public static partial void Caught(this ILogger logger, string signal);

    [LoggerMessage(EventId = 103, Level = LogLevel.Error, Message = "Reload config failed: error={Error}")]
    public static partial void ReloadFailed(this ILogger logger, string error);

    [LoggerMessage(EventId = 104, Level = LogLevel.Information, Message = "Graceful shutdown disabled. Exiting")]
    public static partial void GracefulShutdownDisabled(this ILogger logger);

    [LoggerMessage(EventId = 105, Level = LogLevel.Information, Message = "Gracefully shutting down agent...")]
    public static partial void ShuttingDownGracefully(this ILogger logger);

    [LoggerMessage(EventId = 106, Level = LogLevel.Information, Message = "Graceful exit completed")]
    public static partial void GracefulExit(this ILogger logger);

    [LoggerMessage(EventId = 107, Level = LogLevel.Information, Message = "Caught second signal, Exiting: signal={Signal}")]
    public static partial void CaughtSecond(this ILogger logger, string signal);

    [LoggerMessage(EventId = 108, Level = LogLevel.Warning, Message = "Timeout on graceful leave. Exiting")]
    public static partial void LeaveTimedOut(this ILogger logger);

    [LoggerMessage(EventId = 109, Level = LogLevel.Error, Message = "Error on leave: error={Error}")]
    public static partial void LeaveFailed(this ILogger logger, string error);

    [LoggerMessage(EventId = 110, Level = LogLevel.Warning, Message = "{Failure}")]
    public static partial void PidFileFailed(this ILogger logger, string failure);

    [LoggerMessage(EventId = 111, Level = LogLevel.Information, Message = "Exit code: code={Code}")]
    public static partial void Exiting(this ILogger logger, int code);
}
