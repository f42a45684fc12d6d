using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.State.Tests.Support;
using K8sConsul.State.Watching;

namespace K8sConsul.State.Tests.Rules;

/// <summary>Which index each catalog and health read reports, and whom a change wakes.</summary>
public sealed class CatalogIndexTests
{
    private readonly TestStore _store = new();

    private ulong Health(string service) => _store.Now.ServiceHealth(service).Index;

    private ulong Catalog(string service) => _store.Now.ServiceInstances(service).Index;

    private void GivenTwoNodesWithWebAndDb()
    {
        _store.Node("n1");
        _store.Node("n2");
        _store.Service("n1", "web");
        _store.Service("n2", "web");
        _store.Service("n2", "db");
    }

    [Fact]
    public void A_service_with_instances_reports_its_own_index()
    {
        GivenTwoNodesWithWebAndDb();
        ulong web = Health("web");
        ulong db = _store.Service("n2", "db", port: 81);
        Assert.Equal(db, Health("db"));
        Assert.Equal(db, Catalog("db"));
        Assert.Equal(web, Health("web"));
        Assert.Equal(web, Catalog("WEB"));
    }

    [Fact]
    public void A_service_that_never_was_reports_the_tables_until_a_first_extinction()
    {
        _store.Node("n");
        ulong service = _store.Service("n", "web");
        ulong check = _store.Check("n", "c");
        Assert.Equal(check, Health("missing"));
        Assert.Equal(service, Catalog("missing"));
        ulong gone = _store.Deregister("n", service: "web");
        _store.Service("n", "db");
        Assert.Equal(gone, Health("missing"));
        Assert.Equal(gone, Catalog("missing"));
    }

    [Fact]
    public void Losing_the_last_instance_reports_an_index_above_all_before()
    {
        GivenTwoNodesWithWebAndDb();
        ulong before = Health("db");
        ulong gone = _store.Deregister("n2", service: "db");
        Assert.Equal(gone, Health("db"));
        Assert.True(gone > before);
        Assert.Null(_store.Now.Tables.Indexes.Get(StateKeys.Folded("service.db")));

        // Losing one of two is a change of the service, not an extinction.
        ulong oneLess = _store.Deregister("n2", service: "web");
        Assert.Equal(oneLess, Health("web"));
        Assert.Equal(gone, Health("db"));
    }

    [Fact]
    public void Deregistering_a_node_bumps_every_service_it_hosted()
    {
        GivenTwoNodesWithWebAndDb();
        ulong gone = _store.Deregister("n2");
        Assert.Equal(gone, Health("web"));
        Assert.Equal(gone, Health("db"));
        Assert.Single(_store.Now.ServiceHealth("web").Instances);
    }

    /// <summary>Consul 1.8.7 leaves the old name without an index here, so that its watchers miss the loss.</summary>
    [Fact]
    public void An_instance_that_changes_its_service_name_is_a_loss_to_the_old_one()
    {
        _store.Node("n");
        _store.Service("n", "web", id: "s1");
        ulong renamed = _store.Service("n", "api", id: "s1");
        Assert.Equal(renamed, Health("web"));
        Assert.Equal(renamed, Health("api"));
        Assert.Empty(_store.Now.ServiceHealth("web").Instances);
        Assert.Single(_store.Now.ServiceHealth("api").Instances);
    }

    [Fact]
    public void A_change_of_the_node_record_bumps_its_services_and_nobody_elses()
    {
        GivenTwoNodesWithWebAndDb();
        _store.Node("n3");
        ulong other = _store.Service("n3", "other");
        ulong moved = _store.Node("n2", address: "10.9.9.9");
        Assert.Equal((moved, moved, other), (Health("web"), Health("db"), Health("other")));
        Assert.Equal(moved, _store.Now.NodeList().Index);
        ulong meta = _store.Node("n2", address: "10.9.9.9", meta: StringMap.Of(("k", "v")));
        Assert.Equal((meta, other), (Health("db"), Health("other")));
    }

    [Fact]
    public void A_check_of_an_instance_bumps_its_service_alone()
    {
        GivenTwoNodesWithWebAndDb();
        ulong web = Health("web");
        ulong db = _store.Check("n2", "c", service: "db");
        Assert.Equal((db, web), (Health("db"), Health("web")));
        db = _store.Check("n2", "c", CheckStatus.Critical, service: "db");
        Assert.Equal((db, web), (Health("db"), Health("web")));
        db = _store.Deregister("n2", check: "c");
        Assert.Equal((db, web), (Health("db"), Health("web")));
        Assert.Equal(db, _store.Now.ChecksInState("any").Index);
    }

