using K8sConsul.Server.Consensus;
using K8sConsul.Server.Leader;
using K8sConsul.Server.Tests.Support;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Server.Tests.Leader;

/// <summary>spec/cluster.md, sections 8 and 14.</summary>
public sealed class SessionTimersTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly StoreLog _log = new();
    private readonly SessionTimers _timers;
    private CancellationTokenSource _reign = new();
    private Task _running = Task.CompletedTask;

    public SessionTimersTests() => _timers = new SessionTimers(_log.Store, _log, _time, NullLogger<SessionTimers>.Instance, Metrics.New().Leader);

    public ValueTask InitializeAsync()
    {
        _log.Apply(new RegisterCommand { Node = new NodeRecord { Node = "n1", Address = "10.0.0.1" } });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await DeposeAsync();

    [Fact]
    public async Task A_session_lives_twice_its_time_and_not_longer()
    {
        Create("a", "10s");
        await LeadAsync(timers: 1);
        await AdvanceAsync(TimeSpan.FromSeconds(19.9));
        Assert.True(Exists("a"));
        await AdvanceAsync(TimeSpan.FromSeconds(0.2));
        await GoneAsync("a");
    }

    [Fact]
    public async Task A_renewal_gives_the_full_time_again()
    {
        await LeadAsync(timers: 0);
        Renew(Create("a", "10s"));
        for (int i = 0; i < 5; i++)
        {
            await AdvanceAsync(TimeSpan.FromSeconds(15));
            Assert.True(Exists("a"));
            Renew(Get("a"));
        }

        await AdvanceAsync(TimeSpan.FromSeconds(20.1));
        await GoneAsync("a");
    }

    [Fact]
    public async Task Each_session_ends_at_its_own_time()
    {
        Create("long", "60s");
        Create("none", "");
        Create("short", "10s");
        await LeadAsync(timers: 2);
        await AdvanceAsync(TimeSpan.FromSeconds(21));
        await GoneAsync("short");
        Assert.True(Exists("long"));
        await AdvanceAsync(TimeSpan.FromSeconds(100));
        await GoneAsync("long");
        await AdvanceAsync(TimeSpan.FromDays(3));
        Assert.True(Exists("none"));
    }

    [Fact]
    public async Task A_new_leader_gives_every_session_its_full_time_again()
    {
        Create("a", "10s");
        await LeadAsync(timers: 1);
        await AdvanceAsync(TimeSpan.FromSeconds(19));
        await DeposeAsync();
        Assert.Equal(0, _timers.Active);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(Exists("a"));
        await LeadAsync(timers: 1);
        await AdvanceAsync(TimeSpan.FromSeconds(19));
        Assert.True(Exists("a"));
        await AdvanceAsync(TimeSpan.FromSeconds(1.1));
        await GoneAsync("a");
    }

    [Fact]
    public void Only_the_leader_keeps_timers()
    {
        Renew(Create("a", "10s"));
        Assert.Equal(0, _timers.Active);
    }

    /// <summary>Of thousands that end together, as after a failover, the last is not late: they share the log's flushes.</summary>
    [Fact]
    public async Task Sessions_that_end_together_are_destroyed_together()
    {
        for (int i = 0; i < 200; i++)
        {
            Create($"s{i}", "10s");
        }

        var gate = new TaskCompletionSource();
        _log.Gate = gate.Task;
        await LeadAsync(timers: 200);
        _time.Advance(TimeSpan.FromSeconds(20.1));
        await Eventually.TrueAsync(() => _log.Waiting == 200, "all are proposed before any is committed");
        gate.SetResult();
        await Eventually.TrueAsync(() => _log.Store.Current.SessionList().Sessions.IsEmpty, "all are destroyed");
    }

    [Theory]
    [InlineData(ConsensusFailure.Overloaded)]
    [InlineData(ConsensusFailure.NotLeader)]
    [InlineData(ConsensusFailure.LeadershipLost)]
    public async Task A_destruction_that_failed_is_tried_again_and_holds_up_nobody(ConsensusFailure failure)
    {
        int refused = 0;
        _log.Refuse = command => command is SessionCommand { Destroy: true, Session.Id: "a" } && Interlocked.Increment(ref refused) <= 3 ? failure : null;
        Create("a", "10s");
        Create("b", "10s");
        await LeadAsync(timers: 2);
        _time.Advance(TimeSpan.FromSeconds(20.1));
        await GoneAsync("b");
        await Eventually.TrueAsync(() => refused == 1 && _timers.Active == 1, "the destruction of a fails");
        foreach (int seconds in new[] { 10, 20 })
        {
            int before = refused;
            await AdvanceAsync(TimeSpan.FromSeconds(seconds + 0.1));
            await Eventually.TrueAsync(() => refused == before + 1 && _timers.Active == 1, "it is tried again after a doubled wait");
        }

        Assert.True(Exists("a"));
        await AdvanceAsync(TimeSpan.FromSeconds(40.1));
        await GoneAsync("a");
    }

    /// <summary>Ended sessions leave timers behind; with TTLs of a day they must not pile up.</summary>
    [Fact]
    public async Task Timers_of_sessions_that_ended_do_not_pile_up()
    {
        await LeadAsync(timers: 0);
        for (int i = 0; i < 20_000; i++)
        {
            string id = $"s{i}";
            Renew(Create(id, "24h"));
            if (i % 100 != 0)
            {
                Destroy(id);
            }
        }

        Assert.InRange(_timers.Active, 200, 3_000);
        await AdvanceAsync(TimeSpan.FromHours(48.1));
        await Eventually.TrueAsync(() => _log.Store.Current.SessionList().Sessions.IsEmpty, "those that lived have ended too");
    }

    [Fact]
    public async Task Sessions_that_a_restore_brings_have_timers()
    {
        var other = new StateStore();
        other.Apply(1, new RegisterCommand { Node = new NodeRecord { Node = "n9", Address = "10.0.0.9" } });
        other.Apply(2, new SessionCommand(Destroy: false, new SessionRecord { Id = "restored", Node = "n9", Ttl = "10s" }));
        other.Apply(3, new SessionCommand(Destroy: false, new SessionRecord { Id = "restored too", Node = "n9", Ttl = "10s" }));
        other.Publish();
        Create("before", "10s");
        await LeadAsync(timers: 1);
        _log.Replace(other.Current);
        await Eventually.TrueAsync(() => _timers.Active == 2 && _time.Armed == 1, "timers are made of the restored state");
        await AdvanceAsync(TimeSpan.FromSeconds(20.1));
        await Eventually.TrueAsync(() => _log.Applied.OfType<SessionCommand>().Any(c => c is { Destroy: true, Session.Id: "restored" }), "the restored session ends");
    }

    /// <summary>A restored archive may hold any text; timers of the platform end at 49 days.</summary>
    [Theory]
    [InlineData("2000000h")]
    [InlineData("2562047h47m16s")]
    public async Task A_time_beyond_all_bounds_neither_ends_the_duty_nor_the_session(string ttl)
    {
        Create("a", ttl);
        await LeadAsync(timers: 1);
        Assert.True(_time.NextDue <= TimeSpan.FromDays(1));
        Renew(Create("b", "10s"));
        await Eventually.TrueAsync(() => _time.NextDue < TimeSpan.FromMinutes(1), "the nearer deadline is waited for");
        await AdvanceAsync(TimeSpan.FromSeconds(21));
        await GoneAsync("b");
        Assert.True(Exists("a"));
        Assert.False(_running.IsCompleted);
    }

    /// <summary>A random history, compared with the rule: a session ends at its last renewal plus twice its TTL, within a tick.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_session_ends_early_and_none_late(int seed)
    {
        var random = new Random(seed);
        var due = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await LeadAsync(timers: 0);
        for (int step = 0; step < 150; step++)
        {
            if (random.Next(3) == 0)
            {
                string id = $"s{step}";
                int ttl = random.Next(10, 40);
                Renew(Create(id, $"{ttl}s"));
                due[id] = _time.GetUtcNow() + TimeSpan.FromSeconds(2 * ttl);
            }

            foreach (string id in due.Keys.Where(_ => random.Next(8) == 0).ToArray())
            {
                SessionRecord session = Get(id);
                Renew(session);
                due[id] = _time.GetUtcNow() + TimeSpan.FromSeconds(2 * int.Parse(session.Ttl[..^1]));
            }

            await AdvanceAsync(TimeSpan.FromMilliseconds(random.Next(1, 9_000)));
            foreach ((string id, DateTimeOffset end) in due.ToArray())
            {
                if (end + TimeSpan.FromMilliseconds(2) < _time.GetUtcNow())
                {
                    await GoneAsync(id);
                    due.Remove(id);
                }
                else if (end > _time.GetUtcNow())
                {
                    Assert.True(Exists(id), $"{id} ended {end - _time.GetUtcNow()} early");
                }
                else
                {
                    due.Remove(id);
                }
            }
        }
    }

    private SessionRecord Create(string id, string ttl)
    {
        _log.Apply(new SessionCommand(Destroy: false, new SessionRecord { Id = id, Node = "n1", Ttl = ttl }));
        return Get(id);
    }

    private void Destroy(string id) => _log.Apply(new SessionCommand(Destroy: true, new SessionRecord { Id = id, Node = string.Empty }));

    private SessionRecord Get(string id) => _log.Store.Current.SessionGet(id).Session!;

    private bool Exists(string id) => _log.Store.Current.SessionGet(id).Session is not null;

    private void Renew(SessionRecord session) => _timers.Renew(session);

    private Task GoneAsync(string id) => Eventually.TrueAsync(() => !Exists(id), $"session {id} ends");

    private async Task LeadAsync(int timers)
    {
        _reign = new CancellationTokenSource();
        _running = _timers.RunAsync(_reign.Token);
        await Eventually.TrueAsync(() => _timers.Active == timers && _time.Armed == 1, "the duty runs");
    }

    private async Task DeposeAsync()
    {
        await _reign.EndAsync(_running);
        _running = Task.CompletedTask;
    }

    /// <summary>The duty waits for its timer again when the clock has moved past it.</summary>
    private async Task AdvanceAsync(TimeSpan by)
    {
        await Eventually.TrueAsync(() => _timers.IsSettled && _time.Armed == 1, "the duty waits");
        _time.Advance(by);
        await Eventually.TrueAsync(() => _time.Armed == 1, "the duty waits again");
    }
}
