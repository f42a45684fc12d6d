using K8sConsul.Server.Api;
using K8sConsul.Server.Api.Reading;
using K8sConsul.Server.Tests.Support;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.Tests;

namespace K8sConsul.Server.Tests.Api;

/// <summary>spec/cluster.md, section 11.</summary>
public sealed class StateReaderTests
{
    private readonly ManualTime _time = new();
    private readonly StoreLog _log = new();
    private readonly StateReader _reader;
    private TimeSpan _longestJitter;
    private int _runs;

    public StateReaderTests() => _reader = new StateReader(
        _log.Store,
        new ReadLimits(TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(600)),
        _time,
        longest => (_longestJitter = longest) / 2,
        () => new ReadFreshness(KnownLeader: true, TimeSpan.FromMilliseconds(7)),
        Metrics.New().Rpc);

    [Fact]
    public async Task Without_an_index_a_read_answers_at_once_and_never_with_index_0()
    {
        ApiResponse answer = await ReadAsync("a", "").InTimeAsync();
        Assert.Equal("1", Header(answer, "X-Consul-Index"));
        Put("a");
        Assert.Equal("2", Header(await ReadAsync("a", "").InTimeAsync(), "X-Consul-Index"));
        Assert.Equal("2", Header(await ReadAsync("a", "index=1").InTimeAsync(), "X-Consul-Index"));
    }

    [Fact]
    public async Task A_read_waits_for_its_key_and_for_nothing_else()
    {
        Put("a");
        Put("b");
        Task<ApiResponse> reading = ReadAsync("a", "index=2");
        Assert.Equal(1, _runs);
        for (int i = 0; i < 50; i++)
        {
            Put("b");
            Put($"c{i}");
        }

        Assert.False(reading.IsCompleted);
        Assert.Equal(1, _runs);
        Put("a");
        Assert.Equal("104", Header(await reading.InTimeAsync(), "X-Consul-Index"));
        await Eventually.TrueAsync(() => _time.Armed == 0, "its timer is gone");
    }

    [Theory]
    [InlineData("index=5", 300)]
    [InlineData("index=5&wait=0s", 300)]
    [InlineData("index=5&wait=-3s", 300)]
    [InlineData("index=5&wait=16s", 16)]
    [InlineData("index=5&wait=10m", 600)]
    [InlineData("index=5&wait=100h", 600)]
    public async Task A_read_that_sees_no_change_answers_after_its_wait_and_half_the_jitter(string query, int seconds)
    {
        Put("a");
        Task<ApiResponse> reading = ReadAsync("a", query);
        TimeSpan wait = TimeSpan.FromSeconds(seconds);
        Assert.Equal(wait / 16, _longestJitter);
        Assert.Equal(wait + (wait / 32), _time.NextDue);
        _time.Advance(wait + (wait / 32) - TimeSpan.FromMilliseconds(1));
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        ApiResponse answer = await reading.InTimeAsync();
        Assert.Equal(("2", 200), (Header(answer, "X-Consul-Index"), answer.Status));
    }

    /// <summary>Wakes that change nothing must not make a read wait anew.</summary>
    [Fact]
    public async Task The_wait_is_counted_from_the_beginning()
    {
        Put("a");
        Task<ApiResponse> reading = ReadAsync("a", "index=1000&wait=32s");
        for (int i = 1; i <= 32; i++)
        {
            int runs = _runs;
            Put("a");
            await Eventually.TrueAsync(() => _runs > runs && _time.Armed == 1, "the query runs again");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(reading.IsCompleted);
        Assert.Equal(TimeSpan.FromSeconds(1), _time.NextDue);
        _time.Advance(TimeSpan.FromSeconds(1));
        await reading.InTimeAsync();
    }

    [Fact]
    public async Task A_restore_ends_every_wait_also_when_the_index_falls()
    {
        Put("a");
        Put("a");
        var other = new StateStore();
        other.Apply(1, TestPeer.Put("z"));
        other.Publish();
        Task<ApiResponse> reading = ReadAsync("missing", "index=100");
        _log.Replace(other.Current);
        ApiResponse answer = await reading.InTimeAsync();
        Assert.Equal("1", Header(answer, "X-Consul-Index"));
    }

    [Fact]
    public async Task Who_goes_away_is_not_waited_for()
    {
        using var gone = new CancellationTokenSource();
        Task<ApiResponse> reading = _reader.ReadAsync(Request("index=100"), Query("a"), static _ => ApiResponse.Empty(), tellConsistency: true, gone.Token).AsTask();
        Assert.Equal(1, _time.Armed);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(reading.InTimeAsync);
        await Eventually.TrueAsync(() => _time.Armed == 0, "its timer is gone");
    }

    [Fact]
    public async Task A_query_for_what_has_no_table_to_wait_on_answers_at_once_with_1()
    {
        ApiResponse answer = await _reader.ReadAsync(
            Request("index=50"), static (_, _) => (StateReader.NothingToWaitFor, 0), static _ => ApiResponse.Empty(), tellConsistency: false, default).InTimeAsync();
        Assert.Equal("1", Header(answer, "X-Consul-Index"));
    }

    [Theory]
    [InlineData("", "leader", "0")]
    [InlineData("consistent", "consistent", "0")]
    [InlineData("stale", "stale", "7")]
    [InlineData("max_stale=5s", "stale", "7")]
    public async Task The_answer_says_how_fresh_it_is(string query, string consistency, string contact)
    {
        ApiResponse answer = await ReadAsync("a", query).InTimeAsync();
        Assert.Equal(
            (consistency, contact, "true"),
            (Header(answer, "X-Consul-Effective-Consistency"), Header(answer, "X-Consul-Lastcontact"), Header(answer, "X-Consul-Knownleader")));
    }

    [Theory]
    [InlineData("index=x", "Invalid index")]
    [InlineData("index=-1", "Invalid index")]
    [InlineData("wait=x", "Invalid wait time")]
    [InlineData("max_stale=x", "Invalid max_stale value \"x\"")]
    [InlineData("stale&consistent", "Cannot specify ?stale with ?consistent, conflicting semantics.")]
    [InlineData("cached&consistent", "Cannot specify ?cached with ?consistent, conflicting semantics.")]
    public async Task What_cannot_be_understood_is_refused_in_Consuls_words(string query, string text)
    {
        ApiRefusedException refused = await Assert.ThrowsAsync<ApiRefusedException>(() => ReadAsync("a", query));
        Assert.Equal((400, text), (refused.Status, refused.Message));
    }

    private Task<ApiResponse> ReadAsync(string key, string query) =>
        _reader.ReadAsync(Request(query), Query(key), static _ => ApiResponse.Empty(), tellConsistency: true, TestContext.Current.CancellationToken).AsTask();

    private StateQuery<KvRecord?> Query(string key) => (state, watches) =>
    {
        _runs++;
        return state.KvGet(key, watches);
    };

    private static ApiRequest Request(string query) =>
        new() { Method = "GET", Path = "/v1/kv/a", Query = ApiQuery.Parse(query)!, Source = new ApiSource("n", "dc1", "127.0.0.1") };

    private void Put(string key) => _log.Apply(new KvCommand(KvVerb.Set, new KvRecord { Key = key, Value = Guid.NewGuid().ToByteArray() }));

    private static string? Header(ApiResponse answer, string name) => answer.Headers.Where(h => h.Key == name).Select(h => h.Value).SingleOrDefault();
}
