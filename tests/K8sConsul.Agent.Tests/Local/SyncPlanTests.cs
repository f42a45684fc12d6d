using System.Collections.Immutable;
using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Tests;

namespace K8sConsul.Agent.Tests.Local;

public sealed class SyncPlanTests
{
    private static readonly NodeInfo Node = new() { Id = "id", Name = "n1", Address = "10.0.0.1" };

    /// <summary>
    /// Any local state against any catalog: carrying out the plan makes the catalog equal to the agent, every operation was
    /// needed, and the operations are those that a plain walk over both sides finds.
    /// </summary>
    [Fact]
    public void A_full_sync_makes_the_catalog_equal_and_does_nothing_else()
    {
        Random random = new(42);
        for (int round = 0; round < 4000; round++)
        {
            using LocalState state = new(new LocalStateOptions("n1", TimeSpan.FromMinutes(5)), new ManualTime(), static max => max);
            state.SetNode(Node);
            FillRandomly(state, random);
            FakeCatalog catalog = new() { Node = RandomRemote(state.Current, random) };
            RemoteNode before = catalog.Node;
            LocalSnapshot local = state.Current;

            (LocalSnapshot marked, IReadOnlyList<SyncOperation> operations) = SyncPlan.Of(
                local, Node, before, deferOutput: true, id => ServiceToken(local, id), id => CheckToken(local, id));
            Assert.Equal(NaiveOperations(local, before), operations.SelectMany(Describe).Order(StringComparer.Ordinal));
            foreach (SyncOperation operation in operations)
            {
                Execute(catalog, marked, operation);
            }

            Assert.Equal(Node, catalog.Node.Info);
            Assert.Equal(
                local.Services.Keys.Concat(before.Services.Keys.Where(static id => id == "consul")).Distinct().Order(StringComparer.Ordinal),
                catalog.Node.Services.Keys);
            Assert.All(marked.Services.Values, s => Assert.True(s.Definition.SameInCatalog(catalog.Node.Services[s.Id]), s.Id));
            Assert.Equal(
                local.Checks.Keys.Concat(before.Checks.Keys.Where(static id => id == "serfHealth")).Distinct().Order(StringComparer.Ordinal),
                catalog.Node.Checks.Keys);
            Assert.All(local.Checks.Values, c => Assert.True(SyncComparison.Same(c, catalog.Node.Checks[c.Id], compareOutput: !c.OutputDeferred || !marked.Checks[c.Id].InSync), c.Id));

            (_, IReadOnlyList<SyncOperation> again) = SyncPlan.Of(
                marked with { DeletedServices = [], DeletedChecks = marked.DeletedChecks.Clear() }, Node, catalog.Node, deferOutput: true, id => ServiceToken(local, id), id => CheckToken(local, id));
            Assert.Empty(again);
        }
    }

    [Fact]
    public void Tags_are_adopted_with_tag_override_only()
    {
        LocalSnapshot local = LocalSnapshot.Empty
            .WithService(Service("open", new ServiceDefinition { Id = "open", Name = "x", Tags = ["mine"], EnableTagOverride = true }))
            .WithService(Service("own", new ServiceDefinition { Id = "own", Name = "x", Tags = ["mine"] }));
        RemoteNode remote = new()
        {
            Info = Node,
            Services = ImmutableSortedDictionary.Create<string, ServiceDefinition>(StringComparer.Ordinal)
                .Add("open", new ServiceDefinition { Id = "open", Name = "x", Tags = ["theirs"], EnableTagOverride = true })
                .Add("own", new ServiceDefinition { Id = "own", Name = "x", Tags = ["theirs"] }),
        };
        LocalSnapshot marked = SyncComparison.Reconcile(local, Node, remote, deferOutput: true);
        Assert.Equal(["theirs"], marked.Services["open"].Definition.Tags);
        Assert.True(marked.Services["open"].InSync);
        Assert.NotEqual(local.Services["open"].ContentHash, marked.Services["open"].ContentHash);
        Assert.Equal(["mine"], marked.Services["own"].Definition.Tags);
        Assert.False(marked.Services["own"].InSync);
    }

