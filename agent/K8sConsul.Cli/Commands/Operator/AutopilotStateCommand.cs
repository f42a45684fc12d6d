using System.Globalization;
using System.Text;
using System.Text.Json;
using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;
using K8sConsul.Go;

namespace K8sConsul.Cli.Commands.Operator;

/// <summary>Of Consul 1.9 and later.</summary>
internal sealed class AutopilotStateCommand : OperatorCommand
{
    private const string Pretty = "pretty";

    private readonly Flag<string> _format;

    public AutopilotStateCommand(Terminal terminal)
        : base(terminal)
    {
        _format = Flags.String("format", "How to print it: pretty or json.", Pretty);
    }

    protected override string UsageText => """
        Usage: consul operator autopilot state [options]

          Shows what Autopilot knows of the servers.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (_format.Value is not (Pretty or "json"))
        {
            return Fail($"Unknown format: {_format.Value}");
        }

        using ConsulClient? client = TryConnect();
        if (client is null || !TrySend(client, OperatorApi.State(Http.Query), "Error querying Autopilot state", out AutopilotState state))
        {
            return ExitCode.Failure;
        }

        Terminal.Print(_format.Value == Pretty ? Format(state) : Json(state));
        return ExitCode.Success;
    }

    private static string Json(AutopilotState state)
    {
        var options = new JsonSerializerOptions(ConsulJsonContext.Default.Options) { WriteIndented = true, IndentSize = 4, NewLine = "\n" };
        return JsonSerializer.Serialize(state, new ConsulJsonContext(options).AutopilotState);
    }

    private static string Format(AutopilotState state)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Healthy:                      {Text(state.Healthy)}\n");
        text.Append(CultureInfo.InvariantCulture, $"Failure Tolerance:            {state.FailureTolerance}\n");
        text.Append(CultureInfo.InvariantCulture, $"Optimistic Failure Tolerance: {state.OptimisticFailureTolerance}\n");
        text.Append(CultureInfo.InvariantCulture, $"Leader:                       {state.Leader}\n");
        text.Append("Voters:\n");
        foreach (string voter in state.Voters)
        {
            text.Append(CultureInfo.InvariantCulture, $"   {voter}\n");
        }

        text.Append("Servers:\n");
        foreach (AutopilotServerState server in state.Servers.Values.OrderBy(server => server.ID, StringComparer.Ordinal))
        {
            Append(text, server);
        }

        return text.ToString().TrimEnd('\n');
    }

    private static void Append(StringBuilder text, AutopilotServerState server)
    {
        text.Append(CultureInfo.InvariantCulture, $"   {server.ID}\n");
        foreach ((string label, string value) in (ReadOnlySpan<(string, string)>)
        [
            ("Name:", server.Name),
            ("Address:", server.Address),
            ("Version:", server.Version),
            ("Status:", server.Status),
            ("Node Type:", server.NodeType),
            ("Node Status:", server.NodeStatus),
            ("Healthy:", Text(server.Healthy)),
            ("Last Contact:", server.LastContact),
            ("Last Term:", server.LastTerm.ToString(CultureInfo.InvariantCulture)),
            ("Last Index:", server.LastIndex.ToString(CultureInfo.InvariantCulture)),
        ])
        {
            text.Append(CultureInfo.InvariantCulture, $"      {label,-17}{value}\n");
        }

        if (server.Meta is { Count: > 0 } meta)
        {
            text.Append("      Meta\n");
            foreach ((string key, string value) in meta.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"         {GoText.Quote(key)}: {GoText.Quote(value)}\n");
            }
        }
    }
}
