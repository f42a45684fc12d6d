using System.Text;
using K8sConsul.Contracts.Client;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Dependencies;
using K8sConsul.TemplateRunner.Watching;
using K8sConsul.Tests;

namespace K8sConsul.TemplateRunner.Tests.Watching;

public sealed class WatcherSetTests : IAsyncLifetime
{
    private const string Key = "/v1/kv/a";
    private static readonly TimeSpan _spacing = TimeSpan.FromMilliseconds(110);

    private readonly ManualTime _time = new();
    private readonly LogList _log = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly TaskCompletionSource<string> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dependency _key = DependencyParser.TryBlockingKey("a", out _)!;
    private FakeConsul _consul = null!;
    private ConsulClient _client = null!;
    private WatcherSet _watchers = null!;

    public async ValueTask InitializeAsync()
    {
        _consul = await FakeConsul.StartAsync();
        _client = _consul.Client();
        Use(new WatchSettings { Random = static () => 0.5 });
    }

    public async ValueTask DisposeAsync()
    {
        await _watchers.DisposeAsync();
        _client.Dispose();
        await _consul.DisposeAsync();
        Assert.Equal(0, _watchers.Count);
    }

    [Fact]
    public async Task Each_answer_leads_to_a_blocking_query_for_the_next()
    {
        _watchers.Start(_key);
        FakeRequest first = await _consul.NextAsync(Key);
        Assert.Equal("?stale=&wait=60000ms", first.Query);
        first.Reply(Pair("1"), index: 7);
        Assert.Equal("1", await NewsAsync());
        FakeRequest second = await NextAfterSpacingAsync();
        Assert.Equal("?index=7&stale=&wait=60000ms", second.Query);
        second.Reply(Pair("2"), index: 9);
        Assert.Equal("2", await NewsAsync());
        Assert.Equal("?index=9&stale=&wait=60000ms", (await NextAfterSpacingAsync()).Query);
    }

    [Fact]
    public async Task The_same_index_and_equal_data_are_no_news()
    {
        _watchers.Start(_key);
        (await _consul.NextAsync(Key)).Reply(Pair("1", modify: 5), index: 7);
        Assert.Equal("1", await NewsAsync());
        (await NextAfterSpacingAsync()).Reply(Pair("2"), index: 7);
        (await NextAfterSpacingAsync()).Reply(Pair("1", modify: 5), index: 8);
        (await NextAfterSpacingAsync()).Reply(Pair("3"), index: 9);
        Assert.Equal("3", await NewsAsync());
        Assert.Equal(0, _news.CurrentCount);
    }

    [Fact]
    public async Task An_index_that_went_down_starts_from_zero()
    {
        _watchers.Start(_key);
        (await _consul.NextAsync(Key)).Reply(Pair("1"), index: 7);
        await NewsAsync();
        (await NextAfterSpacingAsync()).Reply(Pair("2"), index: 3);
        FakeRequest again = await _consul.NextAsync(Key);
        Assert.Equal("?stale=&wait=60000ms", again.Query);
        again.Reply(Pair("2"), index: 3);
        Assert.Equal("2", await NewsAsync());
    }

    [Fact]
    public async Task An_answer_that_is_too_old_is_asked_for_again_from_the_leader()
    {
        _watchers.Start(_key);
        (await _consul.NextAsync(Key)).Reply(Pair("old"), index: 7, lastContactMs: 2001);
        FakeRequest again = await _consul.NextAsync(Key);
        Assert.Equal("?wait=60000ms", again.Query);
        again.Reply(Pair("new"), index: 8, lastContactMs: 5000);
        Assert.Equal("new", await NewsAsync());
        FakeRequest next = await NextAfterSpacingAsync();
        Assert.Contains("stale=", next.Query, StringComparison.Ordinal);
        next.Reply(Pair("2"), index: 9, lastContactMs: 2000);
        Assert.Equal("2", await NewsAsync());
    }

    [Fact]
    public async Task Without_max_stale_only_the_leader_is_asked()
    {
        Use(new WatchSettings { MaxStale = TimeSpan.Zero });
        _watchers.Start(_key);
        Assert.Equal("?wait=60000ms", (await _consul.NextAsync(Key)).Query);
    }