    [Fact]
    public void A_node_level_check_bumps_every_service_of_its_node()
    {
        GivenTwoNodesWithWebAndDb();
        _store.Node("n3");
        ulong other = _store.Service("n3", "other");
        foreach (string status in (string[])[CheckStatus.Passing, CheckStatus.Critical])
        {
            ulong changed = _store.Check("n2", "mem", status);
            Assert.Equal((changed, changed, other), (Health("web"), Health("db"), Health("other")));
        }

        ulong removed = _store.Deregister("n2", check: "mem");
        Assert.Equal((removed, removed, other), (Health("web"), Health("db"), Health("other")));
    }

    [Fact]
    public void A_check_that_moves_to_another_service_bumps_both()
    {
        GivenTwoNodesWithWebAndDb();
        _store.Check("n2", "c", service: "web");
        ulong moved = _store.Check("n2", "c", service: "db");
        Assert.Equal((moved, moved), (Health("web"), Health("db")));
        Assert.Empty(_store.Now.ChecksOfService("web").Checks);
        Assert.Single(_store.Now.ChecksOfService("db").Checks);
    }

    [Fact]
    public void Identical_registrations_move_nothing_and_wake_nobody()
    {
        _store.Node("n", meta: StringMap.Of(("a", "b")));
        _store.Service("n", "web");
        _store.Check("n", "c", service: "web");
        _store.Check("n", "nc");
        ulong health = Health("web");
        using var watches = new WatchSet();
        ulong nodes = _store.Now.NodeList(watches).Index;
        ulong services = _store.Now.ServiceList(watches).Index;
        ulong checks = _store.Now.ChecksInState("any", watches).Index;
        _store.Now.ServiceHealth("web", watches);
        _store.Node("n", meta: StringMap.Of(("a", "b")));
        _store.Service("n", "web");
        _store.Check("n", "c", service: "web");
        _store.Check("n", "nc");
        Assert.Equal(
            (nodes, services, checks, health),
            (_store.Now.NodeList().Index, _store.Now.ServiceList().Index, _store.Now.ChecksInState("any").Index, Health("web")));
        Assert.False(watches.Signalled.IsCompleted);
        Assert.True(_store.Now.AppliedIndex > health);
    }

    [Fact]
    public void Each_table_has_its_own_index()
    {
        ulong node = _store.Node("n");
        ulong service = _store.Service("n", "web");
        ulong check = _store.Check("n", "c");
        ulong session = _store.Session("s", "n");
        ulong coordinate = _store.Apply(new CoordinateCommand([new CoordinateRecord { Node = "n", Vec = new double[8] }]));
        ulong kv = _store.Put("k");
        StateSnapshot now = _store.Now;
        Assert.Equal(
            [node, service, check, session, coordinate, kv],
            [
                now.NodeList().Index, now.ServiceList().Index, now.ChecksInState("passing").Index, now.SessionList().Index,
                now.CoordinateList().Index, now.KvTableIndex(),
            ]);
        Assert.Equal([check, check, service, service], [
            now.ChecksOfNode("n").Index, now.ChecksOfService("web").Index, now.NodeServices("n").Index, now.ServiceListByNodeMeta().Index,
        ]);
        Assert.Equal([session, session, coordinate], [
            now.SessionGet("s").Index, now.SessionsOfNode("n").Index, now.CoordinatesOfNode("n").Index,
        ]);
    }

    [Fact]
    public void Health_shows_node_checks_first_then_those_of_the_instance()
    {
        _store.Node("n");
        _store.Service("n", "web");
        _store.Service("n", "db");
        _store.Check("n", "z-node");
        _store.Check("n", "b-web", service: "web");
        _store.Check("n", "a-web", service: "web");
        _store.Check("n", "db", service: "db");
        _store.Check("n", CheckRecord.SerfHealthId);
        HealthRecord instance = Assert.Single(_store.Now.ServiceHealth("web").Instances);
        Assert.Equal([CheckRecord.SerfHealthId, "z-node", "a-web", "b-web"], instance.Checks.Select(check => check.CheckId));
        Assert.Equal(("n", "web"), (instance.Node.Node, instance.Service.Id));
    }

    [Fact]
    public void A_check_carries_name_and_tags_of_its_service_as_they_were_when_it_was_registered()
    {
        _store.Node("n");
        _store.Service("n", "web", like: new ServiceRecord { Node = "n", Id = "web", Service = "web", Tags = ["v1"] });
        _store.Check("n", "c", service: "web");
        _store.Service("n", "web", like: new ServiceRecord { Node = "n", Id = "web", Service = "web", Tags = ["v2"] });
        Assert.Equal(["v1"], _store.Now.Check("n", "c")!.ServiceTags);
        Assert.Equal("web", _store.Now.Check("n", "c")!.ServiceName);
    }

