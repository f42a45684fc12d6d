using System.Collections.Immutable;
using System.Text.Json;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local.Storage;

internal static partial class RegistrationJson
{
    public static void Write(Utf8JsonWriter json, PersistedCheck check, string nodeName)
    {
        json.WriteStartObject();
        json.WriteStartObject("Check");
        json.WriteString("Node", nodeName);
        json.WriteString("CheckID", check.Id);
        json.WriteString("Name", check.Name);
        json.WriteString("Status", check.Status.Text());
        json.WriteString("Notes", check.Notes);
        json.WriteString("Output", "");
        json.WriteString("ServiceID", check.ServiceId);
        json.WriteString("ServiceName", check.ServiceName);
        WriteTexts(json, "ServiceTags", check.ServiceTags);
        json.WriteString("Type", check.Type);
        json.WriteEndObject();
        if (check.Definition is { } definition)
        {
            json.WritePropertyName("ChkType");
            WriteKind(json, definition);
        }
        else
        {
            json.WriteNull("ChkType");
        }

        json.WriteString("Token", check.Token);
        json.WriteString("Source", "remote");
        json.WriteEndObject();
    }

    public static PersistedCheck? ReadCheck(JsonElement root)
    {
        JsonElement json = root.GetProperty("Check");
        string id = Text(json, "CheckID");
        if (id.Length == 0)
        {
            return null;
        }

        string token = Text(root, "Token");
        _ = CheckStatusText.TryParse(Text(json, "Status"), out CheckStatus status);
        CheckDefinition? definition = root.TryGetProperty("ChkType", out JsonElement kind) && kind.ValueKind == JsonValueKind.Object
            ? ReadKind(kind) with { Id = id, Name = Text(json, "Name"), Notes = Text(json, "Notes"), ServiceId = Text(json, "ServiceID"), Token = token }
            : null;
        return new PersistedCheck(
            id, Text(json, "Name"), Text(json, "Notes"), status, Text(json, "ServiceID"), Text(json, "ServiceName"), [.. Texts(json, "ServiceTags")],
            Text(json, "Type"), token, definition);
    }

    private static void WriteKind(Utf8JsonWriter json, CheckDefinition check)
    {
        json.WriteStartObject();
        json.WriteString("CheckID", check.Id);
        json.WriteString("Name", check.Name);
        json.WriteString("Status", check.Status);
        json.WriteString("Notes", check.Notes);
        WriteTexts(json, "ScriptArgs", check.ScriptArgs);
        json.WriteString("HTTP", check.Http);
        json.WriteStartObject("Header");
        foreach ((string name, ImmutableArray<string> values) in check.Header)
        {
            WriteTexts(json, name, values);
        }

        json.WriteEndObject();
        json.WriteString("Method", check.Method);
        json.WriteString("Body", check.Body);
        json.WriteString("TCP", check.Tcp);
        WriteDuration(json, "Interval", check.Interval);
        json.WriteString("AliasNode", check.AliasNode);
        json.WriteString("AliasService", check.AliasService);
        json.WriteString("DockerContainerID", check.DockerContainerId);
        json.WriteString("Shell", check.Shell);
        json.WriteString("GRPC", check.Grpc);
        json.WriteBoolean("GRPCUseTLS", check.GrpcUseTls);
        json.WriteBoolean("TLSSkipVerify", check.TlsSkipVerify);
        WriteDuration(json, "Timeout", check.Timeout);
        WriteDuration(json, "TTL", check.Ttl);
        json.WriteNumber("SuccessBeforePassing", check.SuccessBeforePassing);
        json.WriteNumber("FailuresBeforeCritical", check.FailuresBeforeCritical);
        WriteDuration(json, "DeregisterCriticalServiceAfter", check.DeregisterCriticalServiceAfter);
        json.WriteNumber("OutputMaxSize", check.OutputMaxSize);
        WriteLaterFields(json, check);
        json.WriteEndObject();
    }

    /// <summary>What 1.8 does not know is written only where it says something: 1.8 refuses a file with a name that it does not know.</summary>
    private static void WriteLaterFields(Utf8JsonWriter json, CheckDefinition check)
    {
        WriteIfAny(json, "UDP", check.Udp);
        WriteIfAny(json, "H2PING", check.H2Ping);
        WriteIfAny(json, "OSService", check.OsService);
        WriteIfAny(json, "TLSServerName", check.TlsServerName);
        if (!check.H2PingUseTls)
        {
            json.WriteBoolean("H2PingUseTLS", false);
        }

        if (check.TcpUseTls)
        {
            json.WriteBoolean("TCPUseTLS", true);
        }

        if (check.DisableRedirects)
        {
            json.WriteBoolean("DisableRedirects", true);
        }

        if (check.FailuresBeforeWarning != 0)
        {
            json.WriteNumber("FailuresBeforeWarning", check.FailuresBeforeWarning);
        }
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }

    private static CheckDefinition ReadKind(JsonElement json) => new()
    {
        Status = Text(json, "Status"),
        ScriptArgs = [.. Texts(json, "ScriptArgs")],
        Http = Text(json, "HTTP"),
        Header = Members(json, "Header").ToImmutableSortedDictionary(
            static m => m.Name, static m => m.Value.EnumerateArray().Select(static v => v.GetString() ?? "").ToImmutableArray(), StringComparer.Ordinal),
        Method = Text(json, "Method"),
        Body = Text(json, "Body"),
        Tcp = Text(json, "TCP"),
        Interval = Duration(json, "Interval"),
        AliasNode = Text(json, "AliasNode"),
        AliasService = Text(json, "AliasService"),
        DockerContainerId = Text(json, "DockerContainerID"),
        Shell = Text(json, "Shell"),
        Grpc = Text(json, "GRPC"),
        GrpcUseTls = Bool(json, "GRPCUseTLS"),
        TlsSkipVerify = Bool(json, "TLSSkipVerify"),
        Timeout = Duration(json, "Timeout"),
        Ttl = Duration(json, "TTL"),
        SuccessBeforePassing = Int(json, "SuccessBeforePassing"),
        FailuresBeforeCritical = Int(json, "FailuresBeforeCritical"),
        DeregisterCriticalServiceAfter = Duration(json, "DeregisterCriticalServiceAfter"),
        OutputMaxSize = Int(json, "OutputMaxSize"),
        Udp = Text(json, "UDP"),
        H2Ping = Text(json, "H2PING"),
        H2PingUseTls = !json.TryGetProperty("H2PingUseTLS", out _) || Bool(json, "H2PingUseTLS"),
        TcpUseTls = Bool(json, "TCPUseTLS"),
        OsService = Text(json, "OSService"),
        DisableRedirects = Bool(json, "DisableRedirects"),
        TlsServerName = Text(json, "TLSServerName"),
        FailuresBeforeWarning = Int(json, "FailuresBeforeWarning"),
    };
}
