namespace K8sConsul.Raft.Tests.Simulation;

/// <summary>One real node whose peers are played by the test: it sees every message and says every answer.</summary>
internal sealed class Lone
{
    public static readonly ServerId Self = new("s1");
    public static readonly ServerId A = new("s2");
    public static readonly ServerId B = new("s3");
    public static readonly ServerId C = new("s4");
    public static readonly ServerId D = new("s5");

    public Lone(int voters = 3, RaftOptions? options = null, HardState hardState = default, params RaftEntry[] entries)
        : this(Cluster(voters), options, hardState, entries)
    {
    }

    public Lone(RaftConfiguration configuration, RaftOptions? options, HardState hardState, params RaftEntry[] entries)
    {
        Peer = new SimulatedPeer(Self, options ?? Options);
        Peer.Disk.Bootstrap(configuration);
        if (hardState != default)
        {
            Peer.Disk.Preset(hardState, entries);
        }

        Peer.Start(seed: 1);
        Taken.Clear();
    }

    public static RaftOptions Options { get; } = new() { HeartbeatTimeoutTicks = 10, ElectionTimeoutTicks = 10, LeaderLeaseTicks = 8, Seed = 1 };

    public SimulatedPeer Peer { get; }

    public RaftNode Node => Peer.Node!;

    /// <summary>All messages since they were last asked for.</summary>
    public List<RaftMessage> Taken { get; } = [];

    public static RaftConfiguration Cluster(int voters, int nonvoters = 0) => new(
        Enumerable.Range(1, voters + nonvoters).Select(i => new RaftServer(new ServerId($"s{i}"), $"10.0.0.{i}:8300", i <= voters ? Suffrage.Voter : Suffrage.Nonvoter)));

    public static RaftEntry Entry(ulong term, ulong index, string text = "x") =>
        new(new Term(term), new LogIndex(index), EntryType.Command, System.Text.Encoding.ASCII.GetBytes(text));

    public static EntryId Id(ulong term, ulong index) => new(new Term(term), new LogIndex(index));

    /// <summary>Delivers, and lets all work finish.</summary>
    public void Step(RaftMessage message)
    {
        Node.Step(message);
        Settle();
    }

    public void Tick(int count = 1)
    {
        for (int i = 0; i < count; i++)
        {
            Node.Tick();
            Settle();
        }
    }

    public void Settle()
    {
        Peer.Settle();
        Taken.AddRange(Peer.Outbox);
        Peer.Outbox.Clear();
    }

    /// <summary>The messages of one kind since the last call for any kind.</summary>
    public List<T> Take<T>()
        where T : RaftMessage
    {
        Settle();
        List<T> found = [.. Taken.OfType<T>()];
        Taken.Clear();
        return found;
    }

    /// <summary>Ticks until it asks for votes (a pre-vote, where that is on).</summary>
    public List<RequestVote> TimeOut()
    {
        Taken.Clear();
        for (int i = 0; i < 100; i++)
        {
            Tick();
            if (Taken.OfType<RequestVote>().Any())
            {
                return Take<RequestVote>();
            }
        }

        Assert.Fail("no election was started");
        return [];
    }

    /// <summary>Makes it a candidate whose votes are asked for.</summary>
    public List<RequestVote> Campaign()
    {
        List<RequestVote> asked = TimeOut();
        if (asked[0].IsPreVote)
        {
            foreach (RequestVote request in asked)
            {
                Node.Step(new VoteReply(request.To, Self, request.Term, IsPreVote: true, IsGranted: true));
            }

            asked = Take<RequestVote>();
        }

        Assert.Equal(RaftRole.Candidate, Node.Role);
        return asked;
    }

    /// <summary>Makes it the leader, with everything it sent thereby in <see cref="Taken"/>.</summary>
    public Lone Lead()
    {
        foreach (RequestVote request in Campaign())
        {
            Node.Step(new VoteReply(request.To, Self, request.Term, IsPreVote: false, IsGranted: true));
        }

        Settle();
        Assert.Equal(RaftRole.Leader, Node.Role);
        return this;
    }

    /// <summary>A leader whose no-op is committed and whose followers replicate.</summary>
    public Lone LeadAndCommit()
    {
        Lead();
        foreach (RaftServer server in Node.Configuration.Servers.Where(server => server.Id != Self))
        {
            Acknowledge(server.Id);
        }

        Settle();
        Assert.Equal(Node.LastEntry.Index, Node.CommitIndex);
        Taken.Clear();
        return this;
    }

    public void Acknowledge(ServerId from, ulong? index = null)
    {
        Node.Step(new AppendEntriesReply(from, Self, Node.Term, IsSuccess: true, index is { } at ? new LogIndex(at) : Node.LastEntry.Index, default));
        Settle();
    }

    public void AnswerHeartbeats(params ServerId[] from)
    {
        Settle();
        foreach (Heartbeat heartbeat in Taken.OfType<Heartbeat>().Where(heartbeat => from.Contains(heartbeat.To)).ToArray())
        {
            Node.Step(new HeartbeatReply(heartbeat.To, Self, heartbeat.Term, heartbeat.Round, heartbeat.SentTick));
        }

        Taken.RemoveAll(message => message is Heartbeat);
        Settle();
    }

    public AppendEntries Append(ulong term, EntryId previous, ulong commit, params RaftEntry[] entries) =>
        new(A, Self, new Term(term), previous, new LogIndex(commit), entries);

    public RequestVote Vote(ServerId from, ulong term, EntryId last, bool isPreVote = false, bool isTransfer = false) =>
        new(from, Self, new Term(term), last, isPreVote, isTransfer);
}
