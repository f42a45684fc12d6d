using K8sConsul.Raft;
using K8sConsul.Storage.Tests.Simulation;

namespace K8sConsul.Storage.Tests;

/// <summary>What every log store does, compared with a model after random calls.</summary>
public abstract class LogStoreSuite
{
    private protected abstract IRaftLogStore NewStore();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task It_equals_the_model_after_every_call(int seed)
    {
        await using IRaftLogStore log = NewStore();
        LogScript script = new((ulong)seed, dataMax: 300);
        for (int i = 0; i < 200; i++)
        {
            await LogScript.RunAsync(log, script.Next());
            Assert.Equal(script.Model.Describe(), LogModel.Describe(log));
        }
    }

    [Fact]
    public async Task Read_stops_at_the_byte_bound_but_yields_one_entry_at_least()
    {
        await using IRaftLogStore log = NewStore();
        RaftEntry[] entries = [.. Enumerable.Range(1, 5).Select(i => Entry(1, (ulong)i, new byte[100]))];
        await log.AppendAsync(new LogWrite(null, new HardState(new Term(1), default, default), entries));
        Assert.Equal([1UL, 2], Read(log, from: 1, last: 5, bytesMax: (2 * (100 + RaftEntry.OverheadBytes)) + 1));
        Assert.Equal([3UL], Read(log, from: 3, last: 5, bytesMax: 1));
        Assert.Equal([4UL, 5], Read(log, from: 4, last: 5, bytesMax: long.MaxValue));
    }

    [Fact]
    public async Task Completions_keep_the_order_of_the_calls()
    {
        await using IRaftLogStore log = NewStore();
        List<Task> tasks = [];
        for (ulong i = 1; i <= 50; i++)
        {
            tasks.Add(log.AppendAsync(new LogWrite(null, new HardState(new Term(1), default, default), new[] { Entry(1, i, new byte[10]) })));
            tasks.Add(log.AppendAsync(default));
        }

        await tasks[60];
        Assert.All(tasks.Take(60), task => Assert.True(task.IsCompletedSuccessfully));
        await Task.WhenAll(tasks);
        Assert.Equal(50UL, log.Last.Index.Value);
    }

    private protected static RaftEntry Entry(ulong term, ulong index, byte[] data) => new(new Term(term), new LogIndex(index), EntryType.Command, data);

    private static List<ulong> Read(IRaftLogStore log, ulong from, ulong last, long bytesMax)
    {
        List<RaftEntry> entries = [];
        log.Read(new LogIndex(from), new LogIndex(last), bytesMax, entries);
        return [.. entries.Select(entry => entry.Index.Value)];
    }
}

public sealed class MemoryLogTests : LogStoreSuite
{
    private protected override IRaftLogStore NewStore() => new MemoryLog();
}

public sealed class WriteAheadLogStoreTests : LogStoreSuite
{
    private protected override IRaftLogStore NewStore()
    {
        SimulatedFileSystem files = new();
        files.CreateDirectory("/wal");
        return WriteAheadLog.Open(files, "/wal", new WriteAheadLogOptions { SegmentBytes = 8192 });
    }
}
