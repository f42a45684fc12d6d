using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Local;

public sealed partial class LocalRegistry
{
    [LoggerMessage(EventId = 6000, Level = LogLevel.Debug, Message = "removed service: service={Service}")]
    private static partial void LogServiceRemoved(ILogger logger, string service);

    [LoggerMessage(EventId = 6001, Level = LogLevel.Debug, Message = "removed check: check={Check}")]
    private static partial void LogCheckRemoved(ILogger logger, string check);

    [LoggerMessage(EventId = 6002, Level = LogLevel.Warning, Message = "Failed to deregister service: service={Service} error=\"Service {Service} does not exist\"")]
    private static partial void LogServiceUnknown(ILogger logger, string service);

    [LoggerMessage(EventId = 6003, Level = LogLevel.Warning, Message = "check has interval below minimum: check={Check} minimum_interval={Minimum}")]
    private static partial void LogIntervalBelowMinimum(ILogger logger, string check, string minimum);

    [LoggerMessage(EventId = 6004, Level = LogLevel.Warning, Message = "check has deregister interval below minimum: check={Check} minimum_interval={Minimum}")]
    private static partial void LogDeregisterBelowMinimum(ILogger logger, string check, string minimum);

    [LoggerMessage(EventId = 6005, Level = LogLevel.Information, Message = "Check for service has been critical for too long; deregistered service: service={Service}")]
    private static partial void LogReaped(ILogger logger, string service);

    [LoggerMessage(EventId = 6006, Level = LogLevel.Information, Message = "Service entered maintenance mode: service={Service}")]
    private static partial void LogServiceMaintenanceEntered(ILogger logger, string service);

    [LoggerMessage(EventId = 6007, Level = LogLevel.Information, Message = "Service left maintenance mode: service={Service}")]
    private static partial void LogServiceMaintenanceLeft(ILogger logger, string service);

    [LoggerMessage(EventId = 6008, Level = LogLevel.Information, Message = "Node entered maintenance mode")]
    private static partial void LogNodeMaintenanceEntered(ILogger logger);

    [LoggerMessage(EventId = 6009, Level = LogLevel.Information, Message = "Node left maintenance mode")]
    private static partial void LogNodeMaintenanceLeft(ILogger logger);

    [LoggerMessage(EventId = 6010, Level = LogLevel.Debug, Message = "service exists, not restoring from file: service={Service}")]
    private static partial void LogServiceExists(ILogger logger, string service);

    [LoggerMessage(EventId = 6011, Level = LogLevel.Debug, Message = "check exists, not restoring from file: check={Check}")]
    private static partial void LogCheckExists(ILogger logger, string check);

    [LoggerMessage(EventId = 6012, Level = LogLevel.Warning, Message = "Failed to restore: id={Id} error=\"{Error}\"")]
    private static partial void LogNotRestored(ILogger logger, string id, string error);
}