    [Fact]
    public async Task Failures_are_repeated_with_growing_pauses_and_what_is_known_stays()
    {
        _watchers.Start(_key);
        (await _consul.NextAsync(Key)).Reply(Pair("1"), index: 7);
        Assert.Equal("1", await NewsAsync());
        (await NextAfterSpacingAsync()).Reply("no leader", index: 0, status: 500);
        (await NextAfterAsync(250)).Reply("no leader", index: 0, status: 500);
        FakeRequest third = await NextAfterAsync(500);
        Assert.Contains("index=7", third.Query, StringComparison.Ordinal);
        third.Reply(Pair("2"), index: 8);
        Assert.Equal("2", await NewsAsync());
        Assert.Contains("Warning: (view) kv.block(a): Unexpected response code: 500 (retry attempt 1 after \"250ms\")", _log.Text, StringComparison.Ordinal);
        Assert.Contains("Warning: (view) kv.block(a): Unexpected response code: 500 (retry attempt 2 after \"500ms\")", _log.Text, StringComparison.Ordinal);

        // The count begins anew after a success.
        (await NextAfterSpacingAsync()).Reply("", index: 0, status: 503);
        await NextAfterAsync(250);
    }

    [Fact]
    public async Task Too_many_failures_end_the_run()
    {
        Use(new WatchSettings { Retry = new RetryConfig { Attempts = 2 } });
        _watchers.Start(_key);
        (await _consul.NextAsync(Key)).Reply("", index: 0, status: 500);
        (await NextAfterAsync(250)).Reply("", index: 0, status: 500);
        (await NextAfterAsync(500)).Reply("", index: 0, status: 500);
        Assert.Equal("kv.block(a): Unexpected response code: 500 (exceeded maximum retries)", await FailureAsync());
    }

    [Fact]
    public async Task An_absent_key_is_waited_for()
    {
        _watchers.Start(_key);
        (await _consul.NextAsync(Key)).Reply("", index: 7, status: 404);
        FakeRequest next = await NextAfterSpacingAsync();
        Assert.Contains("index=7", next.Query, StringComparison.Ordinal);
        next.Reply(Pair("1"), index: 8);
        Assert.Equal("1", await NewsAsync());
        (await NextAfterSpacingAsync()).Reply("", index: 9, status: 404);
        (await NextAfterSpacingAsync()).Reply(Pair("2"), index: 10);
        Assert.Equal("2", await NewsAsync());
    }

    [Fact]
    public async Task An_absent_key_can_be_made_an_error()
    {
        Use(new WatchSettings { FailOnAbsentKey = true });
        _watchers.Start(_key);
        (await _consul.NextAsync(Key)).Reply("", index: 7, status: 404);
        Assert.Equal("kv.block(a): lookup error", await FailureAsync());
    }

    [Fact]
    public async Task A_key_that_may_be_absent_says_so()
    {
        Dependency maybe = DependencyParser.TryKey("a", out _)!;
        _watchers.Start(maybe);
        (await _consul.NextAsync(Key)).Reply("", index: 7, status: 404);
        Assert.Null(await NewsAsync());
    }

