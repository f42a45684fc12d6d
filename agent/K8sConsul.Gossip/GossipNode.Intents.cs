using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip;

/// <summary>Join and leave intents: what members say about coming and going, ordered by Lamport time.</summary>
public sealed partial class GossipNode
{
    // About members that memberlist has not told us of yet; at most one each.
    private readonly Dictionary<string, RecentIntent> _recentIntents = new(StringComparer.Ordinal);

    /// <summary>A member says that it has come.</summary>
    /// <returns>True if it is news that should be passed on.</returns>
    private bool ApplyJoinIntent(in JoinIntent intent)
    {
        WitnessMemberTime(intent.LTime);
        if (!_members.TryGetValue(intent.Node, out SerfMember? member))
        {
            return Remember(intent.Node, isLeave: false, intent.LTime);
        }

        if (intent.LTime <= member.StatusLTime)
        {
            return false;
        }

        member.StatusLTime = intent.LTime;
        if (member.Status == MemberStatus.Leaving)
        {
            ChangeStatus(member, MemberStatus.Alive);
        }

        return true;
    }

    /// <summary>A member says that it goes, or somebody says it of another.</summary>
    /// <returns>True if it is news that should be passed on.</returns>
    private bool ApplyLeaveIntent(in LeaveIntent intent)
    {
        WitnessMemberTime(intent.LTime);
        if (!_members.TryGetValue(intent.Node, out SerfMember? member))
        {
            return Remember(intent.Node, isLeave: true, intent.LTime);
        }

        if (intent.LTime <= member.StatusLTime)
        {
            return false;
        }

        if (intent.Node == _self.Name && _phase == NodePhase.Alive)
        {
            // After this message has been dealt with, so that the join is newer than it.
            _context.Debug("serf: Refuting an older leave intent");
            _context.After(TimeSpan.Zero, () => BroadcastJoin(_memberClock.Time));
            return false;
        }

        // Also where the status stays: otherwise two different intents about one member would be passed on for ever.
        member.StatusLTime = intent.LTime;
        bool wasLeaving = member.Status == MemberStatus.Leaving;
        switch (member.Status)
        {
            case MemberStatus.Alive:
                ChangeStatus(member, MemberStatus.Leaving);
                wasLeaving = true;
                break;
            case MemberStatus.Failed:
                ChangeStatus(member, MemberStatus.Left);
                _failed.Remove(member);
                _leftMembers.Add(member);
                _context.Info($"serf: EventMemberLeave (forced): {member.Member.Name} {member.Member.Ip}");
                Emit(MemberEventKind.Leave, member.Member);
                break;
            case MemberStatus.Leaving or MemberStatus.Left:
                break;
            default:
                return false;
        }

        if (intent.Prune)
        {
            Prune(member, wasLeaving);
        }

        return true;
    }

    /// <summary>A member that is still leaving gets the time to finish it.</summary>
    private void Prune(SerfMember member, bool stillLeaving)
    {
        TimeSpan delay = stillLeaving ? _options.BroadcastTimeout + _options.LeavePropagateDelay : TimeSpan.Zero;
        _context.After(delay, () =>
        {
            // It may have come back, or have been forgotten already.
            if (_members.GetValueOrDefault(member.Member.Name) == member && member.Status is MemberStatus.Leaving or MemberStatus.Left)
            {
                _context.Info($"serf: EventMemberReap (forced): {member.Member.Name} {member.Member.Ip}");
                Erase(member);
            }
        });
    }

    private void BroadcastJoin(ulong lTime)
    {
        var intent = new JoinIntent(lTime, _self.Name);
        ApplyJoinIntent(intent);
        _intents.Queue(name: null, intent.Encode());
    }

    private bool Remember(string node, bool isLeave, ulong lTime)
    {
        if (_recentIntents.TryGetValue(node, out RecentIntent known) && lTime <= known.LTime)
        {
            return false;
        }

        _recentIntents[node] = new RecentIntent(isLeave, lTime, _context.Now);
        return true;
    }

    private void ApplyRecentIntent(SerfMember member)
    {
        if (!_recentIntents.TryGetValue(member.Member.Name, out RecentIntent intent))
        {
            return;
        }

        member.StatusLTime = intent.LTime;
        if (intent.IsLeave)
        {
            ChangeStatus(member, MemberStatus.Leaving);
        }
    }

    private void WitnessMemberTime(ulong lTime)
    {
        _memberClock.Witness(lTime);
        SnapshotMemberClock();
    }

    private readonly record struct RecentIntent(bool IsLeave, ulong LTime, TimeSpan SeenAt);
}
