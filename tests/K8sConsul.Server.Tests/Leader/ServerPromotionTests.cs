using K8sConsul.Gossip;
using K8sConsul.Raft;
using K8sConsul.Server.Leader;
using K8sConsul.Server.Tests.Support;
using K8sConsul.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Server.Tests.Leader;

/// <summary>spec/cluster.md, section 5: a new server gets its vote when it has been well for a while.</summary>
public sealed class ServerPromotionTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _reign = new();
    private TestPeer _leader = null!;
    private TestPeer _new = null!;
    private Task _running = Task.CompletedTask;
    private MemberList _members = MemberList.Empty;

    public async ValueTask InitializeAsync()
    {
        var network = new TestNetwork();
        _leader = new TestPeer("s1", network);
        _new = new TestPeer("s2", network);
        _leader.Host.Start();
        _new.Host.Start();
        await _leader.Host.BootstrapAsync(new RaftConfiguration([_leader.Server]));
        await Eventually.TrueAsync(() => _leader.Host.IsReadyLeader, "the first server leads");
        await AddAsync();
        See(MemberStatus.Alive);
        _running = new ServerPromotion(
            _leader.Host, () => _members, new PromotionOptions(MaxTrailingLogs: 250, TimeSpan.FromSeconds(10)), _time, NullLogger<ServerPromotion>.Instance)
            .RunAsync(_reign.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _reign.EndAsync(_running);
        await _leader.DisposeAsync();
        await _new.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_is_well_for_its_time_gets_its_vote_and_not_before()
    {
        // The first look is after two seconds, and ten more must pass.
        await LookAsync(times: 5);
        Assert.False(IsVoter);
        await LookAsync(times: 1);
        await Eventually.TrueAsync(() => IsVoter, "the server gets its vote");
    }

    [Fact]
    public async Task A_server_that_was_not_well_in_between_begins_anew()
    {
        await LookAsync(times: 5);
        See(MemberStatus.Failed);
        await LookAsync(times: 1);
        See(MemberStatus.Alive);
        await LookAsync(times: 5);
        Assert.False(IsVoter);
        await LookAsync(times: 1);
        await Eventually.TrueAsync(() => IsVoter, "the server gets its vote");
    }

    [Fact]
    public async Task A_server_that_was_removed_and_came_back_begins_anew()
    {
        await LookAsync(times: 5);
        await _leader.Host.ChangeAsync(new ConfigurationChange(ConfigurationChangeKind.Remove, _new.Id), default).InTimeAsync();
        await LookAsync(times: 2);
        await AddAsync();
        await LookAsync(times: 5);
        Assert.False(IsVoter);
    }

    [Fact]
    public async Task A_read_replica_and_a_server_unknown_to_gossip_stay_without()
    {
        _members = Members.List(Members.Server("s2", "10.0.0.2", id: "s2", nonVoter: true));
        await LookAsync(times: 10);
        Assert.False(IsVoter);
        _members = MemberList.Empty;
        await LookAsync(times: 10);
        Assert.False(IsVoter);
    }

    private bool IsVoter => _leader.Host.Configuration.IsVoter(_new.Id);

    private async Task AddAsync()
    {
        await _leader.Host.ChangeAsync(new ConfigurationChange(ConfigurationChangeKind.AddNonvoter, _new.Id, "s2:1"), default).InTimeAsync();
        await _leader.Host.ApplyAsync(TestPeer.Put("a")).InTimeAsync();
        await Eventually.TrueAsync(() => _new.Value("a") is not null && Match() >= _leader.Host.AppliedIndex, "the new server has the log");
    }

    private ulong Match() => _leader.Host.CallAsync(static node => node.Peers().Select(p => p.Match.Value).FirstOrDefault()).GetAwaiter().GetResult();

    private void See(MemberStatus status) => _members = Members.List(Members.Server("s2", "10.0.0.2", status, id: "s2"));

    /// <summary>One look every two seconds.</summary>
    private async Task LookAsync(int times)
    {
        for (int i = 0; i < times; i++)
        {
            await Eventually.TrueAsync(() => _time.Armed == 1, "it waits for its next look");
            _time.Advance(TimeSpan.FromSeconds(2));
            await Eventually.TrueAsync(() => _time.Armed == 1, "it has looked");
        }
    }
}
