using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>A check as catalog registrations give it.</summary>
internal static class CheckBody
{
    private const string DefinitionType =
        "struct { Interval interface {}; Timeout interface {}; DeregisterCriticalServiceAfter interface {}; TTL interface {}; *structs.Alias }";

    /// <param name="path">The field of the registration that holds it: <c>Check</c> or <c>Checks</c>.</param>
    public static CheckRecord Decode(GoJsonValue body, string path)
    {
        string owner = $"HealthCheck.{path}";
        var check = new CheckRecord { Node = string.Empty, CheckId = string.Empty, Status = string.Empty };
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, $"RegisterRequest.{path}", "structs.HealthCheck"))
        {
            check = name.ToLowerInvariant() switch
            {
                "node" => check with { Node = JsonDecode.Text(value, owner + ".Node") },
                "checkid" => check with { CheckId = JsonDecode.Text(value, owner + ".CheckID", "types.CheckID") },
                "name" => check with { Name = JsonDecode.Text(value, owner + ".Name") },
                "status" => check with { Status = JsonDecode.Text(value, owner + ".Status") },
                "notes" => check with { Notes = JsonDecode.Text(value, owner + ".Notes") },
                "output" => check with { Output = JsonDecode.Text(value, owner + ".Output") },
                "serviceid" => check with { ServiceId = JsonDecode.Text(value, owner + ".ServiceID") },
                "servicename" => check with { ServiceName = JsonDecode.Text(value, owner + ".ServiceName") },
                "servicetags" => check with { ServiceTags = JsonDecode.Texts(value, owner + ".ServiceTags") },
                "type" => check with { Type = JsonDecode.Text(value, owner + ".Type") },
                "definition" => check with { Definition = value.IsNull ? null : Definition(value, owner + ".Definition") },
                "createindex" => check,
                "modifyindex" => check with { ModifyIndex = JsonDecode.UInt(value, owner + ".ModifyIndex") },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return check.Type.Length > 0 ? check : check with { Type = check.Definition?.Kind ?? string.Empty };
    }

    /// <summary>Consul decodes this by a decoder of its own: errors name no field within, and unknown members are not refused.</summary>
    private static CheckDefinitionRecord Definition(GoJsonValue body, string field)
    {
        var definition = new CheckDefinitionRecord();
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, field, DefinitionType))
        {
            definition = name.ToLowerInvariant() switch
            {
                "http" => definition with { Http = JsonDecode.Text(value, field) },
                "tlsskipverify" => definition with { TlsSkipVerify = JsonDecode.Bool(value, field) },
                "header" => definition with { Header = Header(value, field) },
                "method" => definition with { Method = JsonDecode.Text(value, field) },
                "body" => definition with { Body = JsonDecode.Text(value, field) },
                "tcp" => definition with { Tcp = JsonDecode.Text(value, field) },
                "scriptargs" => definition with { ScriptArgs = JsonDecode.Texts(value, field) },
                "dockercontainerid" => definition with { DockerContainerId = JsonDecode.Text(value, field) },
                "shell" => definition with { Shell = JsonDecode.Text(value, field) },
                "grpc" => definition with { Grpc = JsonDecode.Text(value, field) },
                "grpcusetls" => definition with { GrpcUseTls = JsonDecode.Bool(value, field) },
                "aliasnode" => definition with { AliasNode = JsonDecode.Text(value, field) },
                "aliasservice" => definition with { AliasService = JsonDecode.Text(value, field) },
                "outputmaxsize" => definition with { OutputMaxSize = JsonDecode.UInt(value, field, "uint") },
                "ttl" => definition with { Ttl = JsonDecode.Duration(value, field) },
                "interval" => definition with { Interval = JsonDecode.Duration(value, field) },
                "timeout" => definition with { Timeout = JsonDecode.Duration(value, field) },
                "deregistercriticalserviceafter" => definition with { DeregisterCriticalServiceAfter = JsonDecode.Duration(value, field) },
                _ => definition,
            };
        }

        return definition;
    }

    internal static IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Header(GoJsonValue value, string field) =>
    [
        .. JsonDecode.Members(value, field, "map[string][]string")
            .Select(m => new KeyValuePair<string, IReadOnlyList<string>>(m.Key, JsonDecode.Texts(m.Value, field)))
            .OrderBy(m => m.Key, StringComparer.Ordinal),
    ];
}
