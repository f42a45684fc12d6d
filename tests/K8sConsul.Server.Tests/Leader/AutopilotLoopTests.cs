using System.Collections.Concurrent;
using K8sConsul.Gossip;
using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using K8sConsul.Server.Leader;
using K8sConsul.Server.Tests.Support;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Server.Tests.Leader;

/// <summary>The loop around <see cref="AutopilotRules"/>: what it gathers, when it looks, and what it has done.</summary>
public sealed class AutopilotLoopTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _reign = new();
    private readonly ConcurrentQueue<string> _forcedOut = new();
    private TestPeer _leader = null!;
    private TestPeer _new = null!;
    private AutopilotLoop _loop = null!;
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
        await Eventually.TrueAsync(() => _leader.Host.HoldsLease(out _), "the first server leads");
        await AddAsync();
        See(MemberStatus.Alive);
        _loop = new AutopilotLoop(
            _leader.Host,
            _leader.Store,
            new GossipServerDirectory(() => _members, "dc1"),
            new AutopilotRecord { MinQuorum = 1 },
            AskAsync,
            (name, _) =>
            {
                _forcedOut.Enqueue(name);
                return Task.CompletedTask;
            },
            _time,
            NullLogger<AutopilotLoop>.Instance,
            Metrics.New().Autopilot);
        _running = _loop.RunAsync(_reign.Token);
        await Eventually.TrueAsync(() => _time.Armed == 1, "it has looked");
    }

    public async ValueTask DisposeAsync()
    {
        await _reign.EndAsync(_running);
        await _leader.DisposeAsync();
        await _new.DisposeAsync();
    }

    [Fact]
    public void The_first_leader_writes_the_configuration()
    {
        AutopilotRecord config = _leader.Store.Current.Autopilot!;
        Assert.Equal(new AutopilotRecord { MinQuorum = 1, CreateIndex = config.CreateIndex, ModifyIndex = config.CreateIndex }, config);
    }

    [Fact]
    public async Task A_configuration_that_is_there_already_stays()
    {
        await _reign.EndAsync(_running);
        await _leader.Host.ApplyAsync(new AutopilotCommand(new AutopilotRecord { MinQuorum = 9 }, IsConditional: false)).InTimeAsync();
        using var second = new CancellationTokenSource();
        Task running = _loop.RunAsync(second.Token);
        await Eventually.TrueAsync(() => _time.Armed == 1, "it has looked");
        Assert.Equal(9UL, _leader.Store.Current.Autopilot!.MinQuorum);
        await second.EndAsync(running);
    }

    [Fact]
    public async Task Health_is_known_from_the_first_look_and_unknown_after_the_reign()
    {
        Assert.True(_loop.Health.IsHealthy, string.Join('\n', _loop.Health.Servers));
        Assert.Equal(["s1", "s2"], _loop.Health.Servers.Select(server => server.Name));
        Assert.Equal([true, false], _loop.Health.Servers.Select(server => server.IsLeader));
        await _reign.EndAsync(_running);
        Assert.Same(ClusterHealth.Unknown, _loop.Health);
    }

    [Fact]
    public async Task A_server_that_is_well_for_its_time_gets_its_vote_and_not_before()
    {
        await LookAsync(times: 4);
        Assert.False(IsVoter);
        await LookAsync(times: 1);
        await Eventually.TrueAsync(() => IsVoter, "the server gets its vote");
    }

    [Fact]
    public async Task A_server_that_was_not_well_in_between_begins_anew()
    {
        await LookAsync(times: 3);
        See(MemberStatus.Leaving);
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
        await LookAsync(times: 3);
        await _leader.Host.ChangeAsync(new ConfigurationChange(ConfigurationChangeKind.Remove, _new.Id), default).InTimeAsync();
        await LookAsync(times: 2);
        await AddAsync();
        await LookAsync(times: 5);
        Assert.False(IsVoter);
    }

    [Fact]
    public async Task A_failed_server_is_forced_out_after_ten_seconds()
    {
        See(MemberStatus.Failed);
        await LookAsync(times: 4);
        Assert.Empty(_forcedOut);
        await LookAsync(times: 1);
        Assert.Equal(["s2"], _forcedOut);
    }

    [Fact]
    public async Task A_server_that_was_added_brings_the_clean_up_forward()
    {
        See(MemberStatus.Failed);
        _loop.NoteServerAdded();
        await LookAsync(times: 1);
        Assert.Equal(["s2"], _forcedOut);
    }

    [Fact]
    public async Task A_change_of_the_configuration_counts_from_the_next_look()
    {
        await _leader.Host.ApplyAsync(new AutopilotCommand(new AutopilotRecord { CleanupDeadServers = false }, IsConditional: false)).InTimeAsync();
        See(MemberStatus.Failed);
        await LookAsync(times: 6);
        Assert.Empty(_forcedOut);
    }

    [Fact]
    public async Task A_restore_without_a_configuration_gets_the_first_again()
    {
        await _leader.Host.ApplyAsync(new RestoreCommand("r", RestoreStep.Begin, [])).InTimeAsync();
        await _leader.Host.ApplyAsync(new RestoreCommand("r", RestoreStep.Piece, [0x81, 0xa9, .. "LastIndex"u8, 0x05])).InTimeAsync();
        await _leader.Host.ApplyAsync(new RestoreCommand("r", RestoreStep.Commit, [])).InTimeAsync();
        Assert.Null(_leader.Store.Current.Autopilot);
        await LookAsync(times: 1);
        Assert.Equal(1UL, _leader.Store.Current.Autopilot!.MinQuorum);
    }

    private bool IsVoter => _leader.Host.Configuration.IsVoter(_new.Id);

    private async Task AddAsync()
    {
        await _leader.Host.ChangeAsync(new ConfigurationChange(ConfigurationChangeKind.AddNonvoter, _new.Id, "s2:1"), default).InTimeAsync();
        await _leader.Host.ApplyAsync(TestPeer.Put("a")).InTimeAsync();
        await Eventually.TrueAsync(() => _new.Value("a") is not null, "the new server has the log");
    }

    private void See(MemberStatus status) => _members = Members.List(
        Members.Server("s1", "10.0.0.1", id: "s1"), Members.Server("s2", "10.0.0.2", status, id: "s2"));

    /// <summary>What each host says, but for the contact, which is a matter of the clock that the test does not drive.</summary>
    private async Task<IReadOnlyDictionary<ServerId, ServerStats>> AskAsync(IReadOnlyList<ServerParts> servers, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<ServerId, ServerStats>();
        foreach (ServerParts server in servers)
        {
            RaftHost host = server.Name == "s1" ? _leader.Host : _new.Host;
            ServerStats stats = await host.StatsAsync();
            answers.Add(new ServerId(server.Id), stats with { LastContact = TimeSpan.Zero });
        }

        return answers;
    }

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
