using System.Globalization;
using System.Text;

namespace K8sConsul.Raft.Tests.Simulation;

/// <summary>
/// Carries out a script of commands and writes down everything that happens: log lines, what is saved, sent, applied and answered. The commands are
/// those of <see cref="Run"/>; nothing happens between commands.
/// </summary>
internal sealed class TranscriptRunner
{
    private readonly SortedDictionary<string, SimulatedPeer> _peers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);
    private readonly List<RaftMessage> _flying = [];
    private readonly Dictionary<ulong, int> _numbers = [];
    private readonly StringBuilder _output = new();
    private RaftOptions _options = Lone.Options;
    private bool _isQuiet;

    /// <summary>What the command made happen, line by line.</summary>
    public string Run(string command)
    {
        _output.Clear();
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words[0])
        {
            case "cluster":
                StartCluster(int.Parse(words[1], CultureInfo.InvariantCulture), words[2..]);
                break;
            case "server":
                AddServer(words[1]);
                break;
            case "tick":
                for (int i = int.Parse(words[2], CultureInfo.InvariantCulture); i > 0; i--)
                {
                    Peer(words[1]).Node!.Tick();
                }

                TakeReadys(words[1]);
                break;
            case "deliver":
                Deliver(words.Length > 1 ? words[1] : null);
                break;
            case "drop":
                Line($"dropped {_flying.RemoveAll(message => Matches(message, words.Length > 1 ? words[1] : null))} messages");
                break;
            case "stabilize":
                Stabilize();
                break;
            case "elect":
                Elect(words[1]);
                break;
            case "hold":
                _held.Add(words[1]);
                break;
            case "release":
                _held.Remove(words[1]);
                FinishWork(words[1]);
                break;
            case "propose":
                foreach (string text in words[2..])
                {
                    Say(words[1], Peer(words[1]).Node!.Propose(Encoding.ASCII.GetBytes(text)));
                }

                TakeReadys(words[1]);
                break;
            case "change":
                Change(words);
                break;
            case "transfer":
                Say(words[1], Peer(words[1]).Node!.TransferLeadership(words.Length > 2 ? new ServerId(words[2]) : default));
                TakeReadys(words[1]);
                break;
            case "read":
                Line($"{words[1]} read {words[2]}: {Peer(words[1]).Node!.RequestReadIndex(ulong.Parse(words[2], CultureInfo.InvariantCulture))}");
                TakeReadys(words[1]);
                break;
            case "snapshot":
                Peer(words[1]).TakeSnapshot();
                Line($"{words[1]} took {Peer(words[1]).Snapshot!.Value.Meta}");
                TakeReadys(words[1]);
                break;
            case "crash":
                Peer(words[1]).Crash(keptWrites: int.Parse(words[2], CultureInfo.InvariantCulture));
                break;
            case "start":
                Start(words[1]);
                break;
            case "status":
                WriteStatus();
                break;
            default:
                throw new InvalidOperationException($"unknown command: {command}");
        }

        return _output.Length == 0 ? "ok\n" : _output.ToString();
    }

    private void StartCluster(int size, string[] settings)
    {
        foreach (string setting in settings)
        {
            (string name, string value) = setting.Split('=') is [var left, var right] ? (left, right) : throw new InvalidOperationException(setting);
            _options = name switch
            {
                "prevote" => _options with { PreVote = bool.Parse(value) },
                "trailing" => _options with { TrailingEntries = int.Parse(value, CultureInfo.InvariantCulture) },
                "chunk" => _options with { SnapshotChunkBytes = int.Parse(value, CultureInfo.InvariantCulture) },
                "inflight" => _options with { InflightMessagesMax = int.Parse(value, CultureInfo.InvariantCulture), AppendEntriesMax = 1 },
                "lease" => _options with { ReadMode = bool.Parse(value) ? ReadMode.Lease : ReadMode.Quorum },
                _ => throw new InvalidOperationException(setting),
            };
        }

        RaftConfiguration configuration = Lone.Cluster(size);
        foreach (RaftServer server in configuration.Servers)
        {
            SimulatedPeer peer = new(server.Id, _options);
            peer.Disk.Bootstrap(configuration);
            _peers.Add(server.Id.Value!, peer);
            Start(server.Id.Value!);
        }
    }

    private void AddServer(string id)
    {
        _peers.Add(id, new SimulatedPeer(new ServerId(id), _options));
        Start(id);
    }

    private void Start(string id)
    {
        Peer(id).Start(seed: (ulong)id[^1], new Trace(this, id));
        TakeReadys(id);
    }

    private void Change(string[] words)
    {
        ConfigurationChangeKind kind = words[2] switch
        {
            "add-voter" => ConfigurationChangeKind.AddVoter,
            "add-nonvoter" => ConfigurationChangeKind.AddNonvoter,
            "promote" => ConfigurationChangeKind.Promote,
            "demote" => ConfigurationChangeKind.Demote,
            "remove" => ConfigurationChangeKind.Remove,
            _ => throw new InvalidOperationException(words[2]),
        };
        string? address = words[2].StartsWith("add", StringComparison.Ordinal) ? $"10.0.0.{words[3][^1]}:8300" : null;
        Say(words[1], Peer(words[1]).Node!.ProposeConfiguration(new ConfigurationChange(kind, new ServerId(words[3]), address)));
        TakeReadys(words[1]);
    }

    /// <summary>One round: what is in the air now, not what it causes.</summary>
    private void Deliver(string? link)
    {
        RaftMessage[] due = [.. _flying.Where(message => Matches(message, link))];
        _flying.RemoveAll(message => Matches(message, link));
        foreach (RaftMessage message in due)
        {
            if (_peers.TryGetValue(message.To.Value!, out SimulatedPeer? peer) && peer.IsUp)
            {
                Line($"{message.From}->{message.To} {Describe(message)}");
                peer.Node!.Step(message);
                TakeReadys(message.To.Value!);
            }
            else
            {
                Line($"{message.From}->{message.To} {Describe(message)}: nobody there");
            }
        }
    }

    private void Stabilize()
    {
        while (_flying.Count > 0)
        {
            Deliver(link: null);
        }
    }

    /// <summary>Without a word in the transcript, for scripts about something else.</summary>
    private void Elect(string id)
    {
        _isQuiet = true;
        SimulatedPeer peer = Peer(id);
        while (peer.Node!.Role != RaftRole.Leader)
        {
            foreach ((string name, SimulatedPeer each) in _peers.Where(pair => pair.Value.IsUp))
            {
                // The other followers' clocks run just far enough to forget an old leader, whose clock stands still.
                if (name == id || (!each.IsLeader && each.Node!.Stats().LastContactTicks is < 10))
                {
                    each.Node!.Tick();
                    TakeReadys(name);
                }
            }

            Stabilize();
        }

        _isQuiet = false;
        Line($"{id} leads term {peer.Node.Term}");
    }

    private void TakeReadys(string id)
    {
        SimulatedPeer peer = Peer(id);
        peer.OnReady = ready => Describe(id, ready);
        peer.OnApplied = entry => Line($"  {id} applied {entry.Id}{(entry.Type == EntryType.Command ? $" \"{Encoding.ASCII.GetString(entry.Data.Span)}\"" : $" {entry.Type}")}");
        peer.TakeReadys();
        Collect(peer);
        FinishWork(id);
    }

    private void FinishWork(string id)
    {
        SimulatedPeer peer = Peer(id);
        if (_held.Contains(id) || !peer.IsUp)
        {
            return;
        }

        while (peer.FinishSave() | peer.FinishApply() | peer.FinishSnapshotIo())
        {
            peer.TakeReadys();
            Collect(peer);
        }
    }

    private void Collect(SimulatedPeer peer)
    {
        _flying.AddRange(peer.Outbox);
        peer.Outbox.Clear();
        foreach (ReadState read in peer.ReadStates)
        {
            Line($"  {peer.Id} read {read.Context} at {read.Index}{(read.Refusal == Refusal.None ? "" : $" refused: {read.Refusal}")}");
        }

        peer.ReadStates.Clear();
        foreach (TransferOutcome transfer in peer.Transfers)
        {
            Line($"  {peer.Id} transfer to {transfer.Target}: {transfer.Failure ?? "done"}");
        }

        peer.Transfers.Clear();
    }

    private void Describe(string id, Ready ready)
    {
        List<string> saved = [];
        if (ready.Snapshot is { } snapshot)
        {
            saved.Add(snapshot.ToString());
        }

        if (ready.HardState is { } hard)
        {
            saved.Add($"term {hard.Term} vote {hard.Vote} commit {hard.Commit}");
        }

        if (!ready.Entries.IsEmpty)
        {
            saved.Add("entries " + Describe(ready.Entries));
        }

        if (saved.Count > 0)
        {
            Line($"  {id} saves {string.Join(", ", saved)}");
        }

        foreach (RaftMessage message in ready.Messages)
        {
            Line($"  {id}->{message.To} {Describe(message)}");
        }

        foreach (RaftMessage message in ready.MessagesAfterSave)
        {
            Line($"  {id}->{message.To} after save: {Describe(message)}");
        }

        if (ready.Configuration is { } configuration)
        {
            Line($"  {id} configuration {configuration}");
        }

        if (ready.CompactTo is { } compact)
        {
            Line($"  {id} compacts to {compact}");
        }
    }

    private string Describe(RaftMessage message) => message switch
    {
        AppendEntries m => $"AppendEntries t{m.Term} prev {m.Previous} commit {m.Commit}{(m.Entries.IsEmpty ? "" : " entries " + Describe(m.Entries))}",
        AppendEntriesReply { IsSuccess: true } m => $"AppendEntriesReply t{m.Term} match {m.Index}",
        AppendEntriesReply m => $"AppendEntriesReply t{m.Term} refused {m.Index} hint {m.Hint}",
        CommitNotice m => $"CommitNotice t{m.Term} {m.Commit}",
        Heartbeat m => $"Heartbeat t{m.Term} commit {m.Commit} round {Relative(m.Round)}",
        HeartbeatReply m => $"HeartbeatReply t{m.Term} round {Relative(m.Round)}",
        RequestVote m => $"{(m.IsPreVote ? "RequestPreVote" : "RequestVote")} t{m.Term} last {m.LastEntry}{(m.IsTransfer ? " transfer" : "")}",
        VoteReply m => $"{(m.IsPreVote ? "PreVoteReply" : "VoteReply")} t{m.Term} {(m.IsGranted ? "granted" : "refused")}",
        InstallSnapshot m => $"InstallSnapshot t{m.Term} {m.Snapshot} at {m.Offset} {m.Data.Length} B",
        InstallSnapshotReply m => $"InstallSnapshotReply t{m.Term} {m.Snapshot} {(m.IsInstalled ? "installed" : $"next {m.NextOffset}")}",
        TimeoutNow m => $"TimeoutNow t{m.Term}",
        ReadIndexRequest m => $"ReadIndexRequest t{m.Term} batch {Relative(m.Batch)}",
        ReadIndexReply m => $"ReadIndexReply t{m.Term} batch {Relative(m.Batch)} {(m.IsRefused ? "refused" : $"index {m.Index}")}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Describe(ReadOnlyMemory<RaftEntry> entries) =>
        string.Join(' ', entries.ToArray().Select(entry => entry.Type == EntryType.Command ? $"{entry.Id} \"{Encoding.ASCII.GetString(entry.Data.Span)}\"" : $"{entry.Id} {entry.Type}"));

    /// <summary>Rounds and batches begin at random; here they are told by the order of their appearance, as #1, #2…</summary>
    private string Relative(ulong number)
    {
        if (!_numbers.TryGetValue(number, out int known))
        {
            known = _numbers.Count + 1;
            _numbers.Add(number, known);
        }

        return string.Create(CultureInfo.InvariantCulture, $"#{known}");
    }

    private static bool Matches(RaftMessage message, string? link)
    {
        if (link is null)
        {
            return true;
        }

        string[] ends = link.Split("->");
        return (ends[0] is "*" || ends[0] == message.From.Value) && (ends[1] is "*" || ends[1] == message.To.Value);
    }

    private void WriteStatus()
    {
        foreach ((string id, SimulatedPeer peer) in _peers)
        {
            if (!peer.IsUp)
            {
                Line($"{id} down");
                continue;
            }

            RaftStats stats = peer.Node!.Stats();
            Line($"{id} {stats.Role} term {stats.Term} leader {stats.Leader} last {stats.LastEntry} commit {stats.CommitIndex} applied {stats.AppliedIndex} {stats.Configuration}");
            foreach (PeerStatus follower in peer.Node.Peers())
            {
                Line($"   {follower.Server.Id} {follower.State} match {follower.Match} next {follower.Next} inflight {follower.InflightMessages}");
            }
        }
    }

    private void Say(string id, ProposeResult result) =>
        Line($"{id} {(result.IsAccepted ? $"accepted at {result.First}" : $"refused: {result.Refusal}{(result.Leader.IsNone ? "" : $", leader {result.Leader}")}{(result.Detail is null ? "" : $", {result.Detail}")}")}");

    private SimulatedPeer Peer(string id) => _peers[id];

    private void Line(string line)
    {
        if (!_isQuiet)
        {
            _output.Append(line).Append('\n');
        }
    }

    private sealed class Trace(TranscriptRunner runner, string id) : IRaftTrace
    {
        public bool IsEnabled(TraceLevel level) => true;

        public void Write(TraceLevel level, string line) => runner.Line($"  {id} {level.ToString()[..4].ToUpperInvariant()} {line}");
    }
}
