using System.Globalization;
using System.Text;
using K8sConsul.Agent.Configuration;

namespace K8sConsul.Agent.Logging;

/// <summary>What the agent says of itself before its log begins. Tools and people read it.</summary>
public static class StartupBanner
{
    public const string Starting = "==> Starting Consul agent...\n";
    public const string LogFollows = "\n==> Log data will now stream in as it occurs:\n\n";
    public const string Running = "==> Consul agent running!\n";

    /// <summary>All colons stand in this column.</summary>
    private const int LabelWidth = 18;

    /// <summary>Between <see cref="Starting"/> and <see cref="LogFollows"/>.</summary>
    public static string Describe(RuntimeConfig config, string version, string nodeId)
    {
        string server = config.Server.Enabled ? "true" : "false";
        string bootstrap = config.Server.Bootstrap ? "true" : "false";
        string segment = config.Server.Enabled ? "<all>" : string.Empty;
        string gossip = config.Gossip.EncryptKey.IsEmpty ? "false" : "true";
        PortConfig ports = config.Ports;
        var text = new StringBuilder();
        Line("Version", $"'{version}'");
        Line("Node ID", $"'{nodeId}'");
        Line("Node name", $"'{config.Identity.NodeName}'");
        Line("Datacenter", $"'{config.Identity.Datacenter}' (Segment: '{segment}')");
        Line("Server", $"{server} (Bootstrap: {bootstrap})");
        Line("Client Addr", string.Create(
            CultureInfo.InvariantCulture,
            $"[{string.Join(' ', config.Addresses.Client)}] (HTTP: {ports.Http}, HTTPS: {ports.Https}, gRPC: {ports.Grpc}, DNS: {ports.Dns})"));
        Line("Cluster Addr", string.Create(
            CultureInfo.InvariantCulture, $"{config.Addresses.AdvertiseLan} (LAN: {ports.SerfLan}, WAN: {ports.SerfWan})"));
        Line("Encrypt", $"Gossip: {gossip}, TLS-Outgoing: false, TLS-Incoming: false, Auto-Encrypt-TLS: false");
        return text.ToString();

        void Line(string label, string value)
        {
            text.Append(label.PadLeft(LabelWidth)).Append(": ").Append(value).Append('\n');
        }
    }
}
