using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Endpoints;

/// <summary>A check as transactions give it: Consul decodes them by other structs than registrations, with other names in errors.</summary>
internal static class TxnCheckBody
{
    private const string Owner = "HealthCheck.Check.Check.";
    private const string DefinitionField = Owner + "Definition";

    public static CheckRecord Decode(GoJsonValue body)
    {
        var check = new CheckRecord { Node = string.Empty, CheckId = string.Empty, Status = string.Empty };
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, "CheckTxnOp.Check.Check", "api.HealthCheck"))
        {
            check = name.ToLowerInvariant() switch
            {
                "node" => check with { Node = JsonDecode.Text(value, Owner + "Node") },
                "checkid" => check with { CheckId = JsonDecode.Text(value, Owner + "CheckID") },
                "name" => check with { Name = JsonDecode.Text(value, Owner + "Name") },
                "status" => check with { Status = JsonDecode.Text(value, Owner + "Status") },
                "notes" => check with { Notes = JsonDecode.Text(value, Owner + "Notes") },
                "output" => check with { Output = JsonDecode.Text(value, Owner + "Output") },
                "serviceid" => check with { ServiceId = JsonDecode.Text(value, Owner + "ServiceID") },
                "servicename" => check with { ServiceName = JsonDecode.Text(value, Owner + "ServiceName") },
                "servicetags" => check with { ServiceTags = JsonDecode.Texts(value, Owner + "ServiceTags") },
                "type" => check with { Type = JsonDecode.Text(value, Owner + "Type") },
                "definition" => check with { Definition = value.IsNull ? null : Definition(value) },
                "createindex" or "namespace" => check,
                "modifyindex" => check with { ModifyIndex = JsonDecode.UInt(value, Owner + "ModifyIndex") },
                _ => throw JsonDecode.Unknown(name),
            };
        }

        return check;
    }

    private static CheckDefinitionRecord Definition(GoJsonValue body)
    {
        var definition = new CheckDefinitionRecord();
        foreach ((string name, GoJsonValue value) in JsonDecode.Members(body, DefinitionField, "api.HealthCheckDefinition"))
        {
            definition = name.ToLowerInvariant() switch
            {
                "http" => definition with { Http = JsonDecode.Text(value, DefinitionField) },
                "tlsskipverify" => definition with { TlsSkipVerify = JsonDecode.Bool(value, DefinitionField) },
                "header" => definition with { Header = CheckBody.Header(value, DefinitionField) },
                "method" => definition with { Method = JsonDecode.Text(value, DefinitionField) },
                "body" => definition with { Body = JsonDecode.Text(value, DefinitionField) },
                "tcp" => definition with { Tcp = JsonDecode.Text(value, DefinitionField) },
                "interval" => definition with { Interval = JsonDecode.Duration(value, DefinitionField) },
                "timeout" => definition with { Timeout = JsonDecode.Duration(value, DefinitionField) },
                "deregistercriticalserviceafter" => definition with { DeregisterCriticalServiceAfter = JsonDecode.Duration(value, DefinitionField) },
                _ => definition,
            };
        }

        return definition;
    }
}
