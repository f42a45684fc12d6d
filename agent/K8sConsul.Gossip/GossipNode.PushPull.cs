using K8sConsul.Gossip.Wire;
using K8sConsul.MessagePack;

namespace K8sConsul.Gossip;

/// <summary>Serf's part of a full exchange of state.</summary>
public sealed partial class GossipNode
{
    private byte[] LocalSerfState()
    {
        var status = new List<KeyValuePair<string, ulong>>(_members.Count);
        foreach ((string name, SerfMember member) in _members)
        {
            status.Add(new KeyValuePair<string, ulong>(name, member.StatusLTime));
        }

        status.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        var left = new List<string>(_leftMembers.Count);
        foreach (SerfMember member in _leftMembers)
        {
            left.Add(member.Member.Name);
        }

        return new SerfPushPull(_memberClock.Time, status, left, _eventClock.Time, _recentEvents.Used(), _queryClock.Time).Encode();
    }

    private void MergeSerfState(ReadOnlySpan<byte> state, bool join, bool ignoreOldEvents)
    {
        if (state.IsEmpty || state[0] != (byte)SerfMessageType.PushPull)
        {
            _context.Error($"serf: Remote state has bad type prefix: {(state.IsEmpty ? 0 : state[0])}");
            return;
        }

        SerfPushPull remote;
        try
        {
            remote = SerfPushPull.Decode(state[1..]);
        }
        catch (Exception e) when (e is GossipFormatException or MsgPackFormatException)
        {
            _context.Error($"serf: Failed to decode remote state: {e.Message}");
            return;
        }

        WitnessRemoteClocks(remote);
        ApplyRemoteIntents(remote);
        if (join && ignoreOldEvents)
        {
            _eventTimeMin = Math.Max(_eventTimeMin, remote.EventLTime);
        }

        foreach (EventSlot? slot in remote.Events)
        {
            foreach (RecordedEvent recorded in slot?.Events ?? [])
            {
                ApplyUserEvent(new UserEventMessage(slot!.LTime, recorded.Name, recorded.Payload, Coalesce: false));
            }
        }
    }

    /// <summary>Nothing has been said yet at the remote's own next time, hence one less.</summary>
    private void WitnessRemoteClocks(SerfPushPull remote)
    {
        if (remote.LTime > 0)
        {
            WitnessMemberTime(remote.LTime - 1);
        }

        if (remote.EventLTime > 0)
        {
            _eventClock.Witness(remote.EventLTime - 1);
        }

        if (remote.QueryLTime > 0)
        {
            _queryClock.Witness(remote.QueryLTime - 1);
        }
    }

    /// <summary>
    /// The left ones first: the time of a leave is not sent, but it was later than the member's last known time, so one later
    /// is assumed. Applying the joins first would raise that time.
    /// </summary>
    private void ApplyRemoteIntents(SerfPushPull remote)
    {
        var left = new HashSet<string>(remote.LeftMembers, StringComparer.Ordinal);
        var times = new Dictionary<string, ulong>(remote.StatusLTimes.Count, StringComparer.Ordinal);
        foreach ((string name, ulong lTime) in remote.StatusLTimes)
        {
            times[name] = lTime;
        }

        foreach (string name in remote.LeftMembers)
        {
            ApplyLeaveIntent(new LeaveIntent(times.GetValueOrDefault(name) + 1, name, Prune: false));
        }

        foreach ((string name, ulong lTime) in remote.StatusLTimes)
        {
            if (!left.Contains(name))
            {
                ApplyJoinIntent(new JoinIntent(lTime, name));
            }
        }
    }
}
