using System.Globalization;
using System.Text;
using K8sConsul.Raft;

namespace K8sConsul.Storage.Tests.Simulation;

/// <summary>What a log must hold: the slow and obvious version. Immutable, so that states can be remembered.</summary>
internal sealed record LogModel(EntryId Start, IReadOnlyList<RaftEntry> Entries, HardState HardState)
{
    public static LogModel Empty { get; } = new(default, [], default);

    public EntryId Last => Entries.Count > 0 ? Entries[^1].Id : Start;

    public LogModel After(LogWrite write)
    {
        EntryId start = write.Reset ?? Start;
        List<RaftEntry> entries = write.Reset is null ? [.. Entries] : [];
        foreach (RaftEntry entry in write.Entries.Span)
        {
            entries.RemoveAll(old => old.Index >= entry.Index);
            entries.Add(entry);
        }

        return new LogModel(start, entries, write.HardState ?? HardState);
    }

    public LogModel CompactedTo(EntryId id) =>
        id.Index <= Start.Index ? this : this with { Start = id, Entries = [.. Entries.Where(entry => entry.Index > id.Index)] };

    /// <summary>Everything a reader can see, as text.</summary>
    public string Describe()
    {
        StringBuilder text = new();
        LogIndex commit = LogIndex.Min(HardState.Commit, Last.Index);
        text.Append(CultureInfo.InvariantCulture, $"start {Start} last {Last} term {HardState.Term} vote {HardState.Vote} commit {commit} configurations");
        foreach (RaftEntry entry in Entries.Where(entry => entry.Type == EntryType.Configuration))
        {
            text.Append(CultureInfo.InvariantCulture, $" {entry.Index}");
        }

        foreach (RaftEntry entry in Entries)
        {
            Append(text, entry);
        }

        return text.ToString();
    }

    public static string Describe(IRaftLogStore log)
    {
        StringBuilder text = new();
        HardState hard = log.HardState;
        text.Append(CultureInfo.InvariantCulture, $"start {log.Start} last {log.Last} term {hard.Term} vote {hard.Vote} commit {hard.Commit} configurations");
        foreach (LogIndex index in log.ConfigurationIndexes)
        {
            text.Append(CultureInfo.InvariantCulture, $" {index}");
        }

        List<RaftEntry> entries = [];
        if (log.Last.Index > log.Start.Index)
        {
            log.Read(log.Start.Index.Next, log.Last.Index, long.MaxValue, entries);
        }

        foreach (RaftEntry entry in entries)
        {
            Assert.Equal(entry.Term, log.TermAt(entry.Index));
            Append(text, entry);
        }

        Assert.Equal(log.Start.Term, log.TermAt(log.Start.Index));
        return text.ToString();
    }

    private static void Append(StringBuilder text, RaftEntry entry) =>
        text.Append(CultureInfo.InvariantCulture, $" | {entry.Id} {entry.Type} {Convert.ToHexString(entry.Data.Span)}");
}
