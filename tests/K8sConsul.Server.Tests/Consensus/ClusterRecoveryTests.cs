using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Tests.Support;
using K8sConsul.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Server.Tests.Consensus;

/// <summary>peers.json at start: a server of a lost cluster goes on with the servers that the file names, and with all its data.</summary>
public sealed class ClusterRecoveryTests : IDisposable
{
    private static readonly RaftServer _self = new(new ServerId("s1"), "s1:8300");

    private readonly TemporaryDirectory _directory = new();

    private string Peers => Path.Combine(_directory.Path, "peers.json");

    private string Info => Path.Combine(_directory.Path, "peers.info");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task At_the_first_start_the_help_is_written_and_a_file_left_behind_is_deleted()
    {
        await File.WriteAllTextAsync(Peers, "[]", Token);
        await using RaftStorage storage = await OpenAsync();
        Assert.True(storage.IsPristine);
        Assert.False(File.Exists(Peers));
        Assert.Contains("\"non_voter\"", await File.ReadAllTextAsync(Info, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_file_nothing_happens()
    {
        await (await OpenAsync()).DisposeAsync();
        await File.WriteAllTextAsync(Info, "mine", Token);
        await (await OpenAsync()).DisposeAsync();
        Assert.Equal("mine", await File.ReadAllTextAsync(Info, Token));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(3UL)]
    [InlineData(1000UL)]
    public async Task A_survivor_leads_alone_with_all_its_data(ulong snapshotAfter)
    {
        await LoseTheOthersAsync(entries: 8, snapshotAfter);
        await File.WriteAllTextAsync(Peers, """[{"id":"s1","address":"s1:8300"}]""", Token);
        await using (TestPeer survivor = await StartAsync())
        {
            await Eventually.TrueAsync(() => survivor.Host.HoldsLease(out _), "the survivor leads");
            Assert.Equal(["s1"], survivor.Host.Configuration.Servers.Select(server => server.Id.Value));
            Assert.Equal(["v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7"], Enumerable.Range(0, 8).Select(i => survivor.Value($"k{i}")));
            Assert.False(File.Exists(Peers));
            await survivor.Host.ApplyAsync(TestPeer.Put("after")).InTimeAsync();
        }

        await using TestPeer again = await StartAsync();
        await Eventually.TrueAsync(() => again.Host.HoldsLease(out _) && again.Value("after") is not null && again.Value("k7") == "v7", "it has all of it at the next start too");
    }

    [Fact]
    public async Task A_recovery_can_be_repeated_at_the_same_entry()
    {
        await LoseTheOthersAsync(entries: 4, snapshotAfter: 0);
        foreach (string id in (string[])["s2", "s1"])
        {
            await File.WriteAllTextAsync(Peers, $$"""[{"id":"{{id}}","address":"{{id}}:8300"}]""", Token);
            await using RaftStorage storage = await OpenAsync();
            SnapshotMeta snapshot = storage.InitialState().Snapshot!;
            Assert.Equal([id], snapshot.Configuration.Servers.Select(server => server.Id.Value));
            Assert.Equal(storage.Log.Last, snapshot.Last);
        }
    }

    [Fact]
    public async Task A_file_that_cannot_be_followed_changes_nothing()
    {
        await LoseTheOthersAsync(entries: 2, snapshotAfter: 0);
        EntryId last;
        await using (RaftStorage before = await OpenAsync())
        {
            last = before.Log.Last;
        }

        await File.WriteAllTextAsync(Peers, "{bad", Token);
        RecoveryException refused = await Assert.ThrowsAsync<RecoveryException>(OpenAsync);
        Assert.Equal("recovery failed to parse peers.json: invalid character 'b' looking for beginning of object key string", refused.Message);
        Assert.True(File.Exists(Peers));
        File.Delete(Peers);
        await using RaftStorage after = await OpenAsync();
        Assert.Equal((last, null), (after.Log.Last, after.InitialState().Snapshot));
    }

    [Fact]
    public async Task A_server_without_data_is_not_recovered()
    {
        await (await OpenAsync()).DisposeAsync();
        await File.WriteAllTextAsync(Peers, """[{"id":"s1","address":"s1:8300"}]""", Token);
        RecoveryException refused = await Assert.ThrowsAsync<RecoveryException>(OpenAsync);
        Assert.Equal("recovery failed: refused to recover cluster with no initial state, this is probably an operator error", refused.Message);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<RaftStorage> OpenAsync() => ClusterRecovery.OpenAsync(_directory.Path, _self, NullLogger.Instance);

    private async Task<TestPeer> StartAsync()
    {
        var peer = new TestPeer("s1", new TestNetwork(), await OpenAsync());
        peer.Host.Start();
        return peer;
    }

    /// <summary>Leaves the files of one server of three, the others of which are gone for good.</summary>
    /// <param name="snapshotAfter">Take one after so many entries; 0 for none.</param>
    private async Task LoseTheOthersAsync(int entries, ulong snapshotAfter)
    {
        var network = new TestNetwork();
        TestPeer[] peers = [new("s1", network, await OpenAsync()), new("s2", network), new("s3", network)];
        var configuration = new RaftConfiguration(peers.Select(peer => peer.Server));
        foreach (TestPeer peer in peers)
        {
            peer.Host.Start();
            Assert.True(await peer.Host.BootstrapAsync(configuration));
        }

        await Eventually.TrueAsync(() => peers.Any(peer => peer.Host.HoldsLease(out _)), "one of three leads");
        TestPeer leader = peers.First(peer => peer.Host.HoldsLease(out _));
        for (int i = 0; i < entries; i++)
        {
            await leader.Host.ApplyAsync(TestPeer.Put($"k{i}", $"v{i}")).InTimeAsync();
            if (snapshotAfter == (ulong)i + 1)
            {
                await Eventually.TrueAsync(() => peers[0].Value($"k{i}") is not null, "the survivor has it");
                await peers[0].Host.TakeSnapshotAsync(Token).InTimeAsync();
            }
        }

        await Eventually.TrueAsync(() => peers[0].Value($"k{entries - 1}") is not null, "the survivor has all of it");
        foreach (TestPeer peer in peers)
        {
            await peer.DisposeAsync();
        }
    }
}
