using System.Net;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Dns;

internal sealed partial class DnsResponder
{
    [LoggerMessage(8601, LogLevel.Error, "all resolvers failed for question from client: question=\"{Question}\" client={Client} client_network={Network}")]
    private static partial void LogAllResolversFailed(ILogger logger, string question, IPEndPoint client, string network);
}
