using System.Collections.Immutable;
using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip;

/// <summary>What the application asks for: join, leave, force-leave, tags.</summary>
public sealed partial class GossipNode
{
    /// <summary>Exchanges state with one address. Completes with null or the error, without the address.</summary>
    /// <param name="to">Peer.</param>
    /// <param name="ignoreOldEvents">User events from before the join are not delivered.</param>
    /// <param name="now">Monotonic time.</param>
    public OperationId BeginJoin(MemberAddress to, bool ignoreOldEvents, TimeSpan now)
    {
        Advance(now);
        OperationId operation = NewOperation();
        _memberlist.PushPull(to, join: true, ignoreOldEvents, error => Complete(operation, error));
        return operation;
    }

    /// <summary>Tells the pool that we have joined; called once when at least one <see cref="BeginJoin"/> of a join succeeded.</summary>
    public void AnnounceJoin(TimeSpan now)
    {
        Advance(now);
        BroadcastJoin(_memberClock.Time);
    }

    /// <summary>
    /// Leaves on purpose: intent, memberlist's own leave, then time for both to spread. Completes when we may shut down; probes are
    /// answered until then.
    /// </summary>
    public OperationId BeginLeave(TimeSpan now)
    {
        Advance(now);
        OperationId operation = NewOperation();
        if (_phase != NodePhase.Alive)
        {
            Complete(operation, _phase == NodePhase.Left ? null : "Leave already in progress");
            return operation;
        }

        _phase = NodePhase.Leaving;
        SnapshotLeave();
        LeaveIntent intent = NextLeaveIntent(_self.Name, prune: false);
        ApplyLeaveIntent(intent);
        if (!AnyOtherAlive())
        {
            LeaveMemberlist(operation);
            return operation;
        }

        // The intent must be on its way before the death: whoever hears of the death first takes us for failed.
        _intents.Queue(name: null, intent.Encode(), WhenSent(_options.BroadcastTimeout, sent =>
        {
            if (!sent)
            {
                _context.Warn("serf: timeout while waiting for graceful leave");
            }

            LeaveMemberlist(operation);
        }));
        return operation;
    }

    /// <summary>
    /// Declares a failed member left, so that nobody waits for it any more. Completes when the news has gone out, or with an error
    /// when that took too long; null when no such member is known.
    /// </summary>
    public OperationId? BeginForceLeave(string memberName, bool prune, TimeSpan now)
    {
        Advance(now);
        if (!_members.ContainsKey(memberName))
        {
            return null;
        }

        OperationId operation = NewOperation();
        LeaveIntent intent = NextLeaveIntent(memberName, prune);
        ApplyLeaveIntent(intent);
        if (!AnyOtherAlive())
        {
            RunImmediate();
            Complete(operation, error: null);
            return operation;
        }

        _intents.Queue(name: null, intent.Encode(), WhenSent(
            _options.BroadcastTimeout, sent => Complete(operation, sent ? null : "timed out broadcasting node removal")));
        RunImmediate();
        return operation;
    }

    /// <summary>Replaces our tags. Completes when the news has gone out.</summary>
    public OperationId BeginSetTags(ImmutableSortedDictionary<string, string> tags, TimeSpan now)
    {
        Advance(now);
        OperationId operation = NewOperation();
        byte[] meta = GossipTags.Encode(tags);
        if (meta.Length > GossipTags.EncodedBytesMax)
        {
            Complete(operation, $"Encoded length of tags exceeds limit of {GossipTags.EncodedBytesMax} bytes");
            return operation;
        }

        _tags = tags;
        if (_memberlist.AnyoneElseAlive())
        {
            _memberlist.UpdateLocal(meta, WhenSent(
                _options.BroadcastTimeout, sent => Complete(operation, sent ? null : "timeout waiting for update broadcast")));
        }
        else
        {
            _memberlist.UpdateLocal(meta, finished: () => { });
            Complete(operation, error: null);
        }

        return operation;
    }

    private void LeaveMemberlist(OperationId operation)
    {
        bool wait = _memberlist.AnyoneElseAlive();
        Action finished = wait
            ? WhenSent(_options.BroadcastTimeout, sent =>
            {
                if (!sent)
                {
                    _context.Warn("memberlist: timeout waiting for leave broadcast");
                }

                AwaitPropagation(operation);
            })
            : () => { };
        _memberlist.Leave(finished);
        if (!wait)
        {
            AwaitPropagation(operation);
        }
    }

    private void AwaitPropagation(OperationId operation) => _context.After(_options.LeavePropagateDelay, () =>
    {
        _phase = NodePhase.Left;
        Complete(operation, error: null);
    });

    private LeaveIntent NextLeaveIntent(string member, bool prune)
    {
        var intent = new LeaveIntent(_memberClock.Time, member, prune);
        _memberClock.Increment();
        return intent;
    }
}
