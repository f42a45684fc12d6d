namespace K8sConsul.Gossip;

/// <summary>What goes into the snapshot file, and what is made of it after a restart.</summary>
public sealed partial class GossipNode
{
    /// <summary>The member clock ticks often; it is noted at most this often.</summary>
    private static readonly TimeSpan _clockNoteInterval = TimeSpan.FromMilliseconds(500);

    private bool _clockNotePlanned;

    // After "leave" nothing more is written: the file says that we left.
    private bool _snapshotClosed;

    // What the file says by now: nothing is written that it says already.
    private SnapshotState _snapshot = SnapshotState.Empty;

    private void RestoreClocks(SnapshotState previous)
    {
        _snapshot = previous;
        _memberClock.Witness(previous.Clock);
        _eventClock.Witness(previous.EventClock);
        _queryClock.Witness(previous.QueryClock);

        // Push/pull would otherwise hand us again what we have acted upon before.
        _eventTimeMin = previous.EventClock + 1;
        _queryTimeMin = previous.QueryClock + 1;
    }

    /// <summary>Tries the members of the former life in random order until one answers.</summary>
    private void Rejoin(SnapshotState previous)
    {
        var candidates = previous.AliveMembers.Where(m => m.Key != _self.Name).ToList();
        if (candidates.Count == 0)
        {
            return;
        }

        _context.Random.Shuffle(candidates);
        TryNext(0);
        void TryNext(int index)
        {
            if (index == candidates.Count)
            {
                _context.Warn("serf: Failed to re-join any previously known node");
                return;
            }

            (string name, MemberAddress address) = candidates[index];
            _context.Info($"serf: Attempting re-join to previously known node: {name}: {address}");
            _memberlist.PushPull(address, join: true, ignoreOldEvents: false, error =>
            {
                if (error is null)
                {
                    _context.Info($"serf: Re-joined to previously known node: {name}: {address}");
                }
                else
                {
                    _context.Debug($"memberlist: Failed to join {address.Ip}: {error}");
                    TryNext(index + 1);
                }
            });
        }
    }

    private void SnapshotMember(MemberEventKind kind, Member member)
    {
        if (!WritesSnapshot)
        {
            return;
        }

        switch (kind)
        {
            case MemberEventKind.Join:
                _snapshot = _snapshot with { AliveMembers = _snapshot.AliveMembers.SetItem(member.Name, member.Address) };
                Append(SnapshotState.AliveLine(member.Name, member.Address));
                break;
            case MemberEventKind.Leave or MemberEventKind.Failed:
                _snapshot = _snapshot with { AliveMembers = _snapshot.AliveMembers.Remove(member.Name) };
                Append(SnapshotState.NotAliveLine(member.Name));
                break;
            default:
                break;
        }

        NoteMemberClock();
    }

    private void SnapshotMemberClock()
    {
        if (!WritesSnapshot || _clockNotePlanned || _memberClock.Time - 1 <= _snapshot.Clock)
        {
            return;
        }

        _clockNotePlanned = true;
        _context.After(_clockNoteInterval, () =>
        {
            _clockNotePlanned = false;
            NoteMemberClock();
        });
    }

    private void NoteMemberClock()
    {
        ulong seen = _memberClock.Time - 1;
        if (WritesSnapshot && seen > _snapshot.Clock)
        {
            _snapshot = _snapshot with { Clock = seen };
            Append(SnapshotState.Line("clock", seen));
        }
    }

    private void SnapshotEventTime(ulong lTime)
    {
        if (WritesSnapshot && lTime > _snapshot.EventClock)
        {
            _snapshot = _snapshot with { EventClock = lTime };
            Append(SnapshotState.Line("event-clock", lTime));
        }
    }

    private void SnapshotQueryTime(ulong lTime)
    {
        if (WritesSnapshot && lTime > _snapshot.QueryClock)
        {
            _snapshot = _snapshot with { QueryClock = lTime };
            Append(SnapshotState.Line("query-clock", lTime));
        }
    }

    private void SnapshotLeave()
    {
        if (!WritesSnapshot)
        {
            return;
        }

        if (!_self.RejoinAfterLeave)
        {
            _snapshot = _snapshot with { AliveMembers = _snapshot.AliveMembers.Clear() };
        }

        Append("leave", flush: true);
        _snapshotClosed = true;
    }

    private bool WritesSnapshot => _self.Snapshot && !_snapshotClosed;

    private void Append(string line, bool flush = false) => _context.Emit(new AppendSnapshot(line, flush));
}
