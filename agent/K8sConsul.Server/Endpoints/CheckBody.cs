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
        string derivedType = string.Empty;
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, $"RegisterRequest.{path}", "structs.HealthCheck"))
        {
            if (!value.IsNull && string.Equals(name, "definition", StringComparison.OrdinalIgnoreCase))
            {
                CheckDefinitionRecord definition = Definition(value, owner + ".Definition");
                derivedType = TypeOf(value, definition, owner + ".Definition");
                check = check with { Definition = definition };
                continue;
            }

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
                "definition" or "createindex" => check,
                "modifyindex" => check with { ModifyIndex = JsonDecode.UInt(value, owner + ".ModifyIndex") },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return check.Type.Length > 0 ? check : check with { Type = derivedType };
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
                "interval" => definition with { Interval = JsonDecode.Duration(value, field) },
                "timeout" => definition with { Timeout = JsonDecode.Duration(value, field) },
                "deregistercriticalserviceafter" => definition with { DeregisterCriticalServiceAfter = JsonDecode.Duration(value, field) },
                _ => definition,
            };
        }

        return definition;
    }

    /// <summary>
    /// The kind of check that a definition stands for, which the check is given when it names none: in Consul's order, and
    /// only with what the kind needs.
    /// </summary>
    private static string TypeOf(GoJsonValue body, CheckDefinitionRecord definition, string field)
    {
        bool hasTtl = false;
        bool hasGrpc = false;
        foreach ((string name, GoJsonValue value) in body.Members)
        {
            switch (name.ToLowerInvariant())
            {
                case "ttl":
                    hasTtl = JsonDecode.Duration(value, field) > TimeSpan.Zero;
                    break;
                case "grpc":
                    hasGrpc = JsonDecode.Text(value, field).Length > 0;
                    break;
            }
        }

        bool repeats = definition.Interval > TimeSpan.Zero;
        return repeats && hasGrpc ? "grpc"
            : repeats && definition.Http.Length > 0 ? "http"
            : hasTtl ? "ttl"
            : repeats && definition.Tcp.Length > 0 ? "tcp"
            : string.Empty;
    }

    internal static IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Header(GoJsonValue value, string field) =>
    [
        .. JsonDecode.Members(value, field, "map[string][]string")
            .Select(m => new KeyValuePair<string, IReadOnlyList<string>>(m.Key, JsonDecode.Texts(m.Value, field)))
            .OrderBy(m => m.Key, StringComparer.Ordinal),
    ];
}
