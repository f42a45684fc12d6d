using System.Security.Cryptography;
using K8sConsul.Contracts.Client;
using K8sConsul.TemplateRunner.Configuration;
using K8sConsul.TemplateRunner.Data;
using K8sConsul.TemplateRunner.Deduplication;
using K8sConsul.TemplateRunner.Dependencies;

namespace K8sConsul.TemplateRunner.Tests.Deduplication;

public sealed class DeduplicatorTests : IAsyncLifetime
{
    private const string Key = "consul-template/dedup/k8sconsul-1/t/data";
    private static readonly Dependency _a = DependencyParser.TryBlockingKey("a", out _)!;

    private readonly FakeStore _store = new();
    private readonly LogList _log = new();
    private FakeConsul _consul = null!;
    private ConsulClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _consul = await FakeConsul.StartAsync();
        _consul.Automatic = _store.ServeAsync;
        _client = _consul.Client();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _consul.DisposeAsync();
    }

    [Fact]
    public async Task One_leads_and_publishes_and_the_others_follow()
    {
        var first = new Instance(this);
        await first.BecomesAsync(SharingRole.Leader);
        var second = new Instance(this);
        await second.BecomesAsync(SharingRole.Follower);
        first.Publish("1");
        await second.HearsAsync("1");

        // Equal data is not written again, and a follower writes nothing.
        second.Publish("nonsense");
        first.Publish("1");
        first.Publish("2");
        await second.HearsAsync("2");
        Assert.Equal(3, _store.Writes.Count);
        await first.DisposeAsync();
        await second.BecomesAsync(SharingRole.Leader);
        await second.DisposeAsync();
        Assert.Equal(0, _store.Sessions);
        Assert.Null(_store.Get(Key));
    }

    [Fact]
    public async Task A_lost_session_frees_the_lock_and_a_new_one_takes_it()
    {
        await using var first = new Instance(this, ttl: TimeSpan.FromMilliseconds(40));
        await first.BecomesAsync(SharingRole.Leader);
        _store.EndSessions();
        await first.BecomesAsync(SharingRole.Alone);
        await first.BecomesAsync(SharingRole.Leader);
        Assert.Equal(1, _store.Sessions);
    }

    [Fact]
    public async Task Without_a_session_each_asks_for_himself()
    {
        _store.RefusesSessions = true;
        await using var first = new Instance(this);
        await first.BecomesAsync(SharingRole.Alone);
        await _log.WaitForAsync("(dedup) session: error=\"Unexpected response code: 500 (no session for you)\"");
    }

    [Fact]
    public async Task Data_that_does_not_fit_is_not_shared()
    {
        await using var first = new Instance(this);
        await first.BecomesAsync(SharingRole.Leader);
        await using var second = new Instance(this);
        await second.BecomesAsync(SharingRole.Follower);
        first.Publish(Convert.ToHexString(RandomNumberGenerator.GetBytes(2 * SharedBody.BodyBytesMax)));
        await second.BecomesAsync(SharingRole.Alone);
        Assert.Equal("__TOO_LARGE__"u8.ToArray(), _store.Get(Key));
        first.Publish("1");
        await second.BecomesAsync(SharingRole.Follower);
        await second.HearsAsync("1");
    }

    [Fact]
    public async Task A_leader_of_another_format_is_followed_without_data()
    {
        _store.Put(Key, [1, 2, 3], session: "somebody");
        await using var first = new Instance(this);
        await first.BecomesAsync(SharingRole.Follower);
        _store.Put(Key, SharedBody.Pack(SharedBody.ToJson([new(_a, new KeyData("x"))])), session: "somebody");
        await first.HearsAsync("x");
    }

    private sealed class Instance : ISharingEvents, IAsyncDisposable
    {
        private readonly Deduplicator _deduplicator;
        private readonly System.Threading.Channels.Channel<SharingRole> _roles = System.Threading.Channels.Channel.CreateUnbounded<SharingRole>();
        private readonly System.Threading.Channels.Channel<string> _heard = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public Instance(DeduplicatorTests tests, TimeSpan? ttl = null)
        {
            var config = new DeduplicateConfig { Enabled = true, Ttl = ttl ?? TimeSpan.FromSeconds(15) };
            _deduplicator = new Deduplicator(tests._client, config, ["t"], TimeProvider.System, tests._log, this);
            _deduplicator.Start();
        }

        public void Publish(string value)
        {
            _deduplicator.Publish("t", [new(_a, new KeyData(value)), new(DependencyParser.File("/f"), new FileData("not shared"))]);
        }

        public void RoleChanged(string templateId, SharingRole role)
        {
            _roles.Writer.TryWrite(role);
        }

        public void Shared(string templateId, IReadOnlyDictionary<Dependency, DependencyData> data)
        {
            Assert.Single(data);
            _heard.Writer.TryWrite(((KeyData)data[_a]).Value!);
        }

        public async Task BecomesAsync(SharingRole wanted)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (await _roles.Reader.ReadAsync(limit.Token) != wanted)
            {
                // On the way there.
            }
        }

        public async Task HearsAsync(string wanted)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (await _heard.Reader.ReadAsync(limit.Token) != wanted)
            {
                // An earlier one.
            }
        }

        public ValueTask DisposeAsync()
        {
            return _deduplicator.DisposeAsync();
        }
    }
}
