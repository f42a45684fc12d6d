using K8sConsul.Go;

namespace K8sConsul.Gossip;

/// <summary>Slow housekeeping: forgetting the gone, trying to reach the failed, keeping the queues short.</summary>
public sealed partial class GossipNode
{
    /// <summary>Tag by which a member says how long it wants to be remembered after failing. Consul: <c>advertise_reconnect_timeout</c>.</summary>
    private const string ReconnectTimeoutTag = "rc_tm";

    private void StartReaping()
    {
        _context.After(_options.ReapInterval, ReapTick);
        _context.After(_options.ReconnectInterval, ReconnectTick);
        _context.After(_options.QueueCheckInterval, QueueTick);
    }

    private void ReapTick()
    {
        _context.After(_options.ReapInterval, ReapTick);
        Reap(_failed, _options.ReconnectTimeout);
        Reap(_leftMembers, _options.TombstoneTimeout);
        foreach (string name in _recentIntents.Where(i => _context.Now - i.Value.SeenAt > _options.RecentIntentTimeout).Select(i => i.Key).ToList())
        {
            _recentIntents.Remove(name);
        }
    }

    private void Reap(List<SerfMember> gone, TimeSpan timeout)
    {
        foreach (SerfMember member in gone.ToList())
        {
            bool ownTimeout = GoDuration.TryParse(member.Member.Tag(ReconnectTimeoutTag), out TimeSpan announced, out _) && announced > TimeSpan.Zero;
            if (_context.Now - member.LeaveTime > (ownTimeout ? announced : timeout))
            {
                _context.Info($"serf: EventMemberReap: {member.Member.Name}");
                Erase(member);
            }
        }
    }

    /// <summary>One failed member at a time, so rarely that all members together try each of them about once an interval.</summary>
    private void ReconnectTick()
    {
        _context.After(_options.ReconnectInterval, ReconnectTick);
        if (_failed.Count == 0 || _phase != NodePhase.Alive)
        {
            return;
        }

        int alive = Math.Max(1, _members.Count - _failed.Count - _leftMembers.Count);
        if (_context.Random.NextDouble() > (double)_failed.Count / alive)
        {
            _context.Debug("serf: forgoing reconnect for random throttling");
            return;
        }

        Member member = _failed[_context.Random.Next(_failed.Count)].Member;
        _context.Info($"serf: attempting reconnect to {member.Name} {member.Address}");
        _memberlist.PushPull(member.Address, join: true, ignoreOldEvents: false, error =>
        {
            if (error is not null)
            {
                _context.Debug($"memberlist: Failed to join {member.Ip}: {error}");
            }
        });
    }

    private void QueueTick()
    {
        _context.After(_options.QueueCheckInterval, QueueTick);
        int depthMax = Math.Max(_options.QueueDepthMin, 2 * _members.Count);
        CheckQueue("Intent", _intents, depthMax);
        CheckQueue("Event", _events, depthMax);
        CheckQueue("Query", _queries, depthMax);
    }

    private void CheckQueue(string name, TransmitQueue queue, int depthMax)
    {
        if (queue.Count >= _options.QueueDepthWarning)
        {
            _context.Warn($"serf: {name} queue depth: {queue.Count}");
        }

        if (queue.Count > depthMax)
        {
            _context.Warn($"serf: {name} queue depth ({queue.Count}) exceeds limit ({depthMax}), dropping messages!");
            queue.Prune(depthMax);
        }
    }
}
