using K8sConsul.Raft;

namespace K8sConsul.Storage.Tests.Simulation;

/// <summary>A sequence of random but legal calls, and what the log must hold after each.</summary>
internal sealed class LogScript
{
    private readonly RaftRandom _random;
    private readonly int _dataMax;

    public LogScript(ulong seed, int dataMax)
    {
        _random = new RaftRandom(seed);
        _dataMax = dataMax;
    }

    public LogModel Model { get; set; } = LogModel.Empty;

    /// <summary>The next call; the model is already where it leads.</summary>
    public (LogWrite? Write, EntryId? CompactTo) Next()
    {
        int dice = _random.Next(20);
        if (dice == 0 && Model.Entries.Count > 2)
        {
            EntryId to = Model.Entries[_random.Next(Model.Entries.Count)].Id;
            Model = Model.CompactedTo(to);
            return (null, to);
        }

        // A log's first term is 1.
        Term term = dice is 1 or 2 || Model.HardState.Term == default(Term) ? Model.HardState.Term.Next : Model.HardState.Term;
        EntryId? reset = dice == 3 ? new EntryId(term, Model.Last.Index + (ulong)(1 + _random.Next(5))) : null;
        ServerId vote = dice == 4 ? new ServerId("s" + _random.Next(3)) : term > Model.HardState.Term ? ServerId.None : Model.HardState.Vote;
        List<RaftEntry> entries = [];
        EntryId start = reset ?? Model.Start;
        EntryId last = reset ?? Model.Last;
        // A new term may replace a part of the old suffix.
        LogIndex from = reset is null && term > Model.HardState.Term && Model.Entries.Count > 0
            ? Model.Entries[_random.Next(Model.Entries.Count)].Index
            : last.Index.Next;
        Assert.True(from > start.Index);
        for (int count = _random.Next(4); count > 0; count--)
        {
            byte[] data = new byte[_random.Next(_dataMax + 1)];
            for (int i = 0; i < data.Length; i++)
            {
                data[i] = (byte)_random.NextUInt64();
            }

            EntryType type = _random.Next(8) == 0 ? EntryType.Configuration : EntryType.Command;
            entries.Add(new RaftEntry(term, from, type, data));
            from = from.Next;
        }

        HardState? hard = term != Model.HardState.Term || vote != Model.HardState.Vote || dice > 15
            ? new HardState(term, vote, Model.Last.Index)
            : null;
        LogWrite write = new(reset, hard, entries.ToArray());
        Model = Model.After(write);
        return (write, null);
    }

    /// <summary>Runs the call on a log.</summary>
    public static Task RunAsync(IRaftLogStore log, (LogWrite? Write, EntryId? CompactTo) call) =>
        call.Write is { } write ? log.AppendAsync(write) : log.CompactAsync(call.CompactTo!.Value);
}
