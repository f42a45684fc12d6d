using System.Collections.Immutable;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Local.Storage;

/// <summary>A check as it stands in its file. Without a definition it is one of maintenance mode.</summary>
internal sealed record PersistedCheck(
    string Id, string Name, string Notes, CheckStatus Status, string ServiceId, string ServiceName, ImmutableArray<string> ServiceTags, string Type, string Token,
    CheckDefinition? Definition)
{
    public static PersistedCheck Of(LocalCheck check) => new(
        check.Id, check.Name, check.Notes, check.Status, check.ServiceId, check.ServiceName, check.ServiceTags, check.Type, check.Token, check.Definition);

    public LocalCheck ToMaintenance() => new()
    {
        Id = Id,
        Name = Name,
        Notes = Notes,
        Status = CheckStatus.Critical,
        ServiceId = ServiceId,
        Type = MaintenanceMode.Type,
        Token = Token,
        Source = RegistrationSource.Api,
    };
}

/// <summary>The last report of a TTL check; worth nothing once <paramref name="Expires"/> has passed.</summary>
internal sealed record PersistedCheckState(string CheckId, string Output, CheckStatus Status, DateTimeOffset Expires);
