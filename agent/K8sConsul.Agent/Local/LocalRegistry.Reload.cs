using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Agent.Local.Storage;

namespace K8sConsul.Agent.Local;

public sealed partial class LocalRegistry
{
    /// <summary>What the API says before the reason; a file's mistake has words of its own.</summary>
    private const string InvalidCheck = "Invalid check: ";

    /// <summary>
    /// Makes the services and checks from files exactly these: new ones are added, others replaced with their status
    /// kept, and those that are no longer named removed. What the API registered stays, unless a file takes it over.
    /// </summary>
    /// <returns>What was refused, with the text that says which; the rest is in place.</returns>
    public IReadOnlyList<Refusal> ReplaceConfigured(IReadOnlyCollection<ServiceDefinition> services, IReadOnlyCollection<CheckDefinition> checks)
    {
        List<Refusal> refused = [];
        lock (_lock)
        {
            _gate.Pause();
            try
            {
                HashSet<string> wantedServices = [.. services.Select(static s => s.EffectiveId)];
                foreach (LocalService old in _state.Current.Services.Values)
                {
                    if (old.Source == RegistrationSource.Config && !wantedServices.Contains(old.Id))
                    {
                        DeregisterServiceLocked(old.Id);
                    }
                }

                HashSet<string> wantedChecks = new(StringComparer.Ordinal);
                foreach (ServiceDefinition service in services)
                {
                    wantedChecks.UnionWith(ChecksOf(service.Normalized()).Select(static c => c.Id));
                    if (RefuseFromFile(service) is { } refusal)
                    {
                        refused.Add(refusal);
                    }
                }

                foreach (CheckDefinition check in checks)
                {
                    wantedChecks.Add(check.Id.Length > 0 ? check.Id : check.Name);
                    if (RegisterCheck(check, RegistrationSource.Config) is { } refusal)
                    {
                        refused.Add(refusal with { Text = $"Failed to register check '{check.Name}': {refusal.Text}" });
                    }
                }

                foreach (LocalCheck old in _state.Current.Checks.Values)
                {
                    if (old.Source == RegistrationSource.Config && !wantedChecks.Contains(old.Id))
                    {
                        DeregisterCheckLocked(old.Id);
                    }
                }
            }
            finally
            {
                _gate.Resume();
            }
        }

        return refused;
    }

    /// <summary>
    /// Registers what the API had registered before the last stop. Call after the services from files: those win. A
    /// service or check that was written by something else, or is damaged, is logged and left out.
    /// </summary>
    public void Restore()
    {
        if (_store is null)
        {
            return;
        }

        lock (_lock)
        {
            _gate.Pause();
            try
            {
                foreach (ServiceDefinition service in _store.LoadServices())
                {
                    if (_state.Current.Services.ContainsKey(service.EffectiveId))
                    {
                        LogServiceExists(_logger, service.EffectiveId);
                        _store.RemoveService(service.EffectiveId);
                    }
                    else if (RegisterServiceLocked(service, RegistrationSource.Api, replaceExistingChecks: false, restored: true) is { } refusal)
                    {
                        LogNotRestored(_logger, service.EffectiveId, refusal.Text);
                    }
                }

                foreach (PersistedCheck check in _store.LoadChecks())
                {
                    RestoreCheck(check);
                }
            }
            finally
            {
                _gate.Resume();
            }
        }
    }

    private void RestoreCheck(PersistedCheck check)
    {
        if (_state.Current.Checks.ContainsKey(check.Id))
        {
            LogCheckExists(_logger, check.Id);
            _store!.RemoveCheck(check.Id);
            return;
        }

        Refusal? refusal;
        if (check.Definition is { } definition)
        {
            // Critical until its first result: what was true before the stop need not be now. TTL checks have their own memory.
            refusal = RegisterCheckLocked(definition with { Status = "" }, RegistrationSource.Api, restored: true);
        }
        else
        {
            refusal = _state.PutCheck(check.ToMaintenance());
        }

        if (refusal is not null)
        {
            // Its service's file is damaged, or scripts were switched off meanwhile. The file stays: once the cause is
            // mended the next start restores the check (Consul deletes it here).
            LogNotRestored(_logger, check.Id, refusal.Text);
        }
    }

    private Refusal? RefuseFromFile(ServiceDefinition service)
    {
        Refusal? refusal = RegisterService(service, RegistrationSource.Config, replaceExistingChecks: false);
        if (refusal is null)
        {
            return null;
        }

        return refusal with
        {
            Text = service.Name.Length == 0 ? "Failed to register service \"\": Service name missing" : refusal.Text.StartsWith(InvalidCheck, StringComparison.Ordinal)
                ? $"Failed to validate checks for service \"{service.Name}\": {refusal.Text[InvalidCheck.Length..]}"
                : $"Failed to register service \"{service.Name}\": {refusal.Text}",
        };
    }
}
