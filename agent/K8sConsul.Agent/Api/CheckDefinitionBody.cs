using System.Collections.Immutable;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;

namespace K8sConsul.Agent.Api;

/// <summary>
/// A check as the agent's API takes it. Consul has two structs for it: a check of its own is told by <c>ID</c>, one within a
/// service by <c>CheckID</c>.
/// </summary>
internal static class CheckDefinitionBody
{
    private const string SharedFields =
        """Interval interface {}; Timeout interface {}; TTL interface {}; DeregisterCriticalServiceAfter interface {}; Args []string "json:\"args\""; ScriptArgsSnake []string "json:\"script_args\""; DeregisterCriticalServiceAfterSnake interface {} "json:\"deregister_critical_service_after\""; DockerContainerIDSnake string "json:\"docker_container_id\""; TLSSkipVerifySnake bool "json:\"tls_skip_verify\""; """;

    /// <summary>Go's name of what a body must be, as it stands in the error for one that is not.</summary>
    public const string GoType = "struct { " + SharedFields + """ServiceIDSnake string "json:\"service_id\""; *structs.Alias }""";

    private const string GoTypeOfService =
        "struct { " + SharedFields + """ServiceID string "json:\"ServiceID\""; ServiceIDSnake string "json:\"service_id\""; *structs.Alias }""";

    /// <summary>The body of <c>/v1/agent/check/register</c>.</summary>
    public static CheckDefinition Decode(GoJsonValue body)
    {
        var check = new CheckDefinition();
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            check = string.Equals(name, "id", StringComparison.OrdinalIgnoreCase)
                ? check with { Id = JsonDecode.Text(value, ".ID", "types.CheckID") }
                : Read(check, name, value, field => "." + field);
        }

        return check;
    }

    /// <param name="holder">The field of the service that holds it; errors name no field within.</param>
    public static CheckDefinition DecodeOfService(GoJsonValue body, string holder)
    {
        var check = new CheckDefinition();
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, holder, GoTypeOfService))
        {
            check = string.Equals(name, "checkid", StringComparison.OrdinalIgnoreCase)
                ? check with { Id = JsonDecode.Text(value, holder, "types.CheckID") }
                : Read(check, name, value, _ => holder);
        }

        return check;
    }

    private static CheckDefinition Read(CheckDefinition check, string name, GoJsonValue value, Func<string, string> field) => name.ToLowerInvariant() switch
    {
        "name" => check with { Name = JsonDecode.Text(value, field("Name")) },
        "notes" => check with { Notes = JsonDecode.Text(value, field("Notes")) },
        "serviceid" => check with { ServiceId = JsonDecode.Text(value, field("ServiceID")) },
        "service_id" => check with { ServiceId = JsonDecode.Text(value, field("service_id")) },
        "token" => check with { Token = JsonDecode.Text(value, field("Token")) },
        "status" => check with { Status = JsonDecode.Text(value, field("Status")) },
        "args" => check with { ScriptArgs = [.. JsonDecode.Texts(value, field("args"))] },
        "scriptargs" => check with { ScriptArgs = [.. JsonDecode.Texts(value, field("ScriptArgs"))] },
        "script_args" => check with { ScriptArgs = [.. JsonDecode.Texts(value, field("script_args"))] },
        "http" => check with { Http = JsonDecode.Text(value, field("HTTP")) },
        "header" => check with { Header = Header(value, field("Header")) },
        "method" => check with { Method = JsonDecode.Text(value, field("Method")) },
        "body" => check with { Body = JsonDecode.Text(value, field("Body")) },
        "disableredirects" => check with { DisableRedirects = JsonDecode.Bool(value, field("DisableRedirects")) },
        "tcp" => check with { Tcp = JsonDecode.Text(value, field("TCP")) },
        "tcpusetls" => check with { TcpUseTls = JsonDecode.Bool(value, field("TCPUseTLS")) },
        "udp" => check with { Udp = JsonDecode.Text(value, field("UDP")) },
        "interval" => check with { Interval = JsonDecode.Duration(value, field("Interval")) },
        "timeout" => check with { Timeout = JsonDecode.Duration(value, field("Timeout")) },
        "ttl" => check with { Ttl = JsonDecode.Duration(value, field("TTL")) },
        "dockercontainerid" or "docker_container_id" => check with { DockerContainerId = JsonDecode.Text(value, field("DockerContainerID")) },
        "shell" => check with { Shell = JsonDecode.Text(value, field("Shell")) },
        "grpc" => check with { Grpc = JsonDecode.Text(value, field("GRPC")) },
        "grpcusetls" => check with { GrpcUseTls = JsonDecode.Bool(value, field("GRPCUseTLS")) },
        "h2ping" => check with { H2Ping = JsonDecode.Text(value, field("H2PING")) },
        "h2pingusetls" => check with { H2PingUseTls = JsonDecode.Bool(value, field("H2PingUseTLS")) },
        "osservice" => check with { OsService = JsonDecode.Text(value, field("OSService")) },
        "tlsservername" => check with { TlsServerName = JsonDecode.Text(value, field("TLSServerName")) },
        "tlsskipverify" or "tls_skip_verify" => check with { TlsSkipVerify = JsonDecode.Bool(value, field("TLSSkipVerify")) },
        "aliasnode" => check with { AliasNode = JsonDecode.Text(value, field("AliasNode")) },
        "aliasservice" => check with { AliasService = JsonDecode.Text(value, field("AliasService")) },
        "successbeforepassing" => check with { SuccessBeforePassing = JsonDecode.Int(value, field("SuccessBeforePassing")) },
        "failuresbeforewarning" => check with { FailuresBeforeWarning = JsonDecode.Int(value, field("FailuresBeforeWarning")) },
        "failuresbeforecritical" => check with { FailuresBeforeCritical = JsonDecode.Int(value, field("FailuresBeforeCritical")) },
        "deregistercriticalserviceafter" or "deregister_critical_service_after" =>
            check with { DeregisterCriticalServiceAfter = JsonDecode.Duration(value, field("DeregisterCriticalServiceAfter")) },
        "outputmaxsize" => check with { OutputMaxSize = JsonDecode.Int(value, field("OutputMaxSize")) },
        _ => throw JsonDecode.Unknown(name),
    };

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> Header(GoJsonValue value, string field)
    {
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Builder header =
            ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach ((string name, GoJsonValue values) in JsonDecode.Members(value, field, "map[string][]string"))
        {
            header[name] = [.. JsonDecode.Texts(values, field)];
        }

        return header.ToImmutable();
    }
}
