using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>A check as catalog registrations and transactions give it.</summary>
internal static class CheckBody
{
    public static CheckRecord Decode(GoJsonValue body)
    {
        ServiceBody.RequireObject(body, "RegisterRequest.Check", "structs.HealthCheck");
        var check = new CheckRecord { Node = string.Empty, CheckId = string.Empty, Status = string.Empty };
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            check = name.ToLowerInvariant() switch
            {
                "node" => check with { Node = JsonDecode.Text(value, ".Node") },
                "checkid" => check with { CheckId = JsonDecode.Text(value, ".CheckID") },
                "name" => check with { Name = JsonDecode.Text(value, ".Name") },
                "status" => check with { Status = JsonDecode.Text(value, ".Status") },
                "notes" => check with { Notes = JsonDecode.Text(value, ".Notes") },
                "output" => check with { Output = JsonDecode.Text(value, ".Output") },
                "serviceid" => check with { ServiceId = JsonDecode.Text(value, ".ServiceID") },
                "servicename" => check with { ServiceName = JsonDecode.Text(value, ".ServiceName") },
                "servicetags" => check with { ServiceTags = JsonDecode.Texts(value, ".ServiceTags") },
                "type" => check with { Type = JsonDecode.Text(value, ".Type") },
                "definition" => check with { Definition = value.IsNull ? null : Definition(value) },
                "createindex" or "namespace" => check,
                "modifyindex" => check with { ModifyIndex = JsonDecode.UInt(value, ".ModifyIndex") },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return check with { Type = check.Type.Length > 0 ? check.Type : TypeOf(check.Definition) };
    }

    private static string TypeOf(CheckDefinitionRecord? definition) => definition switch
    {
        { Http.Length: > 0 } => "http",
        { Tcp.Length: > 0 } => "tcp",
        _ => string.Empty,
    };

    private static CheckDefinitionRecord Definition(GoJsonValue body)
    {
        var definition = new CheckDefinitionRecord();
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            definition = name.ToLowerInvariant() switch
            {
                "http" => definition with { Http = JsonDecode.Text(value, ".Definition.HTTP") },
                "tlsskipverify" => definition with { TlsSkipVerify = JsonDecode.Bool(value, ".Definition.TLSSkipVerify") },
                "header" => definition with { Header = Header(value) },
                "method" => definition with { Method = JsonDecode.Text(value, ".Definition.Method") },
                "body" => definition with { Body = JsonDecode.Text(value, ".Definition.Body") },
                "tcp" => definition with { Tcp = JsonDecode.Text(value, ".Definition.TCP") },
                "interval" or "intervalduration" => definition with { Interval = JsonDecode.Duration(value, ".Definition.Interval") },
                "timeout" or "timeoutduration" => definition with { Timeout = JsonDecode.Duration(value, ".Definition.Timeout") },
                "deregistercriticalserviceafter" or "deregistercriticalserviceafterduration" =>
                    definition with { DeregisterCriticalServiceAfter = JsonDecode.Duration(value, ".Definition.DeregisterCriticalServiceAfter") },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return definition;
    }

    private static IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Header(GoJsonValue value)
    {
        if (value.IsNull)
        {
            return [];
        }

        ServiceBody.RequireObject(value, ".Definition.Header", "map[string][]string");
        return
        [
            .. value.Members
                .Select(m => new KeyValuePair<string, IReadOnlyList<string>>(m.Key, JsonDecode.Texts(m.Value, ".Definition.Header")))
                .OrderBy(m => m.Key, StringComparer.Ordinal),
        ];
    }
}
