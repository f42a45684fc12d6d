using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;
using K8sConsul.Go;

namespace K8sConsul.Cli.Commands.Operator;

/// <summary>Reads the configuration, changes what the flags name, and writes it back unless somebody else was faster.</summary>
internal sealed class AutopilotSetConfigCommand : OperatorCommand
{
    private readonly Flag<bool?> _cleanupDeadServers;
    private readonly Flag<bool?> _disableUpgradeMigration;
    private readonly Flag<TimeSpan?> _lastContactThreshold;
    private readonly Flag<ulong?> _maxTrailingLogs;
    private readonly Flag<ulong?> _minQuorum;
    private readonly Flag<string?> _redundancyZoneTag;
    private readonly Flag<TimeSpan?> _serverStabilizationTime;
    private readonly Flag<string?> _upgradeVersionTag;

    public AutopilotSetConfigCommand(Terminal terminal)
        : base(terminal)
    {
        _cleanupDeadServers = Flags.Optional("cleanup-dead-servers", "Whether dead servers are taken out of the cluster by themselves, when a new one has been added and now and then. One of `true|false`.", FlagKinds.ConsulBool);
        _disableUpgradeMigration = Flags.Optional("disable-upgrade-migration", "(Enterprise-only) Whether new servers get their vote without waiting until they can take over from those of an older version. One of `true|false`.", FlagKinds.ConsulBool);
        _lastContactThreshold = Flags.Optional("last-contact-threshold", "A server that has not heard the leader for longer is unhealthy. A duration such as `200ms`.", FlagKinds.ConsulDuration);
        _maxTrailingLogs = Flags.Optional("max-trailing-logs", "A server whose log is more entries behind the leader's is unhealthy.", FlagKinds.ConsulUint);
        _minQuorum = Flags.Optional("min-quorum", "Dead servers are only taken out while at least this many stay.", FlagKinds.ConsulUint);
        _redundancyZoneTag = Flags.Optional("redundancy-zone-tag", "(Enterprise-only) The key of node_meta that tells the redundancy zone of a server.", FlagKinds.ConsulString);
        _serverStabilizationTime = Flags.Optional("server-stabilization-time", "How long a new server must be healthy before it gets its vote. A duration such as `10s`.", FlagKinds.ConsulDuration);
        _upgradeVersionTag = Flags.Optional("upgrade-version-tag", "(Enterprise-only) The key of node_meta that tells the version of a server when migrating; without it the version of Consul counts.", FlagKinds.ConsulString);
    }

    protected override string UsageText => """
        Usage: consul operator autopilot set-config [options]

          Changes how Autopilot is configured. What no flag names stays as it is.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        using ConsulClient? client = TryConnect();
        if (client is null || !TrySend(client, OperatorApi.Autopilot(), AutopilotGetConfigCommand.Failed, out AutopilotConfiguration config))
        {
            return ExitCode.Failure;
        }

        config.CleanupDeadServers = _cleanupDeadServers.Value ?? config.CleanupDeadServers;
        config.DisableUpgradeMigration = _disableUpgradeMigration.Value ?? config.DisableUpgradeMigration;
        config.LastContactThreshold = Text(_lastContactThreshold.Value) ?? config.LastContactThreshold;
        config.MaxTrailingLogs = _maxTrailingLogs.Value ?? config.MaxTrailingLogs;
        config.MinQuorum = _minQuorum.Value ?? config.MinQuorum;
        config.RedundancyZoneTag = _redundancyZoneTag.Value ?? config.RedundancyZoneTag;
        config.ServerStabilizationTime = Text(_serverStabilizationTime.Value) ?? config.ServerStabilizationTime;
        config.UpgradeVersionTag = _upgradeVersionTag.Value ?? config.UpgradeVersionTag;
        if (!TrySend(client, OperatorApi.SetAutopilot(config, config.ModifyIndex), "Error setting Autopilot configuration", out bool isWritten))
        {
            return ExitCode.Failure;
        }

        Terminal.Print(isWritten ? "Configuration updated!" : "Configuration could not be atomically updated, please try again");
        return isWritten ? ExitCode.Success : ExitCode.Failure;
    }

    private static string? Text(TimeSpan? duration) => duration is { } given ? GoDuration.Format(given) : null;
}
