using K8sConsul.Raft.Tests.Simulation;

namespace K8sConsul.Raft.Tests;

/// <summary>The log with its cache over storage, compared with a plain list.</summary>
public sealed class RaftLogTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_equals_a_list_whatever_is_cached(int seed)
    {
        RaftRandom random = new((ulong)seed);
        SimulatedDisk disk = new();
        RaftOptions options = new() { CacheEntries = random.Next(10), CacheBytes = 400 };
        RaftLog log = new(disk, options, new RaftInitialState(default));
        List<RaftEntry> model = [];
        ulong term = 1;
        int bound = 0;
        for (int step = 0; step < 3000; step++)
        {
            switch (random.Next(7))
            {
                case 0 or 1:
                    RaftEntry entry = new(new Term(term), log.Last.Index.Next, EntryType.Command, new byte[random.Next(40)]);
                    log.Append(entry);
                    model.Add(entry);
                    break;
                case 2 when log.Last.Index > log.Committed && random.Next(4) == 0:
                    ulong from = log.Committed.Value + 1 + (ulong)random.Next((int)(log.Last.Index - log.Committed));
                    log.TruncateFrom(new LogIndex(from));
                    model.RemoveAll(old => old.Index.Value >= from);
                    term++;
                    break;
                case 3:
                    RaftEntry[] unsaved = log.TakeUnsaved(random.Next(200));
                    disk.Enqueue(new Ready { Number = (ulong)step, Entries = unsaved });
                    disk.CompleteNext();
                    log.StableTo(log.Handed);
                    break;
                case 4:
                    log.CommitTo(new LogIndex(log.Committed.Value + (ulong)random.Next((int)(log.Last.Index - log.Committed) + 1)));
                    break;
                case 5:
                    RaftEntry[] committed = log.TakeCommitted();
                    Assert.All(committed, applied => Assert.Equal(model.Single(old => old.Index == applied.Index).Id, applied.Id));
                    log.AppliedTo(log.Applying);
                    break;
                case 6 when random.Next(10) == 0 && log.Applied > log.Start.Index:
                    EntryId start = log.CompactTo(new LogIndex(log.Start.Index.Value + 1 + (ulong)random.Next((int)(log.Applied - log.Start.Index))));
                    model.RemoveAll(old => old.Index <= start.Index);
                    disk.Compact(start);
                    break;
            }

            Compare(log, model, random);
            int open = (int)(log.Last.Index - LogIndex.Min(log.Stable, log.Applied));
            Assert.True(log.CachedCount <= open + options.CacheEntries, "the cache outgrew its bound");
            bound = Math.Max(bound, model.Count - log.CachedCount);
        }

        Assert.True(bound > 10 && disk.ReadCount > 100, "storage was hardly used");
    }

    private static void Compare(RaftLog log, List<RaftEntry> model, RaftRandom random)
    {
        Assert.Equal(model.Count > 0 ? model[^1].Id : log.Start, log.Last);
        Assert.Equal((ulong)model.Count, log.Last.Index - log.Start.Index);
        if (model.Count == 0)
        {
            return;
        }

        int first = random.Next(model.Count);
        int last = first + random.Next(model.Count - first);
        long bytes = random.Next(500);
        RaftEntry[] read = log.Read(model[first].Index, model[last].Index, countMax: 1 + random.Next(20), bytes);
        Assert.NotEmpty(read);
        Assert.Equal(model.Skip(first).Take(read.Length).Select(entry => entry.Id), read.Select(entry => entry.Id));
        Assert.True(read.Length == 1 || read.Sum(entry => entry.SizeBytes) <= bytes);
        Assert.True(log.TryTermAt(model[last].Index, out Term term) && term == model[last].Term);
        Assert.False(log.TryTermAt(log.Last.Index.Next, out _));

        // The slow version of the back-off hint.
        Term wanted = new(1 + (ulong)random.Next((int)log.Last.Term.Value + 1));
        RaftEntry? slow = model.Take(last + 1).LastOrDefault(entry => entry.Term <= wanted);
        Assert.Equal(slow?.Id ?? log.Start, log.FindByTerm(model[last].Index, wanted));
    }

    [Fact]
    public void Impossible_steps_are_refused()
    {
        RaftLog log = new(new SimulatedDisk(), new RaftOptions(), new RaftInitialState(default));
        log.Append(new RaftEntry(new Term(2), new LogIndex(1), EntryType.Command, default));
        log.CommitTo(new LogIndex(1));
        Assert.Throws<RaftInvariantException>(() => log.TruncateFrom(new LogIndex(1)));
        Assert.Throws<RaftInvariantException>(() => log.CommitTo(new LogIndex(0)));
        Assert.Throws<RaftInvariantException>(() => log.CommitTo(new LogIndex(2)));
        Assert.Throws<RaftInvariantException>(() => log.AppliedTo(new LogIndex(1)));
        Assert.Throws<RaftInvariantException>(() => log.StableTo(new LogIndex(2)));
        Assert.Throws<RaftInvariantException>(() => log.Append(new RaftEntry(new Term(2), new LogIndex(3), EntryType.Command, default)));
        Assert.Throws<RaftInvariantException>(() => log.Append(new RaftEntry(new Term(1), new LogIndex(2), EntryType.Command, default)));
    }

    /// <summary>What storage says at start must fit together.</summary>
    [Fact]
    public void Contradictions_at_start_are_refused()
    {
        SnapshotMeta snapshot = new(Lone.Id(1, 5), Lone.Cluster(voters: 1), new LogIndex(1), 0, 0);
        SimulatedDisk empty = new();
        Assert.Throws<RaftInvariantException>(() => new RaftNode(new RaftOptions { Seed = 1 }, Lone.Self, new RaftInitialState(new HardState(new Term(1), default, default), snapshot), empty));
        SimulatedDisk ahead = new();
        ahead.Preset(default, Lone.Entry(7, 1));
        Assert.Throws<RaftInvariantException>(() => new RaftNode(new RaftOptions { Seed = 1 }, Lone.Self, new RaftInitialState(new HardState(new Term(6), default, default)), ahead));
    }
}
