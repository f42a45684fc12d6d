using K8sConsul.Agent.Configuration;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands.Services;

/// <summary>From a service's check as configured to the part of the body that registers it.</summary>
internal static class CheckBodies
{
    private static readonly CheckDefinition _defaults = new();

    public static CheckRegistration Of(CheckDefinition check)
    {
        return new CheckRegistration
        {
            CheckID = ServiceBodies.Said(check.Id),
            Name = ServiceBodies.Said(check.Name),
            Notes = ServiceBodies.Said(check.Notes),
            Status = ServiceBodies.Said(check.Status),
            Args = ServiceBodies.Said(check.ScriptArgs),
            DockerContainerID = ServiceBodies.Said(check.DockerContainerId),
            Shell = ServiceBodies.Said(check.Shell),
            Interval = ServiceBodies.Said(check.Interval),
            Timeout = ServiceBodies.Said(check.Timeout),
            TTL = ServiceBodies.Said(check.Ttl),
            HTTP = ServiceBodies.Said(check.Http),
            Header = check.Header.Count > 0 ? check.Header.ToDictionary(pair => pair.Key, pair => pair.Value.ToList(), StringComparer.Ordinal) : null,
            Method = ServiceBodies.Said(check.Method),
            Body = ServiceBodies.Said(check.Body),
            DisableRedirects = check.DisableRedirects,
            TCP = ServiceBodies.Said(check.Tcp),
            TCPUseTLS = check.TcpUseTls,
            UDP = ServiceBodies.Said(check.Udp),
            GRPC = ServiceBodies.Said(check.Grpc),
            GRPCUseTLS = check.GrpcUseTls,
            H2PING = ServiceBodies.Said(check.H2Ping),
            H2PingUseTLS = check.H2Ping.Length > 0 ? check.H2PingUseTls : null,
            OSService = ServiceBodies.Said(check.OsService),
            AliasNode = ServiceBodies.Said(check.AliasNode),
            AliasService = ServiceBodies.Said(check.AliasService),
            TLSServerName = ServiceBodies.Said(check.TlsServerName),
            TLSSkipVerify = check.TlsSkipVerify,
            SuccessBeforePassing = check.SuccessBeforePassing,
            FailuresBeforeWarning = check.FailuresBeforeWarning,
            FailuresBeforeCritical = check.FailuresBeforeCritical,
            OutputMaxSize = check.OutputMaxSize == _defaults.OutputMaxSize ? 0 : check.OutputMaxSize,
            DeregisterCriticalServiceAfter = ServiceBodies.Said(check.DeregisterCriticalServiceAfter),
        };
    }
}
