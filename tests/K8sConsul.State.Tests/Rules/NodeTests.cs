using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.State.Tests.Support;

namespace K8sConsul.State.Tests.Rules;

/// <summary>Names, IDs and renames of nodes; each case was tried on Consul 1.8.7.</summary>
public sealed class NodeTests
{
    private const string Id1 = "11111111-1111-1111-1111-111111111111";
    private const string Id2 = "22222222-2222-2222-2222-222222222222";

    private readonly TestStore _store = new();

    private string? Refused(RegisterCommand command) => _store.Run(command).Refused;

    private static RegisterCommand Register(string name, string id = "", string address = "10.0.0.1") =>
        new() { Node = TestStore.NodeOf(name, id, address) };

    [Fact]
    public void Names_compare_without_case_and_the_last_spelling_is_kept()
    {
        ulong created = _store.Node("Web-1");
        ulong respelled = _store.Node("WEB-1");
        NodeRecord node = _store.Now.Node("web-1")!;
        Assert.Equal(("WEB-1", created, respelled), (node.Node, node.CreateIndex, node.ModifyIndex));
        Assert.Equal(1, _store.Now.NodeCount);
    }

    [Fact]
    public void An_absent_map_and_an_empty_one_are_different_registrations()
    {
        _store.Node("n", meta: null);
        ulong withEmpty = _store.Node("n", meta: StringMap.Empty);
        Assert.Equal(withEmpty, _store.Now.NodeList().Index);
        Assert.Empty(_store.Now.Node("n")!.Meta!);
        _store.Node("n", meta: null);
        Assert.Null(_store.Now.Node("n")!.Meta);
    }

    [Fact]
    public void SkipNodeUpdate_creates_a_missing_node_and_leaves_a_present_one()
    {
        ulong created = _store.Apply(Register("n", address: "") with { SkipNodeUpdate = true });
        Assert.Equal(string.Empty, _store.Now.Node("n")!.Address);
        _store.Apply(Register("n", Id1, "9.9.9.9") with { SkipNodeUpdate = true });
        Assert.Equal((string.Empty, string.Empty, created), (_store.Now.Node("n")!.Id, _store.Now.Node("n")!.Address, _store.Now.Node("n")!.ModifyIndex));
        Assert.Null(_store.Now.NodeById(Id1));
    }

    [Fact]
    public void A_known_ID_under_a_new_name_renames_the_node_and_drops_what_the_old_name_had()
    {
        ulong created = _store.Node("old", Id1);
        _store.Service("old", "web");
        _store.Check("old", "c");
        _store.Session("s", "old");
        _store.Node("new", Id1);
        Assert.Null(_store.Now.Node("old"));
        Assert.Equal("new", _store.Now.NodeById(Id1)!.Node);
        Assert.Equal(created, _store.Now.Node("new")!.CreateIndex);
        Assert.Empty(_store.Now.ServicesOfNode("old"));
        Assert.Empty(_store.Now.ServicesOfNode("new"));
        Assert.Empty(_store.Now.ChecksOfNode("old").Checks);
        Assert.Null(_store.Now.SessionGet("s").Session);
    }

    [Fact]
    public void A_rename_by_case_alone_drops_the_services_too()
    {
        _store.Node("node", Id1);
        _store.Service("node", "web");
        _store.Node("Node", Id1);
        Assert.Equal("Node", _store.Now.Node("node")!.Node);
        Assert.Empty(_store.Now.ServicesOfNode("node"));
    }

    [Theory]
    [InlineData("passing", true)]
    [InlineData("warning", true)]
    [InlineData("critical", false)]
    [InlineData(null, false)]
    public void The_name_of_a_node_is_reserved_while_gossip_sees_it_alive(string? serfHealth, bool reserved)
    {
        _store.Node("taken", Id1);
        if (serfHealth is not null)
        {
            _store.Check("taken", CheckRecord.SerfHealthId, serfHealth);
        }

        Assert.Equal(
            reserved ? $"failed inserting node: Error while renaming Node ID: \"{Id2}\": Node name taken is reserved by node {Id1} with name taken (10.0.0.1)" : null,
            Refused(Register("taken", Id2)));
        Assert.Equal(reserved ? Id1 : Id2, _store.Now.Node("taken")!.Id);
        Assert.Equal(reserved, _store.Now.NodeById(Id1) is not null);
    }

    [Theory]
    [InlineData("passing", true)]
    [InlineData("critical", false)]
    [InlineData(null, false)]
    public void A_rename_onto_a_living_node_is_refused(string? serfHealth, bool reserved)
    {
        _store.Node("taken", Id1);
        _store.Service("taken", "web");
        if (serfHealth is not null)
        {
            _store.Check("taken", CheckRecord.SerfHealthId, serfHealth);
        }

        _store.Node("mover", Id2, "2.2.2.2");
        Assert.Equal(
            reserved ? $"failed inserting node: Error while renaming Node ID: \"{Id2}\" (2.2.2.2): Node name taken is reserved by node {Id1} with name taken (10.0.0.1)" : null,
            Refused(Register("taken", Id2, "2.2.2.2")));
        Assert.Equal(reserved, _store.Now.Node("mover") is not null);

        // The displaced node's services stay with the name, its ID finds nothing any more.
        Assert.Single(_store.Now.ServicesOfNode("taken"));
        Assert.Equal(reserved, _store.Now.NodeById(Id1) is not null);
        Assert.Equal(reserved ? "mover" : "taken", _store.Now.NodeById(Id2)!.Node);
    }

