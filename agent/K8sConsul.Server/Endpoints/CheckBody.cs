using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>A check as catalog registrations and transactions give it.</summary>
internal static class CheckBody
{
    /// <param name="path">How Go names the place of this check in the body.</param>
    public static CheckRecord Decode(GoJsonValue body, string path)
    {
        ServiceBody.RequireObject(body, "RegisterRequest.Check", "structs.HealthCheck");
        var check = new CheckRecord { Node = string.Empty, CheckId = string.Empty, Status = string.Empty };
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            check = name.ToLowerInvariant() switch
            {
                "node" => check with { Node = JsonDecode.Text(value, path + ".Node") },
                "checkid" => check with { CheckId = JsonDecode.Text(value, path + ".CheckID") },
                "name" => check with { Name = JsonDecode.Text(value, path + ".Name") },
                "status" => check with { Status = JsonDecode.Text(value, path + ".Status") },
                "notes" => check with { Notes = JsonDecode.Text(value, path + ".Notes") },
                "output" => check with { Output = JsonDecode.Text(value, path + ".Output") },
                "serviceid" => check with { ServiceId = JsonDecode.Text(value, path + ".ServiceID") },
                "servicename" => check with { ServiceName = JsonDecode.Text(value, path + ".ServiceName") },
                "servicetags" => check with { ServiceTags = JsonDecode.Texts(value, path + ".ServiceTags") },
                "type" => check with { Type = JsonDecode.Text(value, path + ".Type") },
                "definition" => check with { Definition = value.IsNull ? null : Definition(value, path + ".Definition") },
                "createindex" or "namespace" => check,
                "modifyindex" => check with { ModifyIndex = JsonDecode.UInt(value, path + ".ModifyIndex") },
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

    private static CheckDefinitionRecord Definition(GoJsonValue body, string path)
    {
        var definition = new CheckDefinitionRecord();
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            definition = name.ToLowerInvariant() switch
            {
                "http" => definition with { Http = JsonDecode.Text(value, path) },
                "tlsskipverify" => definition with { TlsSkipVerify = JsonDecode.Bool(value, path) },
                "header" => definition with { Header = Header(value, path) },
                "method" => definition with { Method = JsonDecode.Text(value, path) },
                "body" => definition with { Body = JsonDecode.Text(value, path) },
                "tcp" => definition with { Tcp = JsonDecode.Text(value, path) },
                "interval" or "intervalduration" => definition with { Interval = JsonDecode.Duration(value, path) },
                "timeout" or "timeoutduration" => definition with { Timeout = JsonDecode.Duration(value, path) },
                "deregistercriticalserviceafter" or "deregistercriticalserviceafterduration" =>
                    definition with { DeregisterCriticalServiceAfter = JsonDecode.Duration(value, path) },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return definition;
    }

    private static IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Header(GoJsonValue value, string path)
    {
        if (value.IsNull)
        {
            return [];
        }

        ServiceBody.RequireObject(value, path, "map[string][]string");
        return
        [
            .. value.Members
                .Select(m => new KeyValuePair<string, IReadOnlyList<string>>(m.Key, JsonDecode.Texts(m.Value, path)))
                .OrderBy(m => m.Key, StringComparer.Ordinal),
        ];
    }
}
