using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip.Tests.Simulation;

/// <summary>One core with what its shell would remember.</summary>
internal sealed class SimulatedNode
{
    public SimulatedNode(GossipNodeOptions options, NonceSource nonces)
    {
        Core = new GossipNode(options, nonces);
        Streams = new StreamCodec(options.Gossip, options.Keyring, nonces);
        Address = options.Advertise;
    }

    public GossipNode Core { get; }

    public StreamCodec Streams { get; }

    public MemberAddress Address { get; }

    public bool IsRunning { get; set; } = true;

    public Dictionary<StreamId, Action<byte[]>> Replies { get; } = [];

    public HashSet<OperationId> Joins { get; } = [];

    public List<MemberEvent> MemberEvents { get; } = [];

    public List<UserEventDelivered> UserEvents { get; } = [];

    public List<QueryDelivered> Queries { get; } = [];

    public List<QueryAnswered> QueryAnswers { get; } = [];

    public Dictionary<OperationId, string?> Completed { get; } = [];

    public Dictionary<OperationId, KeyringAnswer> KeyringAnswers { get; } = [];

    public List<string> SnapshotLines { get; } = [];

    public List<string> PersistedKeys { get; set; } = [];

    public List<string> Log { get; } = [];

    public void Note(TimeSpan now, GossipEffect effect)
    {
        switch (effect)
        {
            case MemberEvent e: MemberEvents.Add(e); break;
            case UserEventDelivered e: UserEvents.Add(e); break;
            case QueryDelivered e: Queries.Add(e); break;
            case QueryAnswered e: QueryAnswers.Add(e); break;
            case KeyringCompleted e: KeyringAnswers.Add(e.Operation, e.Answer); break;
            case AppendSnapshot e: SnapshotLines.Add(e.Line); break;
            case GossipLog e: Log.Add($"{now.TotalSeconds:0.000} {e.Level}: {e.Text}"); break;
            case OperationCompleted e:
                Completed.Add(e.Operation, e.Error);
                if (Joins.Contains(e.Operation) && e.Error is null)
                {
                    Core.AnnounceJoin(now);
                }

                break;
        }
    }

    public MemberStatus StatusOf(string name) => Core.Members().Find(name)?.Status ?? MemberStatus.None;

    /// <summary>The statuses of all members, by name.</summary>
    public string View() => string.Join(' ', Core.Members().All.Select(m => $"{m.Name}:{m.Status.ToConsulText()}"));

    public override string ToString() => Core.Name;
}
