using K8sConsul.Raft;
using K8sConsul.Server.Consensus;
using K8sConsul.State;
using K8sConsul.State.Commands;
using K8sConsul.State.Records;
using K8sConsul.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace K8sConsul.Server.Tests.Support;

/// <summary>One Raft host with its state.</summary>
internal sealed class TestPeer : IAsyncDisposable
{
    public TestPeer(string id, TestNetwork network, RaftStorage? storage = null, Func<RaftHostOptions, RaftHostOptions>? configure = null)
    {
        Id = new ServerId(id);
        Storage = storage ?? RaftStorage.InMemory();
        var options = new RaftHostOptions
        {
            Self = Id,
            Tick = TimeSpan.FromMilliseconds(20),
            Raft = new RaftOptions
            {
                HeartbeatTimeoutTicks = 30,
                ElectionTimeoutTicks = 30,
                LeaderLeaseTicks = 30,
                HeartbeatIntervalTicks = 2,
                ReadMode = ReadMode.Lease,
                Seed = (ulong)Random.Shared.NextInt64() | 1,
            },
        };
        Host = new RaftHost(configure?.Invoke(options) ?? options, Storage, Store, network.Transport, Time, NullLogger<RaftHost>.Instance, Metrics.New());
        network.Attach(Id, Host);
    }

    public ServerId Id { get; }

    public SkewedTime Time { get; } = new();

    public StateStore Store { get; } = new();

    public RaftStorage Storage { get; }

    public RaftHost Host { get; }

    public RaftServer Server => new(Id, $"{Id}:8300");

    /// <summary>A peer that leads a cluster of itself.</summary>
    public static async Task<TestPeer> AloneAsync(RaftStorage? storage = null, Func<RaftHostOptions, RaftHostOptions>? configure = null)
    {
        var peer = new TestPeer("s1", new TestNetwork(), storage, configure);
        peer.Host.Start();
        await peer.Host.BootstrapAsync(new RaftConfiguration([peer.Server]));
        await Eventually.TrueAsync(() => peer.Host.HoldsLease(out _), "the only server leads");
        return peer;
    }

    public static KvCommand Put(string key, string value = "v") =>
        new(KvVerb.Set, new KvRecord { Key = key, Value = System.Text.Encoding.UTF8.GetBytes(value) });

    public string? Value(string key) =>
        Store.Current.KvGet(key).Entry is { } entry ? System.Text.Encoding.UTF8.GetString(entry.Value) : null;

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
