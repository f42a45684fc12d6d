using System.Net;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Tests.Logging;

/// <summary>Lines of the kinds the agent writes.</summary>
internal static partial class TestLines
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Started DNS server: address={Address} network={Network}")]
    public static partial void StartedDns(this ILogger logger, IPEndPoint address, string network);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "serf: EventMemberJoin: {Name} {Address}")]
    public static partial void MemberJoin(this ILogger logger, string name, IPAddress address);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "heartbeat timeout reached, starting election: last-leader={LastLeader}")]
    public static partial void HeartbeatTimeout(this ILogger logger, string lastLeader);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "Error starting agent: error={Error}")]
    public static partial void ErrorStarting(this ILogger logger, string error);

    [LoggerMessage(EventId = 5, Level = LogLevel.Debug, Message = "(LAN) joining: lan_addresses={Addresses} wait={Wait} count={Count} ok={Ok}")]
    public static partial void Joining(this ILogger logger, string[] addresses, TimeSpan wait, int count, bool ok);

    [LoggerMessage(EventId = 6, Level = LogLevel.Trace, Message = "shutdown complete")]
    public static partial void ShutdownComplete(this ILogger logger);

    [LoggerMessage(EventId = 7, Level = LogLevel.Error, Message = "failed to sync: node={Node}")]
    public static partial void FailedSync(this ILogger logger, Exception failure, string node);
}
