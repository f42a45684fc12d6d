using K8sConsul.Agent.Local;
using K8sConsul.Contracts.GoJson;
using K8sConsul.Server.Api.Shapes;
using K8sConsul.State.Records;

namespace K8sConsul.Agent.Api;

/// <summary>The agent's own services as its API shows them; the catalog shows them with other members and another null.</summary>
internal static class LocalJson
{
    /// <param name="contentHash">Only the endpoint of a single service shows it.</param>
    public static void WriteService(GoJsonWriter json, LocalService service, string? contentHash = null)
    {
        ServiceRecord record = LocalRecords.Service(service.Definition, string.Empty);
        json.BeginObject();
        if (record.Kind.Length > 0)
        {
            json.Name("Kind"u8);
            json.String(record.Kind);
        }

        json.Name("ID"u8);
        json.String(record.Id);
        json.Name("Service"u8);
        json.String(record.Service);
        json.Name("Tags"u8);
        RecordJson.WriteTexts(json, record.Tags);
        json.Name("Meta"u8);
        RecordJson.WriteMap(json, record.Meta ?? StringMap.Empty);
        json.Name("Port"u8);
        json.Number(record.Port);
        json.Name("Address"u8);
        json.String(record.Address);
        if (record.TaggedAddresses.Count > 0)
        {
            json.Name("TaggedAddresses"u8);
            RecordJson.WriteTaggedAddresses(json, record.TaggedAddresses);
        }

        json.Name("Weights"u8);
        RecordJson.WriteWeights(json, record.Weights);
        json.Name("EnableTagOverride"u8);
        json.Bool(record.EnableTagOverride);
        if (contentHash is not null)
        {
            json.Name("ContentHash"u8);
            json.String(contentHash);
        }

        if (record.Proxy is not null)
        {
            json.Name("Proxy"u8);
            ProxyJson.Write(json, record.Proxy, catalogForm: false);
        }

        if (record.ConnectNative)
        {
            json.Name("Connect"u8);
            RecordJson.WriteConnect(json, native: true);
        }

        json.EndObject();
    }

    /// <summary>A check with its definition spelled out in zero values, as the health endpoints of the agent show it.</summary>
    public static void WriteHealthCheck(GoJsonWriter json, LocalCheck check, string node)
    {
        CheckRecord record = LocalRecords.Check(check, node);
        json.BeginObject();
        json.Name("Node"u8);
        json.String(record.Node);
        json.Name("CheckID"u8);
        json.String(record.CheckId);
        json.Name("Name"u8);
        json.String(record.Name);
        json.Name("Status"u8);
        json.String(record.Status);
        json.Name("Notes"u8);
        json.String(record.Notes);
        json.Name("Output"u8);
        json.String(record.Output);
        json.Name("ServiceID"u8);
        json.String(record.ServiceId);
        json.Name("ServiceName"u8);
        json.String(record.ServiceName);
        json.Name("ServiceTags"u8);
        if (record.ServiceTags.Count == 0)
        {
            json.Null();
        }
        else
        {
            RecordJson.WriteTexts(json, record.ServiceTags);
        }

        json.Name("Type"u8);
        json.String(string.Empty);
        json.Name("Definition"u8);
        json.BeginObject();
        json.Name("Interval"u8);
        json.String("0s");
        json.Name("Timeout"u8);
        json.String("0s");
        json.Name("DeregisterCriticalServiceAfter"u8);
        json.String("0s");
        json.Name("HTTP"u8);
        json.String(string.Empty);
        json.Name("Header"u8);
        json.Null();
        json.Name("Method"u8);
        json.String(string.Empty);
        json.Name("Body"u8);
        json.String(string.Empty);
        json.Name("TLSSkipVerify"u8);
        json.Bool(value: false);
        json.Name("TCP"u8);
        json.String(string.Empty);
        json.EndObject();
        json.Name("CreateIndex"u8);
        json.Number(0);
        json.Name("ModifyIndex"u8);
        json.Number(0);
        json.EndObject();
    }
}
