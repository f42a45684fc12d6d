using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;
using K8sConsul.Go;

namespace K8sConsul.Cli.Commands.Operator;

internal sealed class AutopilotGetConfigCommand(Terminal terminal) : OperatorCommand(terminal)
{
    internal const string Failed = "Error querying Autopilot configuration";

    protected override string UsageText => """
        Usage: consul operator autopilot get-config [options]

          Shows how Autopilot is configured.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        using ConsulClient? client = TryConnect();
        if (client is null || !TrySend(client, OperatorApi.Autopilot(Http.Query), Failed, out AutopilotConfiguration config))
        {
            return ExitCode.Failure;
        }

        Terminal.Print(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"""
            CleanupDeadServers = {Text(config.CleanupDeadServers)}
            LastContactThreshold = {config.LastContactThreshold}
            MaxTrailingLogs = {config.MaxTrailingLogs}
            MinQuorum = {config.MinQuorum}
            ServerStabilizationTime = {config.ServerStabilizationTime}
            RedundancyZoneTag = {GoText.Quote(config.RedundancyZoneTag)}
            DisableUpgradeMigration = {Text(config.DisableUpgradeMigration)}
            UpgradeVersionTag = {GoText.Quote(config.UpgradeVersionTag)}
            """));
        return ExitCode.Success;
    }
}
