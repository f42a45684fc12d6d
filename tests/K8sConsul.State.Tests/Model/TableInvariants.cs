using System.Text;
using K8sConsul.State.Radix;
using K8sConsul.State.Records;
using K8sConsul.State.Tests.Radix;
using K8sConsul.State.Transactions;

namespace K8sConsul.State.Tests.Model;

/// <summary>What must hold between the tables of every version.</summary>
internal static class TableInvariants
{
    /// <summary>Derived tables, and that nothing points to what is not there.</summary>
    public static void Check(Tables tables)
    {
        CheckDerived(tables);
        CheckReferences(tables);
        CheckIndexNames(tables);
    }

    /// <summary>Every secondary table equals what its primary table says it should be, to the object.</summary>
    public static void CheckDerived(Tables tables)
    {
        NodeRecord[] nodes = [.. tables.Nodes.All()];
        ServiceRecord[] services = [.. tables.Services.All()];
        CheckRecord[] checks = [.. tables.Checks.All()];
        KvRecord[] entries = [.. tables.Kv.All()];
        SessionRecord[] sessions = [.. tables.Sessions.All()];
        Same(tables.Nodes, nodes.Select(node => (Key(node.Node), node)));
        Same(tables.NodesById, nodes.Where(node => node.Id.Length > 0).Select(node => (Key(node.Id), node)));
        Same(tables.Services, services.Select(service => (Key(service.Node, service.Id), service)));
        Same(tables.ServicesByName, services.Select(service => (Key(service.Service, service.Node, service.Id), service)));
        Same(
            tables.ServicesByConnect,
            services.Where(service => StateTransaction.ConnectTarget(service) is not null)
                .Select(service => (Key(StateTransaction.ConnectTarget(service)!, service.Node, service.Id), service)));
        Same(tables.Checks, checks.Select(check => (Key(check.Node, check.CheckId), check)));
        Same(tables.ChecksByService, checks.Select(check => (Key(check.Node, check.ServiceId, check.CheckId), check)));
        Same(
            tables.ChecksByServiceName,
            checks.Where(check => check.ServiceName.Length > 0).Select(check => (Key(check.ServiceName, check.Node, check.CheckId), check)));
        Same(tables.Kv, entries.Select(entry => (entry.Key, entry)));
        Same(tables.KvBySession, entries.Where(entry => entry.Session.Length > 0).Select(entry => (Key(entry.Session) + "\0" + entry.Key, entry)));
        Same(tables.Tombstones, tables.Tombstones.All().Select(tombstone => (tombstone.Key, tombstone)));
        Same(tables.Sessions, sessions.Select(session => (Key(session.Id), session)));
        Same(tables.SessionsByNode, sessions.Select(session => (Key(session.Node, session.Id), session)));
        Same(
            tables.SessionsByCheck,
            sessions.SelectMany(session => session.CheckIds().Distinct(StringComparer.OrdinalIgnoreCase).Select(check => (Key(session.Node, check, session.Id), session))));
        Same(tables.Coordinates, tables.Coordinates.All().Select(coordinate => (Key(coordinate.Node, coordinate.Segment), coordinate)));
        Same(tables.Indexes, tables.Indexes.All().Select(index => (Key(index.Name), index)));
    }

    private static void CheckReferences(Tables tables)
    {
        foreach (ServiceRecord service in tables.Services.All())
        {
            Assert.NotNull(tables.Nodes.Get(StateKeys.Folded(service.Node)));
        }

        foreach (CheckRecord check in tables.Checks.All())
        {
            Assert.NotNull(tables.Nodes.Get(StateKeys.Folded(check.Node)));
            Assert.True(check.ServiceId.Length == 0 || tables.Services.Get(StateKeys.Folded(check.Node, check.ServiceId)) is not null);
        }

        foreach (SessionRecord session in tables.Sessions.All())
        {
            Assert.NotNull(tables.Nodes.Get(StateKeys.Folded(session.Node)));
            foreach (string check in session.CheckIds())
            {
                Assert.NotEqual(CheckStatus.Critical, Assert.IsType<CheckRecord>(tables.Checks.Get(StateKeys.Folded(session.Node, check))).Status);
            }
        }

        foreach (KvRecord entry in tables.Kv.All())
        {
            Assert.True(entry.Session.Length == 0 || tables.Sessions.Get(StateKeys.Folded(entry.Session)) is not null);
        }

        foreach (CoordinateRecord coordinate in tables.Coordinates.All())
        {
            Assert.NotNull(tables.Nodes.Get(StateKeys.Folded(coordinate.Node)));
        }
    }

    /// <summary>A service name has an index exactly while it has instances, and so has a mesh destination.</summary>
    private static void CheckIndexNames(Tables tables)
    {
        IEnumerable<string> expected = tables.Services.All().Select(service => Key("service." + service.Service))
            .Concat(tables.Services.All().Select(StateTransaction.ConnectTarget).OfType<string>().Select(target => Key("connect." + target)))
            .Distinct().Order(StringComparer.Ordinal);
        IEnumerable<string> found = tables.Indexes.All().Select(index => Key(index.Name))
            .Where(name => name.StartsWith("service.", StringComparison.Ordinal) || name.StartsWith("connect.", StringComparison.Ordinal));
        Assert.Equal(expected, found.Order(StringComparer.Ordinal));
    }

    private static void Same<T>(RadixTree<T> table, IEnumerable<(string Key, T Value)> expected)
        where T : class
    {
        var wanted = expected.ToDictionary(row => row.Key, row => row.Value, StringComparer.Ordinal);
        List<(byte[] Key, T Value)> found = RadixShape.Check(table);
        Assert.Equal(wanted.Keys.Order(StringComparer.Ordinal), found.Select(row => Encoding.UTF8.GetString(row.Key)).Order(StringComparer.Ordinal));
        foreach ((byte[] key, T value) in found)
        {
            Assert.Same(wanted[Encoding.UTF8.GetString(key)], value);
        }
    }

    private static string Key(params string[] parts) => string.Join('\0', parts).ToLowerInvariant();
}
