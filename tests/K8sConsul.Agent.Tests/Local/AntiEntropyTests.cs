using K8sConsul.Agent.Local;
using K8sConsul.Agent.Local.Definitions;
using K8sConsul.Tests;

namespace K8sConsul.Agent.Tests.Local;

public sealed class AntiEntropyTests : IAsyncDisposable
{
    private static readonly NodeInfo Node = new() { Id = "id", Name = "n1", Address = "10.0.0.1" };

    private readonly ManualTime _time = new();
    private readonly FakeCatalog _catalog = new();
    private readonly FakeTokens _tokens = new();
    private readonly RecordingLogger _logger = new();
    private readonly LocalState _state;
    private readonly AntiEntropy _sync;

    public AntiEntropyTests()
    {
        _state = new LocalState(new LocalStateOptions("n1", TimeSpan.FromMinutes(5)), _time, static max => max * 0.5);
        _state.SetNode(Node);
        _sync = new AntiEntropy(_state, _catalog, _tokens, static max => max * 0.5, _time, _logger);
    }

    [Fact]
    public async Task The_first_sync_sends_everything_and_says_so_as_Consul_does()
    {
        _state.PutService(new ServiceDefinition { Id = "web", Name = "web" }, RegistrationSource.Api, [Check("c", "web")]);
        _state.PutCheck(Check("disk"));
        _catalog.Node = new RemoteNode
        {
            Services = _catalog.Node.Services.Add("old", new ServiceDefinition { Id = "old", Name = "old" }).Add("consul", new ServiceDefinition { Id = "consul", Name = "consul" }),
            Checks = _catalog.Node.Checks.Add("oldcheck", new RemoteCheck { Id = "oldcheck" }).Add("serfHealth", new RemoteCheck { Id = "serfHealth" }),
        };
        await StartAndSettle();
        Assert.Equal(
            ["read token=agent", "register node token=agent", "deregister service=old token=agent", "register service=web checks=c token=user skip", "deregister check=oldcheck token=agent", "register checks=disk token=user skip"],
            _catalog.Requests);
        Assert.Equal(
            ["[Information] Synced node info", "[Information] Deregistered service: service=old", "[Information] Synced service: service=web", "[Information] Deregistered check: check=oldcheck", "[Information] Synced check: check=disk"],
            _logger.Lines);
        Assert.True(_sync.FirstFullSync.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_change_is_synced_at_once_and_only_the_change()
    {
        _state.PutCheck(Check("disk"));
        await StartAndSettle();
        _catalog.Requests.Clear();
        _state.UpdateCheck("disk", CheckStatus.Passing, "fine");
        await Settled();
        Assert.Equal(["register checks=disk token=user skip"], _catalog.Requests);
        Assert.Equal("passing", _catalog.Node.Checks["disk"].Status);
    }

    [Fact]
    public async Task What_somebody_else_changed_is_put_right_by_the_next_full_sync()
    {
        _state.PutCheck(Check("disk"));
        await StartAndSettle();
        _catalog.Requests.Clear();
        _catalog.Node = _catalog.Node with { Checks = _catalog.Node.Checks.Clear(), Info = Node with { Address = "wrong" } };
        _time.Advance(TimeSpan.FromSeconds(89));
        await Settled();
        Assert.Empty(_catalog.Requests);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Settled();
        Assert.Equal(["read token=agent", "register node token=agent", "register checks=disk token=user skip"], _catalog.Requests);
    }

    [Fact]
    public async Task A_failed_read_is_retried_and_a_server_that_joins_shortens_the_wait()
    {
        _catalog.Interfere = static request => request.StartsWith("read", StringComparison.Ordinal) ? new CatalogAnswer(CatalogOutcome.Failed, "No known Consul servers") : null;
        await StartAndSettle();
        Assert.Equal(["[Error] failed to sync remote state: error=\"No known Consul servers\""], _logger.Lines);
        Assert.Equal(TimeSpan.FromSeconds(22.5), _time.NextDue);
        _catalog.Interfere = static _ => null;
        _sync.ServerJoined();
        await Settled();
        Assert.Equal(TimeSpan.FromSeconds(1.5), _time.NextDue);
        _time.Advance(TimeSpan.FromSeconds(1.5));
        await Settled();
        Assert.True(_sync.FirstFullSync.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(CatalogOutcome.PermissionDenied)]
    [InlineData(CatalogOutcome.AclNotFound)]
    public async Task What_the_ACLs_forbid_is_left_alone_until_the_next_full_sync(CatalogOutcome outcome)
    {
        await StartAndSettle();
        _state.PutService(new ServiceDefinition { Id = "web", Name = "web" }, RegistrationSource.Api, []);
        await Settled();
        _state.RemoveService("web");
        _state.PutCheck(Check("disk"));
        _catalog.Interfere = request => request.StartsWith("read", StringComparison.Ordinal) ? null : new CatalogAnswer(outcome, "Permission denied");
        await Settled();
        _state.PutService(new ServiceDefinition { Id = "api", Name = "api" }, RegistrationSource.Api, []);
        await Settled();
        _catalog.Requests.Clear();
        _sync.TriggerChanges();
        await Settled();
        Assert.Empty(_catalog.Requests);
        Assert.Contains("[Warning] Check registration blocked by ACLs: check=disk", _logger.Lines);
        Assert.Contains("[Warning] Service registration blocked by ACLs: service=api", _logger.Lines);
        Assert.Contains("[Warning] Service deregistration blocked by ACLs: service=web", _logger.Lines);
        Assert.DoesNotContain(_logger.Lines, static l => l.StartsWith("[Error]", StringComparison.Ordinal));
        _catalog.Interfere = static _ => null;
        _time.Advance(TimeSpan.FromSeconds(90));
        await Settled();
        Assert.Equal(["api"], _catalog.Node.Services.Keys);
        Assert.Equal(["disk"], _catalog.Node.Checks.Keys);
    }

    [Fact]
    public async Task One_failure_does_not_stop_the_others()
    {
        await StartAndSettle();
        _catalog.Interfere = static request => request.Contains("service=a ", StringComparison.Ordinal) ? new CatalogAnswer(CatalogOutcome.Failed, "rpc error") : null;
        _sync.Pause();
        _state.PutService(new ServiceDefinition { Id = "a", Name = "a" }, RegistrationSource.Api, []);
        _state.PutService(new ServiceDefinition { Id = "b", Name = "b" }, RegistrationSource.Api, []);
        await Settled();
        Assert.Empty(_catalog.Node.Services);
        _sync.Resume();
        await Settled();
        Assert.Equal(["b"], _catalog.Node.Services.Keys);
        Assert.Contains("[Warning] Syncing service failed.: service=a error=\"rpc error\"", _logger.Lines);
        Assert.Contains("[Error] failed to sync changes: error=\"rpc error\"", _logger.Lines);
    }

    [Fact]
    public async Task A_failed_node_update_ends_the_sync()
    {
        _state.PutCheck(Check("disk"));
        _catalog.Interfere = static request => request.StartsWith("register node", StringComparison.Ordinal) ? new CatalogAnswer(CatalogOutcome.Failed, "No cluster leader") : null;
        await StartAndSettle();
        Assert.Equal(["read token=agent", "register node token=agent"], _catalog.Requests);
        Assert.False(_sync.FirstFullSync.IsCompleted);
    }

    [Fact]
    public async Task A_thing_unknown_to_the_catalog_counts_as_deregistered()
    {
        await StartAndSettle();
        _state.PutCheck(Check("disk"));
        await Settled();
        _catalog.Interfere = static request => request.StartsWith("deregister", StringComparison.Ordinal) ? new CatalogAnswer(CatalogOutcome.Unknown, "Unknown check") : null;
        _state.RemoveCheck("disk");
        await Settled();
        Assert.Contains("[Information] Deregistered check: check=disk", _logger.Lines);
        Assert.Empty(_state.Current.DeletedChecks);
    }

    [Fact]
    public async Task What_changes_while_it_is_being_sent_is_sent_again()
    {
        await StartAndSettle();
        bool changed = false;
        _catalog.Before = request =>
        {
            if (!changed && request.Contains("checks=disk", StringComparison.Ordinal))
            {
                changed = true;
                _state.UpdateCheck("disk", CheckStatus.Passing, "newer");
            }
        };
        _catalog.Requests.Clear();
        _state.PutCheck(Check("disk"));
        await Settled();
        Assert.Equal(2, _catalog.Requests.Count);
        Assert.Equal("passing", _catalog.Node.Checks["disk"].Status);
        Assert.True(_state.Current.Checks["disk"].InSync);
    }

    [Fact]
    public async Task Tokens_are_the_own_one_then_that_of_files_then_the_default()
    {
        _tokens.ConfigFileRegistration = "files";
        _tokens.Agent = "";
        _state.PutService(new ServiceDefinition { Id = "a", Name = "a", Token = "own" }, RegistrationSource.Config, [Check("a1", "a")]);
        _state.PutService(new ServiceDefinition { Id = "b", Name = "b" }, RegistrationSource.Config, []);
        await StartAndSettle();
        Assert.Equal(
            ["read token=user", "register node token=user", "register service=a token=own skip", "register service=b token=files skip", "register service=a checks=a1 token=user skip"],
            _catalog.Requests);
    }

    [Fact]
    public async Task A_seam_that_throws_does_not_end_the_syncing()
    {
        _catalog.Before = static _ => throw new InvalidOperationException("broken seam");
        await StartAndSettle();
        Assert.Equal(["[Error] anti-entropy: sync broke off"], _logger.Lines);
        _catalog.Before = static _ => { };
        _time.Advance(TimeSpan.FromSeconds(22.5));
        await Settled();
        Assert.True(_sync.FirstFullSync.IsCompletedSuccessfully);
    }

    public async ValueTask DisposeAsync()
    {
        await _sync.DisposeAsync();
        _state.Dispose();
    }

    private static LocalCheck Check(string id, string serviceId = "") => new() { Id = id, Name = id, ServiceId = serviceId, Source = RegistrationSource.Api };

    private Task StartAndSettle()
    {
        _sync.Start();
        return Settled();
    }

    private async Task Settled()
    {
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        while (!_sync.IsIdle)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "anti-entropy did not come to rest within 30 s");
            await Task.Yield();
        }
    }
}
