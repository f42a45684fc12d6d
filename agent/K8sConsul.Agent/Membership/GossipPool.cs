using System.Threading.Channels;
using K8sConsul.Gossip;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Membership;

/// <summary>
/// One gossip pool (LAN or WAN): the sockets, timers and files around <see cref="GossipNode"/>, and what the rest of the agent
/// asks of it. Any thread may call any member.
/// </summary>
public sealed partial class GossipPool : IAsyncDisposable
{
    public GossipPool(GossipPoolOptions options, TimeProvider time, ILogger<GossipPool> logger)
    {
        throw new NotSupportedException();
    }

    /// <summary>The members as of now. Taking it never waits; it does not change in the reader's hand.</summary>
    public MemberList Members => throw new NotSupportedException();

    /// <summary>Ourselves, with the address and port that were bound.</summary>
    public Member LocalMember => throw new NotSupportedException();

    /// <summary>
    /// Member changes and user events, in order. Bounded: a consumer that stops reading loses the newest events (counted in
    /// <see cref="EventsDropped"/>) and must compare with <see cref="Members"/> when it resumes.
    /// </summary>
    public ChannelReader<GossipEvent> Events => throw new NotSupportedException();

    public long EventsDropped => throw new NotSupportedException();

    /// <summary>Packets thrown away because the pool was busy.</summary>
    public long PacketsDropped => throw new NotSupportedException();

    /// <summary>Consul's <c>serf_lan</c> or <c>serf_wan</c> figures.</summary>
    public GossipStats Stats => throw new NotSupportedException();

    /// <summary>A keyring is in use.</summary>
    public bool Encrypted => throw new NotSupportedException();

    /// <summary>Our own network coordinate.</summary>
    public Coordinate Coordinate => throw new NotSupportedException();

    /// <summary>The coordinate that a member sent with its last answer to our probe, or null.</summary>
    public Coordinate? CachedCoordinate(string memberName) => throw new NotSupportedException();

    /// <summary>Binds the sockets, loads keyring and snapshot, and begins to gossip. Rejoins the snapshot's members in the background.</summary>
    /// <exception cref="GossipStartException">The port is taken, a file cannot be read, the tags are too long. Carries Go's text.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Exchanges state with each address (<c>[name/]host[:port]</c>).</summary>
    /// <param name="addresses">Host names are resolved, and all their addresses tried.</param>
    /// <param name="ignoreOldEvents">User events from before the join are not delivered.</param>
    /// <param name="cancellationToken">Stops waiting; exchanges in progress end by their own time-out.</param>
    public Task<JoinResult> JoinAsync(IReadOnlyList<string> addresses, bool ignoreOldEvents, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Tells the pool that we go, and waits until that has spread. Keeps answering until <see cref="ShutdownAsync"/>.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Turns a failed member into one that left; with <paramref name="prune"/> forgets it at once.</summary>
    /// <returns>False when no member has this name.</returns>
    public Task<bool> ForceLeaveAsync(string memberName, bool prune, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Replaces our tags and waits until the change has been handed to the network.</summary>
    /// <exception cref="GossipException">The tags are longer than 512 bytes.</exception>
    public Task SetTagsAsync(IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Sends an event to every member, ourselves included. Returns when it is queued.</summary>
    /// <exception cref="GossipException">Name and payload are longer than <see cref="GossipOptions.UserEventBytesMax"/>.</exception>
    public Task SendUserEventAsync(string name, ReadOnlyMemory<byte> payload, bool coalesce, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Asks every member for its keys.</summary>
    /// <param name="relayFactor">0 to 5: answers also come by way of that many other members.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<KeyringAnswer> ListKeysAsync(int relayFactor, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Gives every member the key, without yet encrypting with it.</summary>
    /// <param name="keyBase64">A key of 16, 24 or 32 bytes.</param>
    /// <param name="relayFactor">As for <see cref="ListKeysAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="GossipException">The key is no base64 (Go's text).</exception>
    public Task<KeyringAnswer> InstallKeyAsync(string keyBase64, int relayFactor, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Makes every member encrypt with the key, which must have been installed.</summary>
    /// <inheritdoc cref="InstallKeyAsync"/>
    public Task<KeyringAnswer> UseKeyAsync(string keyBase64, int relayFactor, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Makes every member forget the key, which must not be the primary one.</summary>
    /// <inheritdoc cref="InstallKeyAsync"/>
    public Task<KeyringAnswer> RemoveKeyAsync(string keyBase64, int relayFactor, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Our own ring only: base64 keys, the primary first; empty without encryption.</summary>
    public IReadOnlyList<string> LocalKeys => throw new NotSupportedException();

    /// <summary>Stops at once, without telling anyone; <see cref="LeaveAsync"/> comes before it when the departure is meant.</summary>
    public Task ShutdownAsync() => throw new NotSupportedException();

    public async ValueTask DisposeAsync() => await ShutdownAsync();
}