    [Fact]
    public void Tagged_addresses_of_the_servers_are_taken_over()
    {
        LocalSnapshot local = LocalSnapshot.Empty.WithService(Service("web", new ServiceDefinition { Id = "web", Name = "web" }));
        ServiceDefinition there = new()
        {
            Id = "web",
            Name = "web",
            TaggedAddresses = ImmutableSortedDictionary.Create<string, ServiceAddress>(StringComparer.Ordinal).Add("consul-virtual", new("240.0.0.1", 80)),
        };
        RemoteNode remote = new() { Info = Node, Services = ImmutableSortedDictionary.Create<string, ServiceDefinition>(StringComparer.Ordinal).Add("web", there) };
        LocalSnapshot marked = SyncComparison.Reconcile(local, Node, remote, deferOutput: true);
        Assert.True(marked.Services["web"].InSync);
        Assert.Equal(new ServiceAddress("240.0.0.1", 80), marked.Services["web"].Definition.TaggedAddresses["consul-virtual"]);
    }

    [Fact]
    public void Checks_ride_with_their_service_under_the_same_token_only()
    {
        LocalSnapshot local = LocalSnapshot.Empty with { NodeInfoInSync = true };
        local = local.WithService(Service("web", new ServiceDefinition { Id = "web", Name = "web", Token = "a" }))
            .WithCheck(new LocalCheck { Id = "same", Name = "x", ServiceId = "web", Token = "a", Source = RegistrationSource.Api })
            .WithCheck(new LocalCheck { Id = "other", Name = "x", ServiceId = "web", Token = "b", Source = RegistrationSource.Api })
            .WithCheck(new LocalCheck { Id = "synced", Name = "x", ServiceId = "web", Token = "a", InSync = true, Source = RegistrationSource.Api });
        Assert.Equal(
            [new SyncOperation.Service("web", ["same"]), new SyncOperation.Check("other")],
            SyncPlan.Of(local, id => local.Services[id].Token, id => local.Checks[id].Token));
    }

    private static LocalService Service(string id, ServiceDefinition definition) =>
        new() { Definition = definition with { Id = id }, Source = RegistrationSource.Api, ContentHash = ContentHash.Of(definition) };

    private static void FillRandomly(LocalState state, Random random)
    {
        for (int i = random.Next(0, 5); i > 0; i--)
        {
            state.PutService(RandomService($"s{random.Next(6)}", random) with { Token = random.Next(2) == 0 ? "" : "t" }, RegistrationSource.Api, []);
        }

        for (int i = random.Next(0, 7); i > 0; i--)
        {
            string service = random.Next(3) == 0 ? "" : $"s{random.Next(6)}";
            _ = state.PutCheck(new LocalCheck
            {
                Id = $"c{random.Next(8)}",
                Name = $"n{random.Next(2)}",
                ServiceId = service,
                Status = (CheckStatus)random.Next(3),
                Token = random.Next(3) == 0 ? "t" : "",
                Source = RegistrationSource.Api,
            });
        }

        foreach (string id in state.Current.Checks.Keys)
        {
            if (random.Next(3) == 0)
            {
                state.UpdateCheck(id, state.Current.Checks[id].Status, "deferred");
            }
        }
    }

    private static ServiceDefinition RandomService(string id, Random random) => new()
    {
        Id = id,
        Name = $"n{random.Next(2)}",
        Port = random.Next(2),
        Tags = random.Next(2) == 0 ? [] : [$"t{random.Next(2)}"],
        EnableTagOverride = random.Next(4) == 0,
    };

