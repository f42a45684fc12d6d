using System.Collections.Concurrent;
using K8sConsul.Gossip;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Leader;
using K8sConsul.Server.Tests.Support;
using K8sConsul.State.Commands;
using K8sConsul.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Server.Tests.Leader;

/// <summary>spec/cluster.md, section 6: what begins with leadership, goes on with it and ends with it.</summary>
public sealed class LeaderLoopTests
{
    private readonly ManualTime _time = new();
    private readonly ConcurrentQueue<string> _events = new();
    private MemberList _members = Members.List(Members.Server("s1", "10.0.0.1"));
    private int _rounds;

    [Fact]
    public async Task The_election_is_announced_then_the_log_caught_up_with_then_the_duties_begin()
    {
        await using TestPeer peer = await TestPeer.AloneAsync();
        await peer.Host.ApplyAsync(TestPeer.Put("a"));
        using var stop = new CancellationTokenSource();
        Task running = Loop(peer, (_, token) => Record(peer, "duty begins", token)).RunAsync(stop.Token);
        await Eventually.TrueAsync(() => _events.Contains("duty begins at a"), "the duty runs");
        Assert.Equal(["elected", "duty begins at a"], _events);
        await stop.EndAsync(running);
        Assert.Equal("duty ended", _events.Last());
    }

    [Fact]
    public async Task Duties_end_with_leadership_and_are_awaited_before_others_begin()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var stop = new CancellationTokenSource();
        List<Task> loops = [.. cluster.Peers.Select(peer => Loop(peer, (_, token) => Record(peer, peer.Id.Value!, token)).RunAsync(stop.Token))];
        for (int i = 0; i < 3; i++)
        {
            TestPeer leader = await cluster.LeaderAsync();
            int before = _events.Count(e => e.StartsWith(leader.Id.Value!, StringComparison.Ordinal));
            await Eventually.TrueAsync(() => _events.Any(e => e.StartsWith(leader.Id.Value!, StringComparison.Ordinal)), "the leader's duty runs");
            int ended = _events.Count(e => e == "duty ended");
            await leader.Host.TransferLeadershipAsync(cluster.Follower(leader).Id, default).InTimeAsync();
            await Eventually.TrueAsync(() => !leader.Host.View.IsLeader || before >= 0, "leadership moves");
            await Eventually.TrueAsync(() => _events.Count(e => e == "duty ended") > ended || leader.Host.View.IsLeader, "its duty ends");
        }

        await stop.CancelAsync();
        await Task.WhenAll(loops).InTimeAsync();
        Assert.Equal(_events.Count(e => e.StartsWith('s')), _events.Count(e => e == "duty ended"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_duty_that_fails_is_begun_again_and_the_others_go_on(bool expected)
    {
        await using TestPeer peer = await TestPeer.AloneAsync();
        using var stop = new CancellationTokenSource();
        int attempts = 0;
        Task running = Loop(
            peer,
            (_, _) => ++attempts < 3 ? throw (expected ? ConsensusException.Of(ConsensusFailure.Overloaded) : new InvalidOperationException("broken")) : Task.CompletedTask,
            (_, token) => Record(peer, "other", token)).RunAsync(stop.Token);
        for (int i = 1; i <= 2; i++)
        {
            // The retry, and the minute of the reconcile.
            await Eventually.TrueAsync(() => attempts == i && _time.Armed == 2, "the duty has failed");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await Eventually.TrueAsync(() => attempts == 3 && _time.Armed == 1, "it was begun a third time");
        Assert.DoesNotContain("duty ended", _events);
        await stop.EndAsync(running);
    }

    [Fact]
    public async Task An_announcement_that_fails_is_made_again_and_does_not_end_the_server()
    {
        await using TestPeer peer = await TestPeer.AloneAsync();
        using var stop = new CancellationTokenSource();
        int announced = 0;
        Task running = Loop(
            peer,
            new LeaderLoopOptions(static _ => { }, _ => ++announced == 1 ? throw new InvalidOperationException("no gossip") : Task.CompletedTask),
            (_, token) => Record(peer, "duty", token)).RunAsync(stop.Token);
        await Eventually.TrueAsync(() => announced == 1 && _time.Armed == 1, "the announcement fails");
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => !_events.IsEmpty, "the duty runs all the same");
        await stop.EndAsync(running);
    }

    [Fact]
    public async Task Everything_is_reconciled_every_minute_and_changes_at_once()
    {
        await using TestPeer peer = await TestPeer.AloneAsync();
        using var stop = new CancellationTokenSource();
        LeaderLoop loop = Loop(peer);
        Task running = loop.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => peer.Store.Current.Node("s1") is not null && _time.Armed == 1, "the first round is over");
        Member joined = Members.Client("c1", "10.0.1.1");
        _members = Members.List(Members.Server("s1", "10.0.0.1"), joined);
        Assert.Null(peer.Store.Current.Node("c1"));
        loop.Notify(new MemberChange(joined, IsGone: false));
        await Eventually.TrueAsync(() => peer.Store.Current.Node("c1") is not null, "the change is reconciled");

        // This one nobody tells: the channel was full, or the event was lost.
        _members = Members.List(Members.Server("s1", "10.0.0.1"), joined, Members.Client("c2", "10.0.1.2"));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(peer.Store.Current.Node("c2"));
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => peer.Store.Current.Node("c2") is not null, "the next round finds it");
        await stop.EndAsync(running);
    }

    /// <summary>Its leader died in the middle: nobody sends the rest, and while the pieces are held no snapshot can be taken.</summary>
    [Fact]
    public async Task A_new_leader_drops_a_restore_that_was_not_finished()
    {
        await using TestPeer peer = await TestPeer.AloneAsync();
        await peer.Host.ApplyAsync(new RestoreCommand("r1", RestoreStep.Begin, []));
        Assert.True(peer.Host.Applied.IsRestoring);
        using var stop = new CancellationTokenSource();
        Task running = Loop(peer, (_, token) => Record(peer, "duty", token)).RunAsync(stop.Token);
        await Eventually.TrueAsync(() => _events.Any(e => e.StartsWith("duty", StringComparison.Ordinal)), "the duties begin");
        Assert.False(peer.Host.Applied.IsRestoring);
        await stop.EndAsync(running);
    }

    private LeaderLoop Loop(TestPeer peer, params Func<TestPeer, CancellationToken, Task>[] duties) => Loop(
        peer,
        new LeaderLoopOptions(static _ => { }, _ =>
        {
            _events.Enqueue("elected");
            return Task.CompletedTask;
        }),
        duties);

    private LeaderLoop Loop(TestPeer peer, LeaderLoopOptions options, params Func<TestPeer, CancellationToken, Task>[] duties)
    {
        var reconciler = new MemberReconciler(
            peer.Store,
            peer.Host,
            new FakeMembership(peer.Server),
            () =>
            {
                Interlocked.Increment(ref _rounds);
                return _members;
            },
            new ReconcilerIdentity("s1", "id-s1", "dc1"),
            NullLogger<MemberReconciler>.Instance, TimeProvider.System, Metrics.New().Leader);
        return new LeaderLoop(
            peer.Host, reconciler, [.. duties.Select(duty => (Func<CancellationToken, Task>)(token => duty(peer, token)))], options, _time, NullLogger<LeaderLoop>.Instance, Metrics.New().Leader);
    }

    private async Task Record(TestPeer peer, string name, CancellationToken cancellationToken)
    {
        _events.Enqueue(peer.Value("a") is null ? name : name + " at a");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            _events.Enqueue("duty ended");
        }
    }
}
