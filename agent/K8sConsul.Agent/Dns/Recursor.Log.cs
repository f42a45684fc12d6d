using System.Net;
using K8sConsul.Dns;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Dns;

internal sealed partial class Recursor
{
    [LoggerMessage(8611, LogLevel.Error, "recurse failed: recursor={Recursor} error=\"{Error}\"")]
    private static partial void LogFailed(ILogger logger, EndPoint recursor, string error);

    [LoggerMessage(8612, LogLevel.Error, "recurse failed: recursor={Recursor} error=\"i/o timeout\" timeout={Timeout}")]
    private static partial void LogTimedOut(ILogger logger, EndPoint recursor, TimeSpan timeout);

    [LoggerMessage(8613, LogLevel.Debug, "recurse failed for question: recursor={Recursor} rcode={RCode}")]
    private static partial void LogRefused(ILogger logger, EndPoint recursor, RCode rCode);
}