    [Fact]
    public async Task A_connection_that_has_died_is_given_up_at_last()
    {
        _watchers.Start(_key);
        await _consul.NextAsync(Key);
        _time.Advance(TimeSpan.FromSeconds(93.75));
        await NextAfterAsync(250);
        Assert.Contains("kv.block(a): i/o timeout (retry attempt 1", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_watcher_ends_its_request_and_its_news_are_gone()
    {
        _watchers.Start(_key);
        (await _consul.NextAsync(Key)).Reply(Pair("1"), index: 7);
        await WaitForNewsAsync();
        _watchers.Stop(_key);
        Assert.Empty(_watchers.Take());
        Assert.Equal(0, _watchers.Count);
        _watchers.Start(_key);
        FakeRequest request = await _consul.NextAsync(Key);
        Assert.DoesNotContain("index", request.Query, StringComparison.Ordinal);
        _watchers.Stop(_key);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request.Answered.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_dependency_is_asked_for_once_however_often_it_is_started()
    {
        _watchers.Start(_key);
        _watchers.Start(DependencyParser.TryBlockingKey("a", out _)!);
        await _consul.NextAsync(Key);
        Assert.Equal(1, _watchers.Count);
        Assert.Equal(1, _consul.Pending);
    }

    [Theory]
    [InlineData("service", "tag.web?ns=n&partition=p@dc1~near", "/v1/health/service/web", "?dc=dc1&near=near&ns=n&partition=p&passing=1&stale=&tag=tag&wait=60000ms")]
    [InlineData("service", "web|any", "/v1/health/service/web", "?stale=&wait=60000ms")]
    [InlineData("service", "web?peer=p", "/v1/health/service/web", "?passing=1&peer=p&stale=&wait=60000ms")]
    [InlineData("connect", "web?sameness-group=g", "/v1/health/connect/web", "?passing=1&sameness-group=g&stale=&wait=60000ms")]
    [InlineData("ls", "a/b", "/v1/kv/a/b", "?recurse=&stale=&wait=60000ms")]
    [InlineData("key", "a@dc2", "/v1/kv/a", "?dc=dc2&stale=&wait=60000ms")]
    [InlineData("node", "n@dc2", "/v1/catalog/node/n", "?dc=dc2&stale=&wait=60000ms")]
    [InlineData("nodes", "@dc2~n", "/v1/catalog/nodes", "?dc=dc2&near=n&stale=&wait=60000ms")]
    [InlineData("services", "@dc2", "/v1/catalog/services", "?dc=dc2&stale=&wait=60000ms")]
    [InlineData("caRoots", "", "/v1/agent/connect/ca/roots", "?stale=&wait=60000ms")]
    [InlineData("caLeaf", "web", "/v1/agent/connect/ca/leaf/web", "?stale=&wait=60000ms")]
    public async Task Every_kind_asks_its_endpoint(string function, string argument, string path, string query)
    {
        _watchers.Start(Tests.Dependencies.DependencyParserTests.Parse(function, argument, out _)!);
        Assert.Equal(query, (await _consul.NextAsync(path)).Query);
    }

    [Theory]
    [InlineData("service", "web", "/v1/health/service/web", """[{"Node":{"Node":"n","Address":"1.1.1.1"},"Service":{"ID":"w","Service":"web","Port":80},"Checks":[]}]""")]
    [InlineData("services", "", "/v1/catalog/services", """{"web":["b","a"]}""")]
    [InlineData("nodes", "", "/v1/catalog/nodes", """[{"Node":"n","Address":"1.1.1.1"}]""")]
    [InlineData("node", "n", "/v1/catalog/node/n", """{"Node":{"Node":"n"},"Services":{"w":{"ID":"w","Service":"web"}}}""")]
    [InlineData("node", "n", "/v1/catalog/node/n", "null")]
    [InlineData("ls", "a", "/v1/kv/a", """[{"Key":"a/b","Value":"MQ==","Flags":3,"Session":"s"}]""")]
    [InlineData("caRoots", "", "/v1/agent/connect/ca/roots", """{"Roots":[{"ID":"r","RootCert":"pem","Active":true}]}""")]
    [InlineData("caLeaf", "web", "/v1/agent/connect/ca/leaf/web", """{"CertPEM":"c","PrivateKeyPEM":"k","ValidBefore":"2027-01-01T00:00:00Z"}""")]
    public async Task Every_kind_reads_its_answer(string function, string argument, string path, string body)
    {
        Dependency dependency = Tests.Dependencies.DependencyParserTests.Parse(function, argument, out _)!;
        _watchers.Start(dependency);
        (await _consul.NextAsync(path)).Reply(body, index: 1);
        await WaitForNewsAsync();
        DependencyData data = _watchers.Take().Single(news => news.Key == dependency).Value;
        string json = Encoding.UTF8.GetString(DataCodec.Encode(data));
        Assert.Contains(body switch { "null" => "null", _ => function switch { "service" => "1.1.1.1", "services" => "\"a\",\"b\"", "ls" => "\"a/b\"", "caRoots" => "pem", "caLeaf" => "2027-01-01T00:00:00Z", _ => "\"n\"" } }, json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_agent_s_own_node_is_asked_for_by_its_name()
    {
        _watchers.Start(DependencyParser.TryNode("", out _)!);
        (await _consul.NextAsync("/v1/agent/self")).Reply("""{"Config":{"NodeName":"me"}}""", index: 0);
        await _consul.NextAsync("/v1/catalog/node/me");
    }

    [Fact]
    public async Task Datacenters_are_asked_for_every_fifteen_seconds()
    {
        const string Path = "/v1/catalog/datacenters";
        _watchers.Start(DependencyParser.Datacenters(ignoreUnreachable: false));
        (await _consul.NextAsync(Path)).Reply("""["b","a"]""", index: 0);
        Assert.Equal("a b", await DatacentersAsync());
        await AdvanceAsync(_spacing);
        await AdvanceAsync(TimeSpan.FromSeconds(15));
        (await _consul.NextAsync(Path)).Reply("""["b","a","c"]""", index: 0);
        Assert.Equal("a b c", await DatacentersAsync());
    }

    [Fact]
    public async Task Unreachable_datacenters_can_be_left_out()
    {
        _watchers.Start(DependencyParser.Datacenters(ignoreUnreachable: true));
        (await _consul.NextAsync("/v1/catalog/datacenters")).Reply("""["a","b"]""", index: 0);
        FakeRequest first = await _consul.NextAsync("/v1/catalog/nodes");
        Assert.Equal("?dc=a&stale=", first.Query);
        first.Reply("No path to datacenter", index: 0, status: 500);
        (await _consul.NextAsync("/v1/catalog/nodes")).Reply("[]", index: 1);
        Assert.Equal("b", await DatacentersAsync());
    }

    [Fact]
    public async Task A_file_is_looked_at_every_two_seconds()
    {
        using var folder = new TempFolder();
        string path = folder.Write("f", "one");
        _watchers.Start(DependencyParser.File(path));
        await WaitForNewsAsync();
        Assert.Equal(new FileData("one"), _watchers.Take().Single().Value);
        await AdvanceAsync(_spacing);
        await AdvanceAsync(TimeSpan.FromSeconds(2));
        await ArmedAsync(TimeSpan.FromSeconds(2));
        folder.Write("f", "other");
        await AdvanceAsync(TimeSpan.FromSeconds(2));
        await WaitForNewsAsync();
        Assert.Equal(new FileData("other"), _watchers.Take().Single().Value);
    }

    [Fact]
    public async Task A_missing_file_is_a_failure_that_may_pass()
    {
        using var folder = new TempFolder();
        _watchers.Start(DependencyParser.File(folder.Path("f")));
        await AdvanceAsync(TimeSpan.FromMilliseconds(250));
        await ArmedAsync(TimeSpan.FromMilliseconds(500));
        folder.Write("f", "x");
        await AdvanceAsync(TimeSpan.FromMilliseconds(500));
        await WaitForNewsAsync();
        Assert.Equal(new FileData("x"), _watchers.Take().Single().Value);
        Assert.Contains($"file({folder.Path("f")}): stat {folder.Path("f")}: no such file or directory (retry attempt 1", _log.Text, StringComparison.Ordinal);
    }

    /// <summary>A thousand blocking queries at once: each holds a connection and none a thread.</summary>
    [Fact]
    public async Task Many_dependencies_are_watched_at_once()
    {
        const int Count = 1000;
        int before = ThreadPool.ThreadCount;
        Dependency[] dependencies = [.. Enumerable.Range(0, Count).Select(i => DependencyParser.TryBlockingKey($"many{i}", out _)!)];
        foreach (Dependency dependency in dependencies)
        {
            _watchers.Start(dependency);
        }

        FakeRequest[] requests = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => _consul.NextAsync($"/v1/kv/many{i}")));
        Assert.Equal(Count, _consul.Pending);
        Assert.True(ThreadPool.ThreadCount < before + 100, $"{ThreadPool.ThreadCount} threads");
        foreach (FakeRequest request in requests)
        {
            request.Reply(Pair("1"), index: 1);
        }

        int taken = 0;
        while (taken < Count)
        {
            await WaitForNewsAsync();
            taken += _watchers.Take().Count;
        }
    }

    private void Use(WatchSettings settings)
    {
        _watchers = new WatcherSet(
            new DependencySource(_client, TimeSpan.FromSeconds(60), _time), settings with { Random = static () => 0.5 }, _time, _log,
            () => _news.Release(), text => _failed.TrySetResult(text));
    }

    private async Task<string?> NewsAsync()
    {
        await WaitForNewsAsync();
        return ((KeyData)_watchers.Take().Single().Value).Value;
    }

    private async Task<string> DatacentersAsync()
    {
        await WaitForNewsAsync();
        return string.Join(' ', ((DatacentersData)_watchers.Take().Single().Value).Names);
    }

    private async Task WaitForNewsAsync()
    {
        Assert.True(await _news.WaitAsync(TimeSpan.FromSeconds(20)), "no watcher has told anything");
    }

    private Task<string> FailureAsync()
    {
        return _failed.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private Task<FakeRequest> NextAfterSpacingAsync()
    {
        return NextAfterAsync(_spacing.TotalMilliseconds);
    }

    private async Task<FakeRequest> NextAfterAsync(double milliseconds)
    {
        await AdvanceAsync(TimeSpan.FromMilliseconds(milliseconds));
        return await _consul.NextAsync(Key);
    }

    /// <summary>Moves the clock once a watcher waits for exactly that long.</summary>
    private async Task AdvanceAsync(TimeSpan by)
    {
        await ArmedAsync(by);
        _time.Advance(by);
    }

    private async Task ArmedAsync(TimeSpan by)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_time.NextDue != by)
        {
            Assert.False(limit.IsCancellationRequested, $"nobody waits for {by}, but for {_time.NextDue}");
            await Task.Yield();
        }
    }

    private static string Pair(string value, ulong modify = 0)
    {
        return $$"""[{"Key":"a","Value":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}}","ModifyIndex":{{modify}}}]""";
    }
}
