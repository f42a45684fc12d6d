using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Agent.Local.Storage;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Local;

/// <summary>
/// Registration as the agent's API and its configuration files mean it: one place that keeps the state, the running
/// checks and the files under the data directory in step. Changes are made one at a time.
/// </summary>
public sealed partial class LocalRegistry
{
    private readonly LocalState _state;
    private readonly ICheckRunner _runner;
    private readonly ISyncGate _gate;
    private readonly RegistrationStore? _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // Held for the whole of a change, file writes included, so that state and files never disagree about the last writer.
    private readonly Lock _lock = new();
    private volatile RegistryOptions _options;

    /// <summary>Without a store (<c>-dev</c>) nothing survives a restart.</summary>
    public LocalRegistry(
        LocalState state, ICheckRunner runner, ISyncGate gate, RegistrationStore? store, RegistryOptions options, TimeProvider time, ILogger logger)
    {
        _state = state;
        _runner = runner;
        _gate = gate;
        _store = store;
        _options = options;
        _time = time;
        _logger = logger;
    }

    public LocalState State => _state;

    public void Reconfigure(RegistryOptions options) => _options = options;

    /// <summary>
    /// Registers or replaces a service with its checks. Checks that exist keep their status and output, whatever the new
    /// definition says. Checks of the service that are not named stay, unless <paramref name="replaceExistingChecks"/>.
    /// </summary>
    /// <returns>The reason why not; then nothing has changed.</returns>
    public Refusal? RegisterService(ServiceDefinition definition, RegistrationSource source, bool replaceExistingChecks = false)
    {
        if (ServiceRules.Validate(definition) is { } invalid)
        {
            return Refusal.BadRequest(invalid);
        }

        if (definition.HasSidecarService)
        {
            return Refusal.BadRequest("connect.sidecar_service is not supported by this build");
        }

        lock (_lock)
        {
            return RegisterServiceLocked(definition, source, replaceExistingChecks, restored: false);
        }
    }

    /// <summary>Registers or replaces a check of the node or of a service.</summary>
    /// <returns>The reason why not; then nothing has changed.</returns>
    public Refusal? RegisterCheck(CheckDefinition definition, RegistrationSource source)
    {
        if (definition.Name.Length == 0)
        {
            return Refusal.BadRequest("Missing check name");
        }

        if (!definition.HasValidStatus)
        {
            return Refusal.BadRequest("Bad check status");
        }

        if (definition.Validate() is { } invalid)
        {
            return Refusal.BadRequest($"Invalid check: {invalid}");
        }

        lock (_lock)
        {
            return RegisterCheckLocked(definition with { Id = definition.Id.Length > 0 ? definition.Id : definition.Name }, source, restored: false);
        }
    }

    /// <summary>Removes a service and its checks; false when there is none.</summary>
    public bool DeregisterService(string id)
    {
        lock (_lock)
        {
            return DeregisterServiceLocked(id);
        }
    }

    /// <summary>Removes a check; false when there is none.</summary>
    public bool DeregisterCheck(string id)
    {
        lock (_lock)
        {
            return DeregisterCheckLocked(id);
        }
    }

    /// <summary>The report of a TTL check: pass, warn, fail and update of the API.</summary>
    public Refusal? UpdateTtl(string checkId, CheckStatus status, string output)
    {
        // Without the lock: reports come often, and from many at once.
        if (_runner.ReportTtl(checkId, status, output) is not { } kept)
        {
            return Refusal.Internal($"CheckID \"{checkId}\" does not have associated TTL");
        }

        if (_store is not null && _state.Current.Checks.TryGetValue(checkId, out LocalCheck? check) && check.Definition is { } definition)
        {
            // Also for checks from files, as in Consul: a restart must not forget that a service is well.
            _store.SaveState(new PersistedCheckState(checkId, kept, status, _time.GetUtcNow() + definition.Ttl));
        }

        return null;
    }

    /// <summary>Puts a service under maintenance; a second time changes nothing.</summary>
    public Refusal? EnableServiceMaintenance(string serviceId, string reason, string token)
    {
        lock (_lock)
        {
            if (!_state.Current.Services.TryGetValue(serviceId, out LocalService? service))
            {
                return new Refusal(RefusalKind.NotFound, $"No service registered with ID \"{serviceId}\"");
            }

            string id = MaintenanceMode.ServiceCheckId(serviceId);
            if (_state.Current.Checks.ContainsKey(id))
            {
                return null;
            }

            string notes = reason.Length > 0 ? reason : MaintenanceMode.DefaultServiceReason;
            PutMaintenance(new LocalCheck
            {
                Id = id,
                Name = MaintenanceMode.ServiceCheckName,
                Notes = notes,
                ServiceId = service.Id,
                ServiceName = service.Definition.Name,
                ServiceTags = service.Definition.Tags,
                Type = MaintenanceMode.Type,
                Token = token,
                Source = RegistrationSource.Api,
            });
            LogServiceMaintenanceEntered(_logger, serviceId);
            return null;
        }
    }

    public Refusal? DisableServiceMaintenance(string serviceId)
    {
        lock (_lock)
        {
            if (!_state.Current.Services.ContainsKey(serviceId))
            {
                return new Refusal(RefusalKind.NotFound, $"No service registered with ID \"{serviceId}\"");
            }

            if (DeregisterCheckLocked(MaintenanceMode.ServiceCheckId(serviceId)))
            {
                LogServiceMaintenanceLeft(_logger, serviceId);
            }

            return null;
        }
    }

    /// <summary>Puts the node under maintenance; a second time changes nothing.</summary>
    public void EnableNodeMaintenance(string reason, string token)
    {
        lock (_lock)
        {
            if (_state.Current.Checks.ContainsKey(MaintenanceMode.NodeCheckId))
            {
                return;
            }

            PutMaintenance(new LocalCheck
            {
                Id = MaintenanceMode.NodeCheckId,
                Name = MaintenanceMode.NodeCheckName,
                Notes = reason.Length > 0 ? reason : MaintenanceMode.DefaultNodeReason,
                Type = MaintenanceMode.Type,
                Token = token,
                Source = RegistrationSource.Api,
            });
            LogNodeMaintenanceEntered(_logger);
        }
    }

    public void DisableNodeMaintenance()
    {
        lock (_lock)
        {
            if (DeregisterCheckLocked(MaintenanceMode.NodeCheckId))
            {
                LogNodeMaintenanceLeft(_logger);
            }
        }
    }

    private void PutMaintenance(LocalCheck check)
    {
        _store?.SaveCheck(PersistedCheck.Of(check));

        // Its service was looked up under the same lock, so that it exists.
        if (_state.PutCheck(check) is { } refusal)
        {
            throw new InvalidOperationException(refusal.Text);
        }
    }

    private bool DeregisterServiceLocked(string id)
    {
        if (_state.RemoveService(id) is not { } checks)
        {
            LogServiceUnknown(_logger, id);
            return false;
        }

        foreach (string check in checks)
        {
            _runner.Stop(check);
            _store?.RemoveCheck(check);
        }

        _store?.RemoveService(id);
        LogServiceRemoved(_logger, id);
        return true;
    }

    private bool DeregisterCheckLocked(string id)
    {
        if (!_state.RemoveCheck(id))
        {
            return false;
        }

        _runner.Stop(id);
        _store?.RemoveCheck(id);
        LogCheckRemoved(_logger, id);
        return true;
    }
}
