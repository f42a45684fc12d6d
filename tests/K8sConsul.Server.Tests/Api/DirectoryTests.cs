using K8sConsul.Gossip;
using K8sConsul.Server.Endpoints;
using K8sConsul.Server.Tests.Support;
using K8sConsul.State.Transactions;
using K8sConsul.Tests;

namespace K8sConsul.Server.Tests.Api;

/// <summary>What gossip and memory say about servers, datacenters and locks.</summary>
public sealed class DirectoryTests
{
    [Fact]
    public void The_directory_holds_the_servers_of_the_own_datacenter_and_follows_the_pool()
    {
        MemberList list = Members.List(
            Members.Server("s1", "10.0.0.1"), Members.Server("s2", "10.0.0.2", MemberStatus.Failed), Members.Client("c", "10.0.1.1"), Members.Server("far", "10.9.0.1", datacenter: "dc2"));
        var directory = new GossipServerDirectory(() => list, "dc1");
        Assert.Equal(
            [new ServerInfo("id-s1", "s1", "10.0.0.1:8300", IsAlive: true), new ServerInfo("id-s2", "s2", "10.0.0.2:8300", IsAlive: false)],
            directory.Servers);
        Assert.Same(directory.Servers, directory.Servers);
        Assert.Null(directory.FindById("id-far"));
        list = Members.List(Members.Server("s2", "10.0.0.22"));
        Assert.Equal("10.0.0.22:8300", directory.FindById("id-s2")!.RpcAddress);
        Assert.Null(directory.FindById("id-s1"));
    }

    /// <summary>A server renamed keeps its ID: the old name stays in the pool for days.</summary>
    [Theory]
    [InlineData("a-old", "b-new")]
    [InlineData("z-old", "b-new")]
    public void Of_two_with_one_id_the_living_is_found(string old, string living)
    {
        MemberList list = Members.List(
            Members.Server(old, "10.0.0.1", MemberStatus.Left, id: "same"), Members.Server(living, "10.0.0.9", id: "same"));
        Assert.Equal(living, new GossipServerDirectory(() => list, "dc1").FindById("same")!.Name);
    }

    [Fact]
    public void Datacenters_are_ordered_by_the_median_distance_from_this_server()
    {
        List<WideAreaMember> members =
        [
            At("a.dc1", "dc1", 500),
            At("me.dc1", "dc1", 0),
            At("n1.near", "near", 1),
            At("n2.near", "near", 2),
            At("n3.near", "near", 400),
            At("f1.far", "far", 90),
            At("f2.far", "far", 91),
            new(Members.Server("u1.unknown", "10.0.0.7", datacenter: "unknown"), null),
            At("h1.half", "half", 1),
            new(Members.Server("h2.half", "10.0.0.8", datacenter: "half"), null),
            At("gone.left", "left", 1, MemberStatus.Left),
            At("lv.leaving", "leaving", 300, MemberStatus.Leaving),
        ];
        var area = new WideArea(() => members, "me", "dc1");

        // Of two servers the farther one is the median, and an unknown place is infinitely far, as for Consul.
        Assert.Equal(["dc1", "near", "far", "leaving", "half", "unknown"], area.Names);
        Assert.Equal(["dc1", "far", "half", "leaving", "near", "unknown"], area.Maps.Select(m => m.Datacenter));
        Assert.Equal(["a", "me"], area.Maps[0].Coordinates.Select(c => c.Node));
        Assert.Equal(["h1"], area.Maps[2].Coordinates.Select(c => c.Node));
    }

    [Fact]
    public void Without_a_wide_area_pool_there_is_only_the_own_datacenter()
    {
        var area = new WideArea(static () => [], "me", "dc1");
        Assert.Equal(["dc1"], area.Names);
        Assert.Empty(area.Maps);
    }

    [Fact]
    public void A_lock_delay_holds_for_its_time_and_a_shorter_one_does_not_end_it()
    {
        var time = new ManualTime();
        var table = new LockDelayTable(time);
        table.Add(new LockDelay("a", TimeSpan.FromSeconds(15)));
        table.Add(new LockDelay("a", TimeSpan.FromSeconds(5)));
        Assert.False(table.IsDelayed("b"));
        time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.True(table.IsDelayed("a"));
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.False(table.IsDelayed("a"));
        Assert.Equal(0, table.Count);
    }

    /// <summary>On a follower nobody ever asks: what is over must go all the same.</summary>
    [Fact]
    public void Delays_that_are_over_do_not_pile_up()
    {
        var time = new ManualTime();
        var table = new LockDelayTable(time);
        for (int i = 0; i < 10_000; i++)
        {
            table.Add(new LockDelay($"key{i}", TimeSpan.FromSeconds(15)));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(table.Count, 1, 16);
        Assert.True(table.IsDelayed("key9999"));
    }

    private static WideAreaMember At(string name, string datacenter, double milliseconds, MemberStatus status = MemberStatus.Alive) => new(
        Members.Server(name, $"10.1.{Math.Abs(name.GetHashCode(StringComparison.Ordinal)) % 250}.1", status, datacenter),
        Coordinate.Initial with { Vec = [milliseconds / 1000, 0, 0, 0, 0, 0, 0, 0] });
}
