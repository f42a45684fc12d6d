using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Agent.Local;

/// <summary>The agent's services and checks at one moment. Never changes; readers keep it as long as they like.</summary>
public sealed record LocalSnapshot
{
    // Before Empty, which is made with it.
    private static readonly ImmutableSortedSet<string> NoIds = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public static readonly LocalSnapshot Empty = new();

    /// <summary>By id, in byte order.</summary>
    public ImmutableSortedDictionary<string, LocalService> Services { get; init; } = ImmutableSortedDictionary.Create<string, LocalService>(StringComparer.Ordinal);

    /// <summary>By id, in byte order.</summary>
    public ImmutableSortedDictionary<string, LocalCheck> Checks { get; init; } = ImmutableSortedDictionary.Create<string, LocalCheck>(StringComparer.Ordinal);

    /// <summary>Gone here, and maybe still in the catalog.</summary>
    internal ImmutableSortedSet<string> DeletedServices { get; init; } = NoIds;

    /// <summary>Gone here, and maybe still in the catalog; the value is the service that the check belonged to, or empty.</summary>
    internal ImmutableSortedDictionary<string, string> DeletedChecks { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    internal bool NodeInfoInSync { get; init; }

    /// <summary>Check ids by service id; those of the node are under the empty id. Exactly the ids of <see cref="Checks"/>.</summary>
    internal ImmutableDictionary<string, ImmutableSortedSet<string>> CheckIdsByService { get; init; } =
        ImmutableDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal);

    /// <summary>Checks of one service, or of the node for the empty id, in order of their ids.</summary>
    public IEnumerable<LocalCheck> ChecksOf(string serviceId)
    {
        foreach (string id in CheckIdsByService.GetValueOrDefault(serviceId, NoIds))
        {
            yield return Checks[id];
        }
    }

    public bool TryGetService(string id, [NotNullWhen(true)] out LocalService? service) => Services.TryGetValue(id, out service);

    internal LocalSnapshot WithCheck(LocalCheck check)
    {
        ImmutableDictionary<string, ImmutableSortedSet<string>> index = CheckIdsByService;
        if (Checks.TryGetValue(check.Id, out LocalCheck? old) && !string.Equals(old.ServiceId, check.ServiceId, StringComparison.Ordinal))
        {
            index = Unindex(index, old);
        }

        ImmutableSortedSet<string> ids = index.GetValueOrDefault(check.ServiceId, NoIds);
        if (!ids.Contains(check.Id))
        {
            index = index.SetItem(check.ServiceId, ids.Add(check.Id));
        }

        return this with { Checks = Checks.SetItem(check.Id, check), CheckIdsByService = index, DeletedChecks = DeletedChecks.Remove(check.Id) };
    }

    /// <summary>Takes the check out; it stays to be deregistered from the catalog.</summary>
    internal LocalSnapshot WithoutCheck(LocalCheck check) => this with
    {
        Checks = Checks.Remove(check.Id),
        CheckIdsByService = Unindex(CheckIdsByService, check),
        DeletedChecks = DeletedChecks.SetItem(check.Id, check.ServiceId),
    };

    internal LocalSnapshot WithService(LocalService service) => this with
    {
        Services = Services.SetItem(service.Id, service),
        DeletedServices = DeletedServices.Remove(service.Id),
    };

    internal LocalSnapshot WithoutService(string id) => this with { Services = Services.Remove(id), DeletedServices = DeletedServices.Add(id) };

    private static ImmutableDictionary<string, ImmutableSortedSet<string>> Unindex(ImmutableDictionary<string, ImmutableSortedSet<string>> index, LocalCheck check)
    {
        ImmutableSortedSet<string> rest = index[check.ServiceId].Remove(check.Id);
        return rest.IsEmpty ? index.Remove(check.ServiceId) : index.SetItem(check.ServiceId, rest);
    }
}
