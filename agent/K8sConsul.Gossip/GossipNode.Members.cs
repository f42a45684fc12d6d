using System.Collections.Immutable;

namespace K8sConsul.Gossip;

/// <summary>Serf's member table and what memberlist's joins and deaths mean for it.</summary>
public sealed partial class GossipNode
{
    private readonly Dictionary<string, SerfMember> _members = new(StringComparer.Ordinal);

    // In order of departure. A member is in at most one of them.
    private readonly List<SerfMember> _failed = [];
    private readonly List<SerfMember> _leftMembers = [];

    private readonly CoordinateClient _coordinates;
    private ImmutableDictionary<string, Coordinate> _coordinateCache = ImmutableDictionary.Create<string, Coordinate>(StringComparer.Ordinal);
    private ulong _membersVersion;
    private MemberList _membersView = MemberList.Empty;

    // The same members as values, for readers on other threads.
    private ImmutableSortedDictionary<string, Member> _published = ImmutableSortedDictionary.Create<string, Member>(StringComparer.Ordinal);

    /// <summary>Grows with every change of any member: a shell compares it to know whether to take a new view.</summary>
    public ulong MembersVersion => _membersVersion;

    public Coordinate Coordinate => _coordinates.Current;

    public GossipCounters Counters => _memberlist.Counters;

    public GossipStats Stats => new()
    {
        Members = _members.Count,
        Failed = _failed.Count,
        Left = _leftMembers.Count,
        HealthScore = _memberlist.HealthScore,
        MemberTime = _memberClock.Time,
        EventTime = _eventClock.Time,
        QueryTime = _queryClock.Time,
        IntentQueue = _intents.Count,
        EventQueue = _events.Count,
        QueryQueue = _queries.Count,
        Encrypted = _self.Keyring is not null,
        CoordinateResets = _coordinates.Resets,
    };

    /// <summary>All members as of now.</summary>
    public MemberList Members()
    {
        if (_membersView.Version != _membersVersion)
        {
            _membersView = new MemberList(_membersVersion, _published);
        }

        return _membersView;
    }

    /// <summary>By member name: what it told about its place when it last answered a probe of ours. Our own is among them.</summary>
    public ImmutableDictionary<string, Coordinate> CachedCoordinates => _coordinateCache;

    private bool AnyOtherAlive()
    {
        foreach (SerfMember member in _members.Values)
        {
            if (member.Status == MemberStatus.Alive && member.Member.Name != _self.Name)
            {
                return true;
            }
        }

        return false;
    }

    private void MemberJoined(NodeRecord record)
    {
        if (!_members.TryGetValue(record.Name, out SerfMember? member))
        {
            member = new SerfMember { Member = Describe(record, MemberStatus.Alive) };
            _members.Add(record.Name, member);
            Change(member, member.Member);
            ApplyRecentIntent(member);
        }
        else
        {
            member.LeaveTime = TimeSpan.Zero;
            _failed.Remove(member);
            _leftMembers.Remove(member);
            Change(member, Describe(record, MemberStatus.Alive));
        }

        _context.Info($"serf: EventMemberJoin: {record.Name} {record.Address.Ip}");
        Emit(MemberEventKind.Join, member.Member);
    }

    private void MemberUpdated(NodeRecord record)
    {
        if (_members.TryGetValue(record.Name, out SerfMember? member))
        {
            Change(member, Describe(record, member.Status));
            _context.Info($"serf: EventMemberUpdate: {record.Name}");
            Emit(MemberEventKind.Update, member.Member);
        }
    }

    /// <summary>Whether a member left or failed is decided by whether its leave intent came first.</summary>
    private void MemberGone(NodeRecord record)
    {
        if (!_members.TryGetValue(record.Name, out SerfMember? member))
        {
            return;
        }

        MemberEventKind kind;
        switch (member.Status)
        {
            case MemberStatus.Leaving:
                ChangeStatus(member, MemberStatus.Left);
                _leftMembers.Add(member);
                kind = MemberEventKind.Leave;
                break;
            case MemberStatus.Alive:
                ChangeStatus(member, MemberStatus.Failed);
                _failed.Add(member);
                kind = MemberEventKind.Failed;
                break;
            default:
                _context.Warn($"serf: Bad state when leave: {member.Status.ToConsulText()}");
                return;
        }

        member.LeaveTime = _context.Now;
        _context.Info($"serf: EventMember{(kind == MemberEventKind.Leave ? "Leave" : "Failed")}: {record.Name} {record.Address.Ip}");
        Emit(kind, member.Member);
    }

    /// <summary>Forgets a member for good.</summary>
    private void Erase(SerfMember member)
    {
        string name = member.Member.Name;
        _members.Remove(name);
        _published = _published.Remove(name);
        _failed.Remove(member);
        _leftMembers.Remove(member);
        _coordinates.Forget(name);
        _coordinateCache = _coordinateCache.Remove(name);
        _membersVersion++;
        Emit(MemberEventKind.Reap, member.Member);
    }

    private void ChangeStatus(SerfMember member, MemberStatus status) => Change(member, member.Member with { Status = status });

    private void Change(SerfMember member, Member changed)
    {
        member.Member = changed;
        _published = _published.SetItem(changed.Name, changed);
        _membersVersion++;
    }

    private void Emit(MemberEventKind kind, Member member)
    {
        _context.Emit(new MemberEvent(kind, member));
        SnapshotMember(kind, member);
    }
}