    [Fact]
    public void A_check_without_status_is_critical_and_any_status_text_is_kept()
    {
        _store.Node("n");
        _store.Check("n", "none", status: string.Empty);
        _store.Check("n", "odd", status: "weird");
        Assert.Equal(CheckStatus.Critical, _store.Now.Check("n", "none")!.Status);
        Assert.Equal(["odd"], _store.Now.ChecksInState("weird").Checks.Select(check => check.CheckId));
        Assert.Equal(["none"], _store.Now.ChecksInState("critical").Checks.Select(check => check.CheckId));
        Assert.Equal(2, _store.Now.ChecksInState("any").Checks.Count());
        Assert.Empty(_store.Now.ChecksInState("passing").Checks);
    }

    [Fact]
    public void A_watcher_of_a_missing_service_wakes_when_it_appears()
    {
        GivenTwoNodesWithWebAndDb();
        _store.Deregister("n2", service: "db");
        using var watches = new WatchSet();
        ulong waited = _store.Now.ServiceHealth("db", watches).Index;
        ulong appeared = _store.Service("n1", "db");
        Assert.True(watches.Signalled.IsCompleted);
        Assert.Equal(appeared, Health("db"));
        Assert.True(appeared > waited);
    }

    [Fact]
    public void A_watcher_of_one_service_sleeps_through_changes_of_others()
    {
        GivenTwoNodesWithWebAndDb();
        _store.Service("n1", "webby");
        using var watches = new WatchSet();
        _store.Now.ServiceHealth("web", watches);
        _store.Service("n2", "db", port: 99);
        _store.Service("n1", "webby", port: 98);
        _store.Deregister("n2", service: "db");
        _store.Put("k");
        Assert.False(watches.Signalled.IsCompleted);
        _store.Check("n1", "c", service: "web");
        Assert.True(watches.Signalled.IsCompleted);
    }

    [Fact]
    public void Mesh_instances_are_proxies_for_a_service_and_native_instances_of_it()
    {
        _store.Node("n");
        _store.Proxy("n", "p1", "web");
        _store.Service("n", "web", like: new ServiceRecord { Node = "n", Id = "web", Service = "web", ConnectNative = true });
        _store.Service("n", "web", id: "plain");
        Assert.Equal(["p1", "web"], _store.Now.ConnectInstances("web").Services.Select(service => service.Id).Order());
        Assert.Equal(["p1", "web"], _store.Now.ConnectHealth("web").Instances.Select(instance => instance.Service.Id).Order());
        Assert.Empty(_store.Now.ConnectInstances("proxy").Services);
    }

    /// <summary>Consul 1.8.7 reports the older extinction or the remaining service here, below what its watchers have seen.</summary>
    [Fact]
    public void Losing_a_mesh_instance_is_never_hidden()
    {
        _store.Node("n");
        _store.Service("n", "other");
        _store.Deregister("n", service: "other");
        _store.Proxy("n", "p1", "web", service: "proxy-a");
        _store.Proxy("n", "p2", "web", service: "proxy-b");
        _store.Proxy("n", "p3", "db", service: "proxy-b");
        foreach (string lost in (string[])["p2", "p1"])
        {
            using var watches = new WatchSet();
            _store.Now.ConnectHealth("web", watches);
            using var catalogWatches = new WatchSet();
            _store.Now.ConnectInstances("web", catalogWatches);
            ulong gone = _store.Deregister("n", service: lost);
            Assert.True(watches.Signalled.IsCompleted);
            Assert.True(catalogWatches.Signalled.IsCompleted);
            Assert.Equal(gone, _store.Now.ConnectHealth("web").Index);
            Assert.Equal(gone, _store.Now.ConnectInstances("web").Index);
        }

        Assert.Null(_store.Now.Tables.Indexes.Get(StateKeys.Folded("connect.web")));
    }

    [Fact]
    public void A_proxy_that_turns_to_another_destination_is_a_loss_to_the_first()
    {
        _store.Node("n");
        _store.Proxy("n", "p1", "web");
        ulong turned = _store.Proxy("n", "p1", "db");
        Assert.Empty(_store.Now.ConnectInstances("web").Services);
        Assert.Single(_store.Now.ConnectInstances("db").Services);
        Assert.Equal((turned, turned), (_store.Now.ConnectHealth("web").Index, _store.Now.ConnectHealth("db").Index));
    }
}
