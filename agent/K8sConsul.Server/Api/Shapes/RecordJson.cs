using K8sConsul.Contracts.GoJson;
using K8sConsul.Go;
using K8sConsul.State.Records;

namespace K8sConsul.Server.Api.Shapes;

/// <summary>The records of the state as clients see them; members in wire order, null and empty as Consul has them.</summary>
public static class RecordJson
{
    public static void WriteKv(GoJsonWriter json, KvRecord entry)
    {
        json.BeginObject();
        json.Name("LockIndex"u8);
        json.Number(entry.LockIndex);
        json.Name("Key"u8);
        json.String(entry.Key);
        json.Name("Flags"u8);
        json.Number(entry.Flags);
        json.Name("Value"u8);
        if (entry.Value.Length == 0)
        {
            json.Null();
        }
        else
        {
            json.Base64(entry.Value);
        }

        if (entry.Session.Length > 0)
        {
            json.Name("Session"u8);
            json.String(entry.Session);
        }

        WriteIndexes(json, entry.CreateIndex, entry.ModifyIndex);
        json.EndObject();
    }

    public static void WriteSession(GoJsonWriter json, SessionRecord session)
    {
        json.BeginObject();
        json.Name("ID"u8);
        json.String(session.Id);
        json.Name("Name"u8);
        json.String(session.Name);
        json.Name("Node"u8);
        json.String(session.Node);
        json.Name("LockDelay"u8);
        json.Number(session.LockDelay.Ticks * TimeSpan.NanosecondsPerTick);
        json.Name("Behavior"u8);
        json.String(session.Behavior);
        json.Name("TTL"u8);
        json.String(session.Ttl);
        json.Name("NodeChecks"u8);
        WriteTexts(json, session.NodeChecks);
        json.Name("ServiceChecks"u8);
        if (session.ServiceChecks.Count == 0)
        {
            json.Null();
        }
        else
        {
            json.BeginArray();
            foreach (SessionServiceCheck check in session.ServiceChecks)
            {
                json.BeginObject();
                json.Name("ID"u8);
                json.String(check.Id);
                json.Name("Namespace"u8);
                json.String(check.Namespace);
                json.EndObject();
            }

            json.EndArray();
        }

        WriteIndexes(json, session.CreateIndex, session.ModifyIndex);
        json.EndObject();
    }

    public static void WriteNode(GoJsonWriter json, NodeRecord node)
    {
        json.BeginObject();
        json.Name("ID"u8);
        json.String(node.Id);
        json.Name("Node"u8);
        json.String(node.Node);
        json.Name("Address"u8);
        json.String(node.Address);
        json.Name("Datacenter"u8);
        json.String(node.Datacenter);
        json.Name("TaggedAddresses"u8);
        WriteMap(json, node.TaggedAddresses);
        json.Name("Meta"u8);
        WriteMap(json, node.Meta);
        WriteIndexes(json, node.CreateIndex, node.ModifyIndex);
        json.EndObject();
    }

    /// <summary>A service as it stands inside a node, a health entry or a transaction.</summary>
    /// <param name="tagsNullable">Whether absent tags are <c>null</c>, as in transactions, or an empty list.</param>
    public static void WriteNodeService(GoJsonWriter json, ServiceRecord service, bool tagsNullable = false)
    {
        json.BeginObject();
        if (service.Kind.Length > 0)
        {
            json.Name("Kind"u8);
            json.String(service.Kind);
        }

        json.Name("ID"u8);
        json.String(service.Id);
        json.Name("Service"u8);
        json.String(service.Service);
        json.Name("Tags"u8);
        if (tagsNullable && service.Tags.Count == 0)
        {
            json.Null();
        }
        else
        {
            WriteTexts(json, service.Tags);
        }

        json.Name("Address"u8);
        json.String(service.Address);
        if (service.TaggedAddresses.Count > 0)
        {
            json.Name("TaggedAddresses"u8);
            WriteTaggedAddresses(json, service.TaggedAddresses);
        }

        json.Name("Meta"u8);
        WriteMap(json, service.Meta);
        json.Name("Port"u8);
        json.Number(service.Port);
        json.Name("Weights"u8);
        WriteWeights(json, service.Weights);
        json.Name("EnableTagOverride"u8);
        json.Bool(service.EnableTagOverride);
        json.Name("Proxy"u8);
        ProxyJson.Write(json, service.Proxy, catalogForm: true);
        json.Name("Connect"u8);
        WriteConnect(json, service.ConnectNative);
        WriteIndexes(json, service.CreateIndex, service.ModifyIndex);
        json.EndObject();
    }

