using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;
using K8sConsul.Contracts.Model;

namespace K8sConsul.Cli.Commands;

internal sealed class MaintCommand : ClientCommand
{
    private readonly Flag<bool> _disable;
    private readonly Flag<bool> _enable;
    private readonly Flag<string> _reason;
    private readonly Flag<string> _service;

    public MaintCommand(Terminal terminal)
        : base(terminal, ClientFlagSets.Client)
    {
        _disable = Flags.Bool("disable", "End maintenance.");
        _enable = Flags.Bool("enable", "Begin maintenance.");
        _reason = Flags.String("reason", "Why, for those who will wonder.");
        _service = Flags.String("service", "The ID of the service, instead of the whole node.");
    }

    protected override string UsageText => """
        Usage: consul maint [options]

          Takes a node or one of its services out of service, or back into it.
          While in maintenance it has a critical health check, so that DNS and
          queries for healthy instances pass it over.

          The reason, or a default text, stands in the notes of that check.

          Maintenance outlives a restart of the agent: it has to be ended.

          It is the node that is meant, unless -service names a service.

          Without -enable or -disable, what is in maintenance is listed; nothing
          is shown when nothing is.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (Complaint() is { } complaint)
        {
            return Fail(complaint);
        }

        using ConsulClient? client = TryConnect();
        if (client is null)
        {
            return ExitCode.Failure;
        }

        return _enable.Value ? Enable(client) : _disable.Value ? Disable(client) : List(client);
    }

    private string? Complaint()
    {
        if (_enable.Value && _disable.Value)
        {
            return "Only one of -enable or -disable may be provided";
        }

        if (!_enable.Value && _reason.Value.Length > 0)
        {
            return "Reason may only be provided with -enable";
        }

        return !_enable.Value && !_disable.Value && _service.Value.Length > 0 ? "Service requires either -enable or -disable" : null;
    }

    private int Enable(ConsulClient client)
    {
        if (_service.Value.Length == 0)
        {
            return Do(client, AgentApi.EnableNodeMaintenance(_reason.Value), "Error enabling node maintenance", "Node maintenance is now enabled");
        }

        return Do(
            client, AgentApi.EnableServiceMaintenance(_service.Value, _reason.Value), "Error enabling service maintenance",
            $"Service maintenance is now enabled for \"{_service.Value}\"");
    }

    private int Disable(ConsulClient client)
    {
        if (_service.Value.Length == 0)
        {
            return Do(client, AgentApi.DisableNodeMaintenance(), "Error disabling node maintenance", "Node maintenance is now disabled");
        }

        return Do(
            client, AgentApi.DisableServiceMaintenance(_service.Value), "Error disabling service maintenance",
            $"Service maintenance is now disabled for \"{_service.Value}\"");
    }

    private int Do(ConsulClient client, ConsulRequest<Nothing> request, string failed, string done)
    {
        if (!TrySend(client, request, failed, out _))
        {
            return ExitCode.Failure;
        }

        Terminal.Print(done);
        return ExitCode.Success;
    }

    /// <summary>The node first, then services by id.</summary>
    private int List(ConsulClient client)
    {
        if (!TrySend(client, AgentApi.Self(), "Error querying Consul agent", out AgentSelf self)
            || !TrySend(client, AgentApi.Checks(), "Error getting checks", out Dictionary<string, HealthCheck> checks))
        {
            return ExitCode.Failure;
        }

        foreach (HealthCheck check in checks.Values.OrderBy(check => check.CheckID, StringComparer.Ordinal))
        {
            if (check.CheckID == HealthCheck.NodeMaintenanceId)
            {
                Terminal.Print($"Node:\n  Name:   {self.Config.NodeName}\n  Reason: {check.Notes}\n");
            }
            else if (check.CheckID.StartsWith(HealthCheck.ServiceMaintenancePrefix, StringComparison.Ordinal))
            {
                Terminal.Print($"Service:\n  ID:     {check.ServiceID}\n  Reason: {check.Notes}\n");
            }
        }

        return ExitCode.Success;
    }
}
