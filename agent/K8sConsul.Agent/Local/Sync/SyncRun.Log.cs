using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Local;

/// <summary>Texts and fields as Consul logs them: people search for these lines.</summary>
internal sealed partial class SyncRun
{
    [LoggerMessage(EventId = 6100, Level = LogLevel.Information, Message = "Synced node info")]
    private static partial void LogSyncedNode(ILogger logger);

    [LoggerMessage(EventId = 6101, Level = LogLevel.Information, Message = "Synced service: service={Service}")]
    private static partial void LogSyncedService(ILogger logger, string service);

    [LoggerMessage(EventId = 6102, Level = LogLevel.Information, Message = "Synced check: check={Check}")]
    private static partial void LogSyncedCheck(ILogger logger, string check);

    [LoggerMessage(EventId = 6103, Level = LogLevel.Information, Message = "Deregistered service: service={Service}")]
    private static partial void LogDeregisteredService(ILogger logger, string service);

    [LoggerMessage(EventId = 6104, Level = LogLevel.Information, Message = "Deregistered check: check={Check}")]
    private static partial void LogDeregisteredCheck(ILogger logger, string check);

    [LoggerMessage(EventId = 6110, Level = LogLevel.Warning, Message = "Node info update blocked by ACLs: node={Node}")]
    private static partial void LogNodeBlocked(ILogger logger, string node);

    [LoggerMessage(EventId = 6111, Level = LogLevel.Warning, Message = "Service registration blocked by ACLs: service={Service}")]
    private static partial void LogServiceBlocked(ILogger logger, string service);

    [LoggerMessage(EventId = 6112, Level = LogLevel.Warning, Message = "Check registration blocked by ACLs: check={Check}")]
    private static partial void LogCheckBlocked(ILogger logger, string check);

    [LoggerMessage(EventId = 6113, Level = LogLevel.Warning, Message = "Service deregistration blocked by ACLs: service={Service}")]
    private static partial void LogServiceDeregistrationBlocked(ILogger logger, string service);

    [LoggerMessage(EventId = 6114, Level = LogLevel.Warning, Message = "Check deregistration blocked by ACLs: check={Check}")]
    private static partial void LogCheckDeregistrationBlocked(ILogger logger, string check);

    [LoggerMessage(EventId = 6120, Level = LogLevel.Warning, Message = "Syncing node info failed.: error=\"{Error}\"")]
    private static partial void LogNodeFailed(ILogger logger, string error);

    [LoggerMessage(EventId = 6121, Level = LogLevel.Warning, Message = "Syncing service failed.: service={Service} error=\"{Error}\"")]
    private static partial void LogServiceFailed(ILogger logger, string service, string error);

    [LoggerMessage(EventId = 6122, Level = LogLevel.Warning, Message = "Syncing check failed.: check={Check} error=\"{Error}\"")]
    private static partial void LogCheckFailed(ILogger logger, string check, string error);

    [LoggerMessage(EventId = 6123, Level = LogLevel.Warning, Message = "Deregistering service failed.: service={Service} error=\"{Error}\"")]
    private static partial void LogServiceDeregistrationFailed(ILogger logger, string service, string error);

    [LoggerMessage(EventId = 6124, Level = LogLevel.Warning, Message = "Deregistering check failed.: check={Check} error=\"{Error}\"")]
    private static partial void LogCheckDeregistrationFailed(ILogger logger, string check, string error);

    [LoggerMessage(EventId = 6130, Level = LogLevel.Error, Message = "failed to sync remote state: error=\"{Error}\"")]
    private static partial void LogFullSyncFailed(ILogger logger, string error);

    [LoggerMessage(EventId = 6131, Level = LogLevel.Error, Message = "failed to sync changes: error=\"{Error}\"")]
    private static partial void LogChangesFailed(ILogger logger, string error);
}