    /// <summary>An instance flattened with its node, as <c>/v1/catalog/service</c> lists it.</summary>
    public static void WriteCatalogService(GoJsonWriter json, NodeRecord node, ServiceRecord service)
    {
        json.BeginObject();
        json.Name("ID"u8);
        json.String(node.Id);
        json.Name("Node"u8);
        json.String(node.Node);
        json.Name("Address"u8);
        json.String(node.Address);
        json.Name("Datacenter"u8);
        json.String(node.Datacenter);
        json.Name("TaggedAddresses"u8);
        WriteMap(json, node.TaggedAddresses);
        json.Name("NodeMeta"u8);
        WriteMap(json, node.Meta);
        json.Name("ServiceKind"u8);
        json.String(service.Kind);
        json.Name("ServiceID"u8);
        json.String(service.Id);
        json.Name("ServiceName"u8);
        json.String(service.Service);
        json.Name("ServiceTags"u8);
        WriteTexts(json, service.Tags);
        json.Name("ServiceAddress"u8);
        json.String(service.Address);
        if (service.TaggedAddresses.Count > 0)
        {
            json.Name("ServiceTaggedAddresses"u8);
            WriteTaggedAddresses(json, service.TaggedAddresses);
        }

        json.Name("ServiceWeights"u8);
        WriteWeights(json, service.Weights);
        json.Name("ServiceMeta"u8);
        WriteMap(json, service.Meta ?? StringMap.Empty);
        json.Name("ServicePort"u8);
        json.Number(service.Port);
        json.Name("ServiceEnableTagOverride"u8);
        json.Bool(service.EnableTagOverride);
        json.Name("ServiceProxy"u8);
        ProxyJson.Write(json, service.Proxy, catalogForm: true);
        json.Name("ServiceConnect"u8);
        WriteConnect(json, service.ConnectNative);
        WriteIndexes(json, service.CreateIndex, service.ModifyIndex);
        json.EndObject();
    }

    public static void WriteCheck(GoJsonWriter json, CheckRecord check) => WriteCheck(json, check, tagsNullable: false);

    /// <param name="tagsNullable">Transactions show absent tags as null.</param>
    public static void WriteCheck(GoJsonWriter json, CheckRecord check, bool tagsNullable)
    {
        json.BeginObject();
        json.Name("Node"u8);
        json.String(check.Node);
        json.Name("CheckID"u8);
        json.String(check.CheckId);
        json.Name("Name"u8);
        json.String(check.Name);
        json.Name("Status"u8);
        json.String(check.Status);
        json.Name("Notes"u8);
        json.String(check.Notes);
        json.Name("Output"u8);
        json.String(check.Output);
        json.Name("ServiceID"u8);
        json.String(check.ServiceId);
        json.Name("ServiceName"u8);
        json.String(check.ServiceName);
        json.Name("ServiceTags"u8);
        if (tagsNullable && check.ServiceTags.Count == 0)
        {
            json.Null();
        }
        else
        {
            WriteTexts(json, check.ServiceTags);
        }

        json.Name("Type"u8);
        json.String(check.Type);
        json.Name("Definition"u8);
        WriteDefinition(json, check.Definition);
        WriteIndexes(json, check.CreateIndex, check.ModifyIndex);
        json.EndObject();
    }

    public static void WriteHealth(GoJsonWriter json, K8sConsul.State.HealthRecord entry)
    {
        json.BeginObject();
        json.Name("Node"u8);
        WriteNode(json, entry.Node);
        json.Name("Service"u8);
        WriteNodeService(json, entry.Service);
        json.Name("Checks"u8);
        json.BeginArray();
        foreach (CheckRecord check in entry.Checks)
        {
            WriteCheck(json, check);
        }

        json.EndArray();
        json.EndObject();
    }

    public static void WriteCoordinate(GoJsonWriter json, CoordinateRecord coordinate)
    {
        json.BeginObject();
        json.Name("Node"u8);
        json.String(coordinate.Node);
        json.Name("Segment"u8);
        json.String(coordinate.Segment);
        json.Name("Coord"u8);
        json.BeginObject();
        json.Name("Vec"u8);
        json.BeginArray();
        foreach (double component in coordinate.Vec)
        {
            json.Number(component);
        }

        json.EndArray();
        json.Name("Error"u8);
        json.Number(coordinate.Error);
        json.Name("Adjustment"u8);
        json.Number(coordinate.Adjustment);
        json.Name("Height"u8);
        json.Number(coordinate.Height);
        json.EndObject();
        json.EndObject();
    }

