using System.Collections.Immutable;
using System.Globalization;
using K8sConsul.Agent.Checks;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Agent.Local.Storage;
using K8sConsul.Go;

namespace K8sConsul.Agent.Local;

public sealed partial class LocalRegistry
{
    private Refusal? RegisterServiceLocked(ServiceDefinition given, RegistrationSource source, bool replaceExistingChecks, bool restored)
    {
        ServiceDefinition service = given.Normalized();
        List<CheckDefinition> definitions = ChecksOf(service);
        foreach (CheckDefinition definition in definitions)
        {
            if (Refuse(definition, source) is { } refusal)
            {
                return refusal;
            }
        }

        LocalSnapshot before = _state.Current;
        List<LocalCheck> checks = [.. definitions.Select(d => ToCheck(d, service, source, before))];
        SaveService(service, checks, source, restored);
        _gate.Pause();
        try
        {
            if (replaceExistingChecks)
            {
                HashSet<string> kept = [.. checks.Select(static c => c.Id)];
                foreach (LocalCheck old in before.ChecksOf(service.Id))
                {
                    if (!kept.Contains(old.Id))
                    {
                        DeregisterCheckLocked(old.Id);
                    }
                }
            }

            _state.PutService(service, source, checks);
            foreach (LocalCheck check in checks)
            {
                _runner.Start(check.Id, check.Definition!);
            }

        }
        finally
        {
            _gate.Resume();
        }

        return null;
    }

    private Refusal? RegisterCheckLocked(CheckDefinition definition, RegistrationSource source, bool restored)
    {
        if (Refuse(definition, source) is { } refusal)
        {
            return refusal;
        }

        LocalService? service = null;
        if (definition.ServiceId.Length > 0 && !_state.Current.Services.TryGetValue(definition.ServiceId, out service))
        {
            return Refusal.Internal($"ServiceID \"{definition.ServiceId}\" does not exist");
        }

        LocalCheck check = ToCheck(Effective(definition), service?.Definition, source, _state.Current);
        if (source == RegistrationSource.Api && !restored)
        {
            _store?.SaveCheck(PersistedCheck.Of(check));
        }

        if (_state.PutCheck(check) is { } gone)
        {
            return gone;
        }

        _runner.Start(check.Id, check.Definition!);
        return null;
    }

    /// <summary>Before anything is changed: what cannot be saved is not registered.</summary>
    private void SaveService(ServiceDefinition service, List<LocalCheck> checks, RegistrationSource source, bool restored)
    {
        if (_store is null || restored)
        {
            return;
        }

        if (source == RegistrationSource.Config)
        {
            // A file has taken the service over: what the API had saved would fight it at the next start.
            _store.RemoveService(service.Id);
            return;
        }

        _store.SaveService(service with { Checks = [] });
        foreach (LocalCheck check in checks)
        {
            _store.SaveCheck(PersistedCheck.Of(check));
        }
    }

    private Refusal? Refuse(CheckDefinition definition, RegistrationSource source)
    {
        RegistryOptions options = _options;
        Refusal? disabled = source switch
        {
            _ when !definition.IsScript => null,
            RegistrationSource.Config when !options.EnableLocalScriptChecks && !options.EnableScriptChecks => Refusal.Internal(
                "Scripts are disabled on this agent; to enable, configure 'enable_script_checks' or 'enable_local_script_checks' to true"),
            RegistrationSource.Api when !options.EnableScriptChecks => Refusal.Internal(
                "Scripts are disabled on this agent from remote calls; to enable, configure 'enable_script_checks' to true"),
            _ => null,
        };
        return disabled ?? (definition.Unsupported() is { } unsupported ? Refusal.BadRequest(unsupported) : null);
    }

    /// <summary>The service's checks with their ids and names; <c>{}</c> is none.</summary>
    private List<CheckDefinition> ChecksOf(ServiceDefinition service)
    {
        ImmutableArray<CheckDefinition> given = [.. service.Checks.Where(static c => !c.IsEmpty)];
        List<CheckDefinition> result = [];
        for (int i = 0; i < given.Length; i++)
        {
            CheckDefinition check = given[i];
            string id = check.Id.Length > 0 ? check.Id
                : given.Length == 1 ? $"service:{service.Id}"
                : string.Create(CultureInfo.InvariantCulture, $"service:{service.Id}:{i + 1}");
            result.Add(Effective(check with
            {
                Id = id,
                Name = check.Name.Length > 0 ? check.Name : $"Service '{service.Name}' check",
                ServiceId = service.Id,
                Token = check.Token.Length > 0 ? check.Token : service.Token,
            }));
        }

        return result;
    }

    /// <summary>With the floors applied, each with its warning.</summary>
    private CheckDefinition Effective(CheckDefinition check)
    {
        if (check.Interval > TimeSpan.Zero && check.Interval < CheckScheduler.IntervalMin)
        {
            LogIntervalBelowMinimum(_logger, check.Id, GoDuration.Format(CheckScheduler.IntervalMin));
            check = check with { Interval = CheckScheduler.IntervalMin };
        }

        TimeSpan min = _options.DeregisterIntervalMin;
        if (check.DeregisterCriticalServiceAfter > TimeSpan.Zero && check.DeregisterCriticalServiceAfter < min)
        {
            LogDeregisterBelowMinimum(_logger, check.Id, GoDuration.Format(min));
            check = check with { DeregisterCriticalServiceAfter = min };
        }

        return check;
    }

    private LocalCheck ToCheck(CheckDefinition definition, ServiceDefinition? service, RegistrationSource source, LocalSnapshot before)
    {
        CheckStatus status = CheckStatus.Critical;
        string output = "";
        if (before.Checks.TryGetValue(definition.Id, out LocalCheck? old))
        {
            // Against flapping: whoever registers the same check again (a deployment, a reload) has not measured anything.
            status = old.Status;
            output = old.Output;
        }
        else if (definition.Status.Length > 0)
        {
            _ = CheckStatusText.TryParse(definition.Status, out status);
        }

        if (old is null && definition.Kind == CheckKind.Ttl && _store?.LoadState(definition.Id, _time.GetUtcNow()) is { } saved)
        {
            status = saved.Status;
            output = saved.Output;
        }

        return new LocalCheck
        {
            Id = definition.Id,
            Name = definition.Name,
            Notes = definition.Notes,
            Status = status,
            Output = output,
            ServiceId = service?.Id ?? "",
            ServiceName = service?.Name ?? "",
            ServiceTags = service?.Tags ?? [],
            Type = definition.TypeName,
            Definition = definition,
            Token = definition.Token,
            Source = source,
        };
    }
}
