using System.Collections.Immutable;
using System.Text;
using K8sConsul.Go;
using K8sConsul.Gossip;

namespace K8sConsul.Agent.Membership;

/// <summary>What the rest of the agent asks for.</summary>
public sealed partial class GossipPool
{
    private const int RelayFactorMax = 5;

    /// <summary>Exchanges state with each address (<c>[name/]host[:port]</c>), one after the other.</summary>
    /// <param name="addresses">Host names are resolved, and all their addresses tried.</param>
    /// <param name="ignoreOldEvents">User events from before the join are not delivered.</param>
    /// <param name="cancellationToken">Stops waiting; an exchange in progress ends by itself.</param>
    public async Task<JoinResult> JoinAsync(IReadOnlyList<string> addresses, bool ignoreOldEvents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        int contacted = 0;
        var errors = new List<string>();
        foreach (string text in addresses)
        {
            foreach (MemberAddress address in await ResolveAsync(text, errors, cancellationToken))
            {
                OperationOutcome outcome = await RunAsync((node, now) => node.BeginJoin(address, ignoreOldEvents, now), cancellationToken);
                if (outcome.Error is null)
                {
                    contacted++;
                }
                else
                {
                    errors.Add($"Failed to join {address.Ip}: {outcome.Error}");
                    LogJoinFailed(address, outcome.Error);
                }
            }
        }

        if (contacted > 0)
        {
            await CallAsync((node, now) => node.AnnounceJoin(now), cancellationToken);
        }

        return new JoinResult(contacted, errors);
    }