    public static void WriteTexts(GoJsonWriter json, IReadOnlyList<string> texts)
    {
        json.BeginArray();
        foreach (string text in texts)
        {
            json.String(text);
        }

        json.EndArray();
    }

    public static void WriteMap(GoJsonWriter json, StringMap? map)
    {
        if (map is null)
        {
            json.Null();
            return;
        }

        json.BeginObject();
        foreach ((string key, string value) in map)
        {
            json.Name(key);
            json.String(value);
        }

        json.EndObject();
    }

    public static void WriteTaggedAddresses(GoJsonWriter json, IReadOnlyList<TaggedAddress> addresses)
    {
        json.BeginObject();
        foreach (TaggedAddress tagged in addresses)
        {
            json.Name(tagged.Name);
            json.BeginObject();
            json.Name("Address"u8);
            json.String(tagged.Address);
            json.Name("Port"u8);
            json.Number(tagged.Port);
            json.EndObject();
        }

        json.EndObject();
    }

    public static void WriteWeights(GoJsonWriter json, ServiceWeights weights)
    {
        json.BeginObject();
        json.Name("Passing"u8);
        json.Number(weights.Passing);
        json.Name("Warning"u8);
        json.Number(weights.Warning);
        json.EndObject();
    }

    public static void WriteConnect(GoJsonWriter json, bool native)
    {
        json.BeginObject();
        if (native)
        {
            json.Name("Native"u8);
            json.Bool(value: true);
        }

        json.EndObject();
    }

    private static void WriteDefinition(GoJsonWriter json, CheckDefinitionRecord? definition)
    {
        json.BeginObject();
        if (definition is not null)
        {
            WriteDuration(json, "Interval"u8, definition.Interval);
            if (definition.OutputMaxSize > 0)
            {
                json.Name("OutputMaxSize"u8);
                json.Number(definition.OutputMaxSize);
            }

            WriteDuration(json, "Timeout"u8, definition.Timeout);
            WriteDuration(json, "DeregisterCriticalServiceAfter"u8, definition.DeregisterCriticalServiceAfter);
            WriteUnlessEmpty(json, "HTTP"u8, definition.Http);
            WriteIfTrue(json, "TLSSkipVerify"u8, definition.TlsSkipVerify);

            if (definition.Header.Count > 0)
            {
                json.Name("Header"u8);
                json.BeginObject();
                foreach ((string name, IReadOnlyList<string> values) in definition.Header)
                {
                    json.Name(name);
                    WriteTexts(json, values);
                }

                json.EndObject();
            }

            WriteUnlessEmpty(json, "Method"u8, definition.Method);
            WriteUnlessEmpty(json, "Body"u8, definition.Body);
            WriteUnlessEmpty(json, "TCP"u8, definition.Tcp);
            if (definition.ScriptArgs.Count > 0)
            {
                json.Name("ScriptArgs"u8);
                WriteTexts(json, definition.ScriptArgs);
            }

            WriteUnlessEmpty(json, "DockerContainerID"u8, definition.DockerContainerId);
            WriteUnlessEmpty(json, "Shell"u8, definition.Shell);
            WriteUnlessEmpty(json, "GRPC"u8, definition.Grpc);
            WriteIfTrue(json, "GRPCUseTLS"u8, definition.GrpcUseTls);
            WriteUnlessEmpty(json, "AliasNode"u8, definition.AliasNode);
            WriteUnlessEmpty(json, "AliasService"u8, definition.AliasService);
            if (definition.Ttl != TimeSpan.Zero)
            {
                // Consul's own words for durations leave this one out.
                json.Name("TTL"u8);
                json.Number(definition.Ttl.Ticks * TimeSpan.NanosecondsPerTick);
            }
        }

        json.EndObject();
    }

    private static void WriteIfTrue(GoJsonWriter json, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
        {
            json.Name(name);
            json.Bool(value: true);
        }
    }

    private static void WriteDuration(GoJsonWriter json, ReadOnlySpan<byte> name, TimeSpan value)
    {
        if (value != TimeSpan.Zero)
        {
            json.Name(name);
            json.String(new GoDuration(value.Ticks * TimeSpan.NanosecondsPerTick).ToString());
        }
    }

    private static void WriteUnlessEmpty(GoJsonWriter json, ReadOnlySpan<byte> name, string value)
    {
        if (value.Length > 0)
        {
            json.Name(name);
            json.String(value);
        }
    }

    private static void WriteIndexes(GoJsonWriter json, ulong create, ulong modify)
    {
        json.Name("CreateIndex"u8);
        json.Number(create);
        json.Name("ModifyIndex"u8);
        json.Number(modify);
    }
}