    [Fact]
    public void A_living_node_without_ID_may_be_given_one_but_not_be_renamed_over()
    {
        _store.Node("taken");
        _store.Check("taken", CheckRecord.SerfHealthId);
        _store.Node("mover", Id1);
        Assert.Equal(
            $"failed inserting node: Error while renaming Node ID: \"{Id1}\" (10.0.0.1): Node name taken is reserved by node  with name taken (10.0.0.1)",
            Refused(Register("taken", Id1)));
        Assert.Null(Refused(Register("taken", Id2)));
        Assert.Equal(Id2, _store.Now.Node("taken")!.Id);
    }

    [Fact]
    public void A_registration_without_ID_takes_the_ID_from_the_node()
    {
        _store.Node("n", Id1);
        _store.Node("n");
        Assert.Empty(_store.Now.Node("n")!.Id);
        Assert.Null(_store.Now.NodeById(Id1));
    }

    [Fact]
    public void Deregistering_a_node_takes_all_that_stands_on_it()
    {
        _store.Node("n", Id1);
        _store.Service("n", "web");
        _store.Check("n", "c", service: "web");
        _store.Check("n", "nc");
        _store.Session("s", "n");
        _store.Apply(new CoordinateCommand([new CoordinateRecord { Node = "n", Vec = new double[8] }]));
        ulong gone = _store.Deregister("N");
        Assert.Equal(0, _store.Now.NodeCount);
        Assert.Equal(0, _store.Now.ServiceInstanceCount);
        Assert.Null(_store.Now.NodeById(Id1));
        Assert.Empty(_store.Now.ChecksInState("any").Checks);
        Assert.Null(_store.Now.SessionGet("s").Session);
        Assert.Empty(_store.Now.CoordinateList().Coordinates);
        Assert.Equal(
            [gone, gone, gone, gone, gone],
            [
                _store.Now.NodeList().Index, _store.Now.ServiceList().Index, _store.Now.ChecksInState("any").Index,
                _store.Now.SessionList().Index, _store.Now.CoordinateList().Index,
            ]);
    }

    [Fact]
    public void A_service_wins_over_a_check_in_a_deregistration_and_unknown_things_are_no_error()
    {
        _store.Node("n");
        _store.Service("n", "web");
        _store.Check("n", "c");
        _store.Deregister("n", service: "unknown", check: "c");
        Assert.NotNull(_store.Now.Check("n", "c"));
        _store.Deregister("n", service: "web", check: "c");
        Assert.NotNull(_store.Now.Check("n", "c"));
        Assert.Null(_store.Now.Service("n", "web"));
        _store.Deregister("n", check: "c");
        Assert.Null(_store.Now.Check("n", "c"));
        ulong before = _store.Now.NodeList().Index;
        _store.Deregister("n", check: "unknown");
        _store.Deregister("unknown");
        _store.Deregister("unknown", service: "web");
        Assert.NotNull(_store.Now.Node("n"));
        Assert.Equal(before, _store.Now.NodeList().Index);
    }

    [Theory]
    [InlineData("other", "node", "check node \"other\" does not match node \"node\"")]
    [InlineData("NODE", "node", "check node \"NODE\" does not match node \"node\"")]
    public void A_check_for_another_node_is_refused_with_the_whole_registration(string checkNode, string node, string reason)
    {
        RegisterCommand command = Register(node) with { Checks = [new CheckRecord { Node = checkNode, CheckId = "c" }] };
        Assert.Equal(reason, Refused(command));
        Assert.Equal(0, _store.Now.NodeCount);
    }

    [Fact]
    public void A_check_of_an_unknown_service_is_refused_with_the_whole_registration()
    {
        RegisterCommand command = Register("foo") with { Checks = [new CheckRecord { Node = "foo", CheckId = "c", ServiceId = "web" }] };
        Assert.Equal("failed inserting check: Missing service registration on node \"foo\"", Refused(command));
        Assert.Equal(0, _store.Now.NodeCount);
    }

    [Theory]
    [InlineData("n1", "n1")]
    [InlineData("N1", "n1")]
    [InlineData("a1b2c3d4-0000-0000-0000-000000000001", "n1")]
    [InlineData("A1B2C3D4-0000-0000-0000-000000000001", "n1")]
    [InlineData("a1", "n1")]
    [InlineData("a1b", "n1")]
    [InlineData("a1z", "n1")]
    [InlineData("a1b2c3d4-0000-00", "n1")]
    [InlineData("a1b2c3d400000000", "n1")]
    [InlineData("a", null)]
    [InlineData("a1b2c3d4-00", null)]
    [InlineData("a1zz", null)]
    [InlineData("ff", null)]
    [InlineData("ffee", "n2")]
    [InlineData("", null)]
    [InlineData("--", null)]
    public void A_node_is_found_by_name_or_by_a_unique_prefix_of_its_ID(string asked, string? found)
    {
        _store.Node("n1", "a1b2c3d4-0000-0000-0000-000000000001");
        _store.Node("n2", "ffee0000-0000-0000-0000-000000000000");
        _store.Node("n3", "ffaa0000-0000-0000-0000-000000000000");
        _store.Node("n4");
        Assert.Equal(found, _store.Now.FindNode(asked)?.Node);
        Assert.Equal(found, _store.Now.NodeServices(asked).Node?.Node);
    }
}