    /// <summary>Tells the pool that we go, and waits until that has spread. Keeps answering until <see cref="ShutdownAsync"/>.</summary>
    /// <exception cref="GossipException">Another leave is in progress.</exception>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        OperationOutcome outcome = await RunAsync((node, now) => node.BeginLeave(now), cancellationToken);
        ThrowIfFailed(outcome);
    }

    /// <summary>Turns a failed member into one that left; with <paramref name="prune"/> forgets it at once.</summary>
    /// <returns>False when no member has this name.</returns>
    /// <exception cref="GossipException">The news could not be handed to the network in time.</exception>
    public async Task<bool> ForceLeaveAsync(string memberName, bool prune, CancellationToken cancellationToken)
    {
        OperationOutcome? outcome = await TryRunAsync((node, now) => node.BeginForceLeave(memberName, prune, now), cancellationToken);
        if (outcome is { } known)
        {
            ThrowIfFailed(known);
        }

        return outcome is not null;
    }

    /// <summary>Replaces our tags and waits until the change has been handed to the network.</summary>
    /// <exception cref="GossipException">The tags are longer than 512 bytes, or the news could not be handed to the network in time.</exception>
    public async Task SetTagsAsync(IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        ImmutableSortedDictionary<string, string> copy = GossipTags.From(tags);
        OperationOutcome outcome = await RunAsync((node, now) => node.BeginSetTags(copy, now), cancellationToken);
        ThrowIfFailed(outcome);
    }

    /// <summary>Sends an event to every member, ourselves included. Returns when it is queued.</summary>
    /// <exception cref="GossipException">Name and payload are longer than <see cref="GossipOptions.UserEventBytesMax"/>.</exception>
    public async Task SendUserEventAsync(string name, ReadOnlyMemory<byte> payload, bool coalesce, CancellationToken cancellationToken)
    {
        string? refusal = null;
        await CallAsync((node, now) => refusal = node.SendUserEvent(name, payload.Span, coalesce, now), cancellationToken);
        if (refusal is not null)
        {
            throw new GossipException(refusal);
        }
    }

    /// <summary>Asks every member for its keys.</summary>
    /// <param name="relayFactor">0 to 5: answers also come by way of that many other members.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<KeyringAnswer> ListKeysAsync(int relayFactor, CancellationToken cancellationToken) =>
        KeyringAsync(KeyringOperation.List, keyBase64: string.Empty, relayFactor, cancellationToken);

    /// <summary>Gives every member the key, without yet encrypting with it.</summary>
    /// <param name="keyBase64">A key of 16, 24 or 32 bytes.</param>
    /// <param name="relayFactor">As for <see cref="ListKeysAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What the members said; <see cref="KeyringAnswer.Error"/> tells whether all succeeded.</returns>
    /// <exception cref="GossipException">The key is no base64 (Go's text).</exception>
    public Task<KeyringAnswer> InstallKeyAsync(string keyBase64, int relayFactor, CancellationToken cancellationToken) =>
        KeyringAsync(KeyringOperation.Install, keyBase64, relayFactor, cancellationToken);

    /// <summary>Makes every member encrypt with the key, which must have been installed.</summary>
    /// <inheritdoc cref="InstallKeyAsync"/>
    public Task<KeyringAnswer> UseKeyAsync(string keyBase64, int relayFactor, CancellationToken cancellationToken) =>
        KeyringAsync(KeyringOperation.Use, keyBase64, relayFactor, cancellationToken);

    /// <summary>Makes every member forget the key, which must not be the primary one.</summary>
    /// <inheritdoc cref="InstallKeyAsync"/>
    public Task<KeyringAnswer> RemoveKeyAsync(string keyBase64, int relayFactor, CancellationToken cancellationToken) =>
        KeyringAsync(KeyringOperation.Remove, keyBase64, relayFactor, cancellationToken);

    private async Task<KeyringAnswer> KeyringAsync(KeyringOperation operation, string keyBase64, int relayFactor, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(relayFactor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(relayFactor, RelayFactorMax);
        byte[] key = GoBase64.TryDecode(Encoding.UTF8.GetBytes(keyBase64), out string error) ?? throw new GossipException(error);
        OperationOutcome outcome = await RunAsync((node, now) => node.BeginKeyring(operation, key, (byte)relayFactor, now), cancellationToken);
        ThrowIfFailed(outcome);
        return outcome.Keyring!;
    }

    private async Task<IReadOnlyList<MemberAddress>> ResolveAsync(string text, List<string> errors, CancellationToken cancellationToken)
    {
        try
        {
            return JoinAddress.TryParse(text, _sockets.Port, out JoinAddress address, out string error)
                ? await address.ResolveAsync(cancellationToken)
                : throw new GossipException(error);
        }
        catch (GossipException e)
        {
            string failure = $"Failed to resolve {text}: {e.Message}";
            errors.Add(failure);
            LogResolveFailed(failure);
            return [];
        }
    }

    private static void ThrowIfFailed(in OperationOutcome outcome)
    {
        if (outcome.Error is not null)
        {
            throw new GossipException(outcome.Error);
        }
    }

    private async Task<OperationOutcome> RunAsync(Func<GossipNode, TimeSpan, OperationId> begin, CancellationToken cancellationToken) =>
        (await TryRunAsync((node, now) => begin(node, now), cancellationToken))!.Value;

    /// <summary>Begins an operation in the owner loop and waits for its end.</summary>
    /// <returns>Null when the core refused to begin.</returns>
    private async Task<OperationOutcome?> TryRunAsync(Func<GossipNode, TimeSpan, OperationId?> begin, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<OperationOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool begun = true;
        await CallAsync(
            (node, now) =>
            {
                if (begin(node, now) is { } operation)
                {
                    _operations.Add(operation, done);
                }
                else
                {
                    begun = false;
                }
            },
            cancellationToken);
        return begun ? await done.Task.WaitAsync(cancellationToken) : null;
    }

    /// <summary>Runs a call in the owner loop and waits until it has run.</summary>
    private async Task CallAsync(Action<GossipNode, TimeSpan> call, CancellationToken cancellationToken)
    {
        if (_loops.Length == 0)
        {
            throw new InvalidOperationException("the pool has not been started");
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var command = new CommandGiven((node, now) =>
        {
            call(node, now);
            done.TrySetResult();
        });
        try
        {
            await _inputs.Writer.WriteAsync(command, cancellationToken);
        }
        catch (System.Threading.Channels.ChannelClosedException e)
        {
            throw new GossipException("the pool was shut down", e);
        }

        // Once handed over it will run: what it changes is not undone by a caller that stops waiting.
        await done.Task.WaitAsync(cancellationToken);
    }
}