    private static RemoteNode RandomRemote(LocalSnapshot local, Random random)
    {
        RemoteNode node = new() { Info = random.Next(3) == 0 ? null : random.Next(3) == 0 ? Node with { Address = "other" } : Node };
        foreach (LocalService service in local.Services.Values)
        {
            if (random.Next(3) > 0)
            {
                node = node with { Services = node.Services.Add(service.Id, random.Next(3) == 0 ? RandomService(service.Id, random) : service.Definition) };
            }
        }

        foreach (string id in new[] { "s7", "s8", "consul" }.Where(_ => random.Next(2) == 0))
        {
            node = node with { Services = node.Services.SetItem(id, RandomService(id, random)) };
        }

        foreach (LocalCheck check in local.Checks.Values)
        {
            if (random.Next(3) > 0 && (check.ServiceId.Length == 0 || node.Services.ContainsKey(check.ServiceId)))
            {
                RemoteCheck there = FakeCatalog.ToRemote(check);
                node = node with { Checks = node.Checks.Add(check.Id, random.Next(3) switch { 0 => there with { Status = "odd" }, 1 => there with { Output = "older" }, _ => there }) };
            }
        }

        foreach (string id in new[] { "c8", "c9", "serfHealth" }.Where(_ => random.Next(2) == 0))
        {
            string service = node.Services.Keys.FirstOrDefault(_ => random.Next(2) == 0) ?? "";
            node = node with { Checks = node.Checks.SetItem(id, new RemoteCheck { Id = id, ServiceId = id == "serfHealth" ? "" : service }) };
        }

        return node;
    }

    /// <summary>Each thing that has to be sent, found by looking at one after the other.</summary>
    private static IEnumerable<string> NaiveOperations(LocalSnapshot local, RemoteNode remote)
    {
        List<string> result = [];
        if (!Node.Equals(remote.Info))
        {
            result.Add("node");
        }

        List<string> gone = [.. remote.Services.Keys.Where(id => !local.Services.ContainsKey(id) && id != "consul").Union(local.DeletedServices)];
        result.AddRange(gone.Select(static id => $"remove service {id}"));
        foreach (LocalService service in local.Services.Values)
        {
            ServiceDefinition wanted = service.Definition;
            bool same = remote.Services.TryGetValue(service.Id, out ServiceDefinition? there)
                && (wanted.EnableTagOverride ? wanted with { Tags = there.Tags } : wanted).SameInCatalog(there);
            if (!same)
            {
                result.Add($"service {service.Id}");
            }
        }

        foreach (LocalCheck check in local.Checks.Values)
        {
            if (!remote.Checks.TryGetValue(check.Id, out RemoteCheck? there)
                || there.Status != check.Status.Text() || there.Name != check.Name || there.ServiceId != check.ServiceId || there.ServiceName != check.ServiceName
                || !there.ServiceTags.SequenceEqual(check.ServiceTags) || (there.Output != check.Output && !check.OutputDeferred))
            {
                result.Add($"check {check.Id}");
            }
        }

        foreach ((string id, string serviceId) in remote.Checks.ToDictionary(static c => c.Key, static c => c.Value.ServiceId)
            .Where(c => !local.Checks.ContainsKey(c.Key) && c.Key != "serfHealth"))
        {
            if (!gone.Contains(serviceId))
            {
                result.Add($"remove check {id}");
            }
        }

        return result.Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Describe(SyncOperation operation) => operation switch
    {
        SyncOperation.NodeInfo => ["node"],
        SyncOperation.Service service => [$"service {service.Id}", .. service.CheckIds.Select(static id => $"check {id}")],
        SyncOperation.RemoveService service => [$"remove service {service.Id}"],
        SyncOperation.Check check => [$"check {check.Id}"],
        SyncOperation.RemoveCheck check => [$"remove check {check.Id}"],
        _ => throw new InvalidOperationException(),
    };

    private static void Execute(FakeCatalog catalog, LocalSnapshot local, SyncOperation operation)
    {
        CatalogRegistration registration = new() { Node = Node, SkipNodeUpdate = false, Token = "" };
        switch (operation)
        {
            case SyncOperation.NodeInfo:
                catalog.Apply(registration);
                break;
            case SyncOperation.Service service:
                catalog.Apply(registration with { Service = local.Services[service.Id].Definition, Checks = [.. service.CheckIds.Select(id => local.Checks[id])] });
                break;
            case SyncOperation.Check check:
                catalog.Apply(registration with { Checks = [local.Checks[check.Id]] });
                break;
            case SyncOperation.RemoveService service:
                catalog.Apply(new CatalogDeregistration("n1", service.Id, "", ""));
                break;
            case SyncOperation.RemoveCheck check:
                catalog.Apply(new CatalogDeregistration("n1", "", check.Id, ""));
                break;
        }
    }

    private static string ServiceToken(LocalSnapshot local, string id) => local.Services[id].Token;

    private static string CheckToken(LocalSnapshot local, string id) => local.Checks[id].Token;
}
