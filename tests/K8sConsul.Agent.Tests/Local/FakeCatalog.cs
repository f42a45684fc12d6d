using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;

namespace K8sConsul.Agent.Tests.Local;

/// <summary>A catalog of one node, with the rules of the real one that matter to anti-entropy.</summary>
internal sealed class FakeCatalog : ICatalogSync
{
    public RemoteNode Node { get; set; } = new();

    public List<string> Requests { get; } = [];

    /// <summary>Answers instead of the catalog when it returns something.</summary>
    public Func<string, CatalogAnswer?> Interfere { get; set; } = static _ => null;

    public Action<string> Before { get; set; } = static _ => { };

    public ValueTask<RemoteRead> ReadAsync(string token, CancellationToken stop)
    {
        string request = $"read token={token}";
        Requests.Add(request);
        Before(request);
        return ValueTask.FromResult(Interfere(request) is { } answer ? new RemoteRead(answer, null) : new RemoteRead(CatalogAnswer.Done, Node));
    }

    public ValueTask<CatalogAnswer> RegisterAsync(CatalogRegistration registration, CancellationToken stop)
    {
        string request = $"register {(registration.Service is null && registration.Checks.IsEmpty ? "node " : "")}{(registration.Service is { } s ? $"service={s.Id} " : "")}"
            + $"{(registration.Checks.IsEmpty ? "" : $"checks={string.Join(',', registration.Checks.Select(static c => c.Id))} ")}token={registration.Token}{(registration.SkipNodeUpdate ? " skip" : "")}";
        Requests.Add(request);
        Before(request);
        if (Interfere(request) is { } answer)
        {
            return ValueTask.FromResult(answer);
        }

        Apply(registration);
        return ValueTask.FromResult(CatalogAnswer.Done);
    }

    public ValueTask<CatalogAnswer> DeregisterAsync(CatalogDeregistration deregistration, CancellationToken stop)
    {
        string request = $"deregister {(deregistration.ServiceId.Length > 0 ? $"service={deregistration.ServiceId}" : $"check={deregistration.CheckId}")} token={deregistration.Token}";
        Requests.Add(request);
        Before(request);
        if (Interfere(request) is { } answer)
        {
            return ValueTask.FromResult(answer);
        }

        Apply(deregistration);
        return ValueTask.FromResult(CatalogAnswer.Done);
    }

    public void Apply(CatalogRegistration registration)
    {
        RemoteNode node = Node;
        node = node with { Info = registration.SkipNodeUpdate && node.Info is not null ? node.Info : registration.Node };
        if (registration.Service is { } service)
        {
            node = node with { Services = node.Services.SetItem(service.Id, service) };
        }

        foreach (LocalCheck check in registration.Checks)
        {
            Assert.True(check.ServiceId.Length == 0 || node.Services.ContainsKey(check.ServiceId), $"check {check.Id} before its service");
            node = node with { Checks = node.Checks.SetItem(check.Id, ToRemote(check)) };
        }

        Node = node;
    }

    public void Apply(CatalogDeregistration deregistration)
    {
        Node = deregistration.ServiceId.Length > 0
            ? Node with
            {
                Services = Node.Services.Remove(deregistration.ServiceId),
                Checks = Node.Checks.RemoveRange(Node.Checks.Values.Where(c => c.ServiceId == deregistration.ServiceId).Select(static c => c.Id)),
            }
            : Node with { Checks = Node.Checks.Remove(deregistration.CheckId) };
    }

    public static RemoteCheck ToRemote(LocalCheck check) => new()
    {
        Id = check.Id,
        Name = check.Name,
        Status = check.Status.Text(),
        Notes = check.Notes,
        Output = check.Output,
        ServiceId = check.ServiceId,
        ServiceName = check.ServiceName,
        ServiceTags = check.ServiceTags,
        Type = check.Type,
    };
}

internal sealed class FakeTokens : ISyncTokens
{
    public string Agent { get; set; } = "agent";

    public string Default { get; set; } = "user";

    public string ConfigFileRegistration { get; set; } = "";
}
