using System.Collections.Immutable;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;

namespace K8sConsul.Agent.Api;

/// <summary>A check as the agent's API takes it. Names are compared without case, and in snake case as well.</summary>
internal static class CheckDefinitionBody
{
    /// <summary>What Go calls the shape that a body is read into; clients see it when the body is no object at all.</summary>
    public const string GoType = GoTypeHead + GoTypeTail;

    private const string GoTypeOfService = GoTypeHead + """ServiceID string "json:\"ServiceID\""; """ + GoTypeTail;

    private const string GoTypeHead =
        """struct { Interval interface {}; Timeout interface {}; TTL interface {}; DeregisterCriticalServiceAfter interface {}; """
        + """Args []string "json:\"args\""; ScriptArgsSnake []string "json:\"script_args\""; """
        + """DeregisterCriticalServiceAfterSnake interface {} "json:\"deregister_critical_service_after\""; """
        + """DockerContainerIDSnake string "json:\"docker_container_id\""; TLSSkipVerifySnake bool "json:\"tls_skip_verify\""; """;

    private const string GoTypeTail = """ServiceIDSnake string "json:\"service_id\""; *structs.Alias }""";

    /// <param name="ofService">Inside a service the ID may be called <c>CheckID</c> too, and the service is known.</param>
    public static CheckDefinition Decode(GoJsonValue body, bool ofService)
    {
        if (body.Kind != GoJsonKind.Object && (ofService || !body.IsNull))
        {
            throw JsonDecode.Wrong(body, ".Check", GoTypeOfService);
        }

        var check = new CheckDefinition();
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            check = Read(check, name, value, ofService);
        }

        return check;
    }

    private static CheckDefinition Read(CheckDefinition check, string name, GoJsonValue value, bool ofService) => Plain(name) switch
    {
        "id" => check with { Id = JsonDecode.Text(value, ".ID") },
        "checkid" when ofService => check with { Id = JsonDecode.Text(value, ".CheckID") },
        "name" => check with { Name = JsonDecode.Text(value, ".Name") },
        "notes" => check with { Notes = JsonDecode.Text(value, ".Notes") },
        "serviceid" => check with { ServiceId = JsonDecode.Text(value, ".ServiceID") },
        "token" => check with { Token = JsonDecode.Text(value, ".Token") },
        "status" => check with { Status = JsonDecode.Text(value, ".Status") },
        "args" or "scriptargs" => check with { ScriptArgs = [.. JsonDecode.Texts(value, "." + (name.StartsWith('A') ? name.ToLowerInvariant() : name))] },
        "http" => check with { Http = JsonDecode.Text(value, ".HTTP") },
        "header" => check with { Header = Header(value) },
        "method" => check with { Method = JsonDecode.Text(value, ".Method") },
        "body" => check with { Body = JsonDecode.Text(value, ".Body") },
        "disableredirects" => check with { DisableRedirects = JsonDecode.Bool(value, ".DisableRedirects") },
        "tcp" => check with { Tcp = JsonDecode.Text(value, ".TCP") },
        "tcpusetls" => check with { TcpUseTls = JsonDecode.Bool(value, ".TCPUseTLS") },
        "udp" => check with { Udp = JsonDecode.Text(value, ".UDP") },
        "interval" => check with { Interval = JsonDecode.Duration(value, ".Interval") },
        "timeout" => check with { Timeout = JsonDecode.Duration(value, ".Timeout") },
        "ttl" => check with { Ttl = JsonDecode.Duration(value, ".TTL") },
        "dockercontainerid" => check with { DockerContainerId = JsonDecode.Text(value, ".DockerContainerID") },
        "shell" => check with { Shell = JsonDecode.Text(value, ".Shell") },
        "grpc" => check with { Grpc = JsonDecode.Text(value, ".GRPC") },
        "grpcusetls" => check with { GrpcUseTls = JsonDecode.Bool(value, ".GRPCUseTLS") },
        "h2ping" => check with { H2Ping = JsonDecode.Text(value, ".H2PING") },
        "h2pingusetls" => check with { H2PingUseTls = JsonDecode.Bool(value, ".H2PingUseTLS") },
        "osservice" => check with { OsService = JsonDecode.Text(value, ".OSService") },
        "tlsservername" => check with { TlsServerName = JsonDecode.Text(value, ".TLSServerName") },
        "tlsskipverify" => check with { TlsSkipVerify = JsonDecode.Bool(value, ".TLSSkipVerify") },
        "aliasnode" => check with { AliasNode = JsonDecode.Text(value, ".AliasNode") },
        "aliasservice" => check with { AliasService = JsonDecode.Text(value, ".AliasService") },
        "successbeforepassing" => check with { SuccessBeforePassing = JsonDecode.Int(value, ".SuccessBeforePassing") },
        "failuresbeforewarning" => check with { FailuresBeforeWarning = JsonDecode.Int(value, ".FailuresBeforeWarning") },
        "failuresbeforecritical" => check with { FailuresBeforeCritical = JsonDecode.Int(value, ".FailuresBeforeCritical") },
        "deregistercriticalserviceafter" => check with { DeregisterCriticalServiceAfter = JsonDecode.Duration(value, ".DeregisterCriticalServiceAfter") },
        "outputmaxsize" => check with { OutputMaxSize = JsonDecode.Int(value, ".OutputMaxSize") },
        _ => throw JsonDecode.Unknown(name),
    };

    internal static string Plain(string name) => name.Replace("_", string.Empty, StringComparison.Ordinal).ToLowerInvariant();

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> Header(GoJsonValue value)
    {
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Builder header =
            ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        if (value.IsNull)
        {
            return header.ToImmutable();
        }

        if (value.Kind != GoJsonKind.Object)
        {
            throw JsonDecode.Wrong(value, ".Header", "map[string][]string");
        }

        foreach ((string name, GoJsonValue values) in value.Members)
        {
            header[name] = [.. JsonDecode.Texts(values, ".Header")];
        }

        return header.ToImmutable();
    }
}
