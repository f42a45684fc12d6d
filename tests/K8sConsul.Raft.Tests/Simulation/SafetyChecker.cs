namespace K8sConsul.Raft.Tests.Simulation;

/// <summary>The properties of Raft paper figure 3, over all peers and all time.</summary>
internal sealed class SafetyChecker
{
    private readonly Dictionary<ulong, ServerId> _leaders = [];
    private readonly Dictionary<EntryId, (Term Before, ulong Hash)> _entries = [];
    private readonly Dictionary<ulong, EntryId> _applied = [];
    private readonly Dictionary<ulong, ulong> _states = [];

    /// <summary>The highest index any peer applied: committed for sure.</summary>
    public LogIndex MaxApplied { get; private set; }

    /// <summary>The highest index whose proposer was told so.</summary>
    public LogIndex MaxAcknowledged { get; private set; }

    public int AcknowledgedCount { get; private set; }

    /// <summary>At most one leader per term; and a leader has everything that was ever committed before its term.</summary>
    public void Leads(SimulatedPeer peer)
    {
        RaftNode node = peer.Node!;
        if (!_leaders.TryAdd(node.Term.Value, peer.Id))
        {
            Assert.Equal(_leaders[node.Term.Value], peer.Id);
            return;
        }

        if (_applied.TryGetValue(MaxApplied.Value, out EntryId committed) && committed.Term < node.Term)
        {
            Assert.True(node.LastEntry.IsAtLeastAsUpToDateAs(committed), $"leader {peer.Id} of term {node.Term} ends with {node.LastEntry}, {committed} is committed");
        }
    }

    /// <summary>Log matching, by induction: an entry id determines the entry and the term before it.</summary>
    public void Appended(RaftEntry entry, Term before)
    {
        (Term, ulong) shape = (before, SimulatedMachine.Mix((ulong)entry.Type, entry.Data.Span));
        if (!_entries.TryAdd(entry.Id, shape))
        {
            Assert.Equal(_entries[entry.Id], shape);
        }
    }

    /// <summary>State machine safety: one entry per index, and one state.</summary>
    public void Applied(RaftEntry entry, ulong state)
    {
        if (!_applied.TryAdd(entry.Index.Value, entry.Id))
        {
            Assert.Equal(_applied[entry.Index.Value], entry.Id);
        }

        if (!_states.TryAdd(entry.Index.Value, state))
        {
            Assert.Equal(_states[entry.Index.Value], state);
        }

        MaxApplied = LogIndex.Max(MaxApplied, entry.Index);
    }

    public void Acknowledged(LogIndex index)
    {
        MaxAcknowledged = LogIndex.Max(MaxAcknowledged, index);
        AcknowledgedCount++;
    }
}
