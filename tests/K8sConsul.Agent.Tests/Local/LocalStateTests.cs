using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Tests;

namespace K8sConsul.Agent.Tests.Local;

public sealed class LocalStateTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly LocalState _state;
    private int _syncsWanted;

    public LocalStateTests()
    {
        _state = new LocalState(new LocalStateOptions("n1", TimeSpan.FromMinutes(5)), _time, static max => max * 0.25);
        _state.OnSyncNeeded(() => _syncsWanted++);
    }

    [Fact]
    public void A_reader_keeps_its_snapshot()
    {
        _state.PutService(Service("web"), RegistrationSource.Api, [Check("c", "web")]);
        LocalSnapshot before = _state.Current;
        _state.RemoveService("web");
        Assert.Contains("web", before.Services.Keys);
        Assert.Equal("c", Assert.Single(before.ChecksOf("web")).Id);
        Assert.Empty(_state.Current.Services);
        Assert.Empty(_state.Current.Checks);
    }

    [Fact]
    public void A_check_of_a_service_that_does_not_exist_is_refused()
    {
        Assert.Equal(Refusal.Internal("ServiceID \"nope\" does not exist"), _state.PutCheck(Check("c", "nope")));
    }

    [Fact]
    public void A_check_takes_name_and_tags_of_its_service_and_follows_them()
    {
        _state.PutService(Service("web") with { Name = "www", Tags = ["a"] }, RegistrationSource.Api, []);
        Assert.Null(_state.PutCheck(Check("c", "web")));
        Assert.Equal("www", _state.Current.Checks["c"].ServiceName);
        _state.PutService(Service("web") with { Name = "www", Tags = ["b"] }, RegistrationSource.Api, []);
        Assert.Equal(["b"], _state.Current.Checks["c"].ServiceTags);
    }

    [Fact]
    public void A_change_of_status_wants_a_sync_at_once_and_one_of_output_later()
    {
        _state.PutCheck(Check("c"));
        MarkAllInSync();
        int before = _syncsWanted;
        _state.UpdateCheck("c", CheckStatus.Critical, "new output");
        Assert.Equal(before, _syncsWanted);
        Assert.Equal("new output", _state.Current.Checks["c"].Output);
        Assert.True(_state.Current.Checks["c"].InSync);
        Assert.True(_state.Current.Checks["c"].OutputDeferred);

        // Half of the interval and the random part of it: 2:30 + 1:15.
        _state.UpdateCheck("c", CheckStatus.Critical, "newer output");
        _time.Advance(TimeSpan.FromSeconds(224));
        Assert.Equal(before, _syncsWanted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(before + 1, _syncsWanted);
        Assert.False(_state.Current.Checks["c"].InSync);
        Assert.Equal(0, _time.Armed);

        MarkAllInSync();
        _state.UpdateCheck("c", CheckStatus.Passing, "newer output");
        Assert.Equal(before + 2, _syncsWanted);
        Assert.False(_state.Current.Checks["c"].InSync);
    }

    [Fact]
    public void A_change_of_status_takes_waiting_output_along()
    {
        _state.PutCheck(Check("c"));
        MarkAllInSync();
        _state.UpdateCheck("c", CheckStatus.Critical, "x");
        Assert.Equal(1, _time.Armed);
        _state.UpdateCheck("c", CheckStatus.Passing, "x");
        Assert.Equal(0, _time.Armed);
    }

    [Fact]
    public void The_same_result_again_changes_nothing()
    {
        _state.PutCheck(Check("c"));
        _state.UpdateCheck("c", CheckStatus.Passing, "x");
        LocalSnapshot before = _state.Current;
        int syncs = _syncsWanted;
        Assert.True(_state.UpdateCheck("c", CheckStatus.Passing, "x"));
        Assert.Same(before, _state.Current);
        Assert.Equal(syncs, _syncsWanted);
        Assert.False(_state.UpdateCheck("nope", CheckStatus.Passing, "x"));
    }

    [Fact]
    public void Without_an_update_interval_each_output_is_synced()
    {
        _state.Reconfigure(new LocalStateOptions("n1", TimeSpan.Zero));
        _state.PutCheck(Check("c"));
        MarkAllInSync();
        _state.UpdateCheck("c", CheckStatus.Critical, "x");
        Assert.False(_state.Current.Checks["c"].InSync);
        Assert.Equal(0, _time.Armed);
    }

    [Fact]
    public void Discarded_output_is_empty_everywhere()
    {
        _state.Reconfigure(new LocalStateOptions("n1", TimeSpan.FromMinutes(5), DiscardCheckOutput: true));
        _state.PutCheck(Check("c") with { Output = "x" });
        Assert.Equal("", _state.Current.Checks["c"].Output);
        _state.UpdateCheck("c", CheckStatus.Passing, "x");
        Assert.Equal("", _state.Current.Checks["c"].Output);
    }

    [Fact]
    public void Critical_time_begins_with_the_status_and_ends_with_it()
    {
        _state.PutCheck(Check("c"));
        long since = Assert.NotNull(_state.Current.Checks["c"].CriticalSince);
        _time.Advance(TimeSpan.FromSeconds(5));
        _state.UpdateCheck("c", CheckStatus.Critical, "still");
        Assert.Equal(since, _state.Current.Checks["c"].CriticalSince);
        _state.UpdateCheck("c", CheckStatus.Warning, "");
        Assert.Null(_state.Current.Checks["c"].CriticalSince);
        _state.UpdateCheck("c", CheckStatus.Critical, "");
        Assert.Equal(TimeSpan.Zero, _time.GetElapsedTime(_state.Current.Checks["c"].CriticalSince!.Value));
    }

    [Fact]
    public void Registering_the_same_again_stays_in_sync()
    {
        _state.PutService(Service("web"), RegistrationSource.Api, [Check("c", "web") with { ServiceName = "web" }]);
        MarkAllInSync();
        _state.PutService(Service("web"), RegistrationSource.Api, [Check("c", "web") with { ServiceName = "web" }]);
        Assert.True(_state.Current.Services["web"].InSync);
        Assert.True(_state.Current.Checks["c"].InSync);
        _state.PutService(Service("web") with { Port = 9 }, RegistrationSource.Api, []);
        Assert.False(_state.Current.Services["web"].InSync);
        Assert.True(_state.Current.Checks["c"].InSync);
    }

    [Fact]
    public void Registering_the_same_again_does_not_hasten_output_that_waits()
    {
        _state.PutService(Service("web"), RegistrationSource.Api, [Check("c", "web") with { ServiceName = "web" }]);
        MarkAllInSync();
        _state.UpdateCheck("c", CheckStatus.Critical, "new");
        _state.PutService(Service("web"), RegistrationSource.Api, [_state.Current.Checks["c"]]);
        Assert.True(_state.Current.Checks["c"] is { InSync: true, OutputDeferred: true, Output: "new" });
        _time.Advance(TimeSpan.FromSeconds(225));
        Assert.False(_state.Current.Checks["c"].InSync);
    }

    [Fact]
    public async Task Waiting_for_a_service_ends_with_its_change_its_removal_and_nothing_else()
    {
        _state.PutService(Service("web"), RegistrationSource.Api, []);
        string hash = _state.Current.Services["web"].ContentHash;
        await _state.WaitForServiceChangeAsync("web", "other", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        await _state.WaitForServiceChangeAsync("nope", hash, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        Task waiting = _state.WaitForServiceChangeAsync("web", hash, CancellationToken.None);
        _state.PutService(Service("web"), RegistrationSource.Api, [Check("c", "web")]);
        _state.PutService(Service("api"), RegistrationSource.Api, []);
        Assert.False(waiting.IsCompleted);
        _state.PutService(Service("web") with { Port = 9 }, RegistrationSource.Api, []);
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));

        Task removed = _state.WaitForServiceChangeAsync("web", _state.Current.Services["web"].ContentHash, CancellationToken.None);
        Assert.False(removed.IsCompleted);
        _state.RemoveService("web");
        await removed.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void The_index_of_checks_by_service_agrees_with_the_checks_after_any_change()
    {
        Random random = new(3);
        for (int step = 0; step < 3000; step++)
        {
            string service = $"s{random.Next(4)}";
            string check = $"c{random.Next(8)}";
            switch (random.Next(5))
            {
                case 0:
                    _state.PutService(Service(service) with { Port = random.Next(3) }, RegistrationSource.Api, random.Next(2) == 0 ? [] : [Check(check, service)]);
                    break;
                case 1:
                    _state.RemoveService(service);
                    break;
                case 2:
                    _ = _state.PutCheck(Check(check, random.Next(2) == 0 ? "" : service));
                    break;
                case 3:
                    _state.RemoveCheck(check);
                    break;
                default:
                    _state.UpdateCheck(check, (CheckStatus)random.Next(3), $"{random.Next(3)}");
                    break;
            }

            LocalSnapshot now = _state.Current;
            Assert.Equal(
                now.Checks.Values.GroupBy(static c => c.ServiceId).OrderBy(static g => g.Key).Select(static g => (g.Key, string.Join(',', g.Select(static c => c.Id)))),
                now.CheckIdsByService.OrderBy(static e => e.Key).Select(static e => (e.Key, string.Join(',', e.Value))));
            Assert.All(now.Checks.Values, c => Assert.True(c.ServiceId.Length == 0 || now.Services.ContainsKey(c.ServiceId), "a check without its service"));
            Assert.Empty(now.Services.Keys.Intersect(now.DeletedServices));
            Assert.Empty(now.Checks.Keys.Intersect(now.DeletedChecks.Keys));
            Assert.Equal(now.Checks.Values.Count(static c => c.OutputDeferred), _time.Armed);
        }
    }

    public void Dispose() => _state.Dispose();

    private void MarkAllInSync()
    {
        LocalSnapshot now = _state.Current;
        foreach (LocalService service in now.Services.Values)
        {
            _state.MarkInSync(service, []);
        }

        _state.MarkInSync(service: null, now.Checks.Values);
    }

    private static ServiceDefinition Service(string id) => new() { Id = id, Name = id };

    private static LocalCheck Check(string id, string serviceId = "") => new() { Id = id, Name = id, ServiceId = serviceId, Source = RegistrationSource.Api };
}
