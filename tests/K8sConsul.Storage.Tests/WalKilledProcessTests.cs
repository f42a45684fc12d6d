using K8sConsul.Raft;
using K8sConsul.Storage.Tests.Simulation;

namespace K8sConsul.Storage.Tests;

/// <summary>
/// A process dies between writing and flushing, the next one starts, then the power fails. Goal: what the second one has read is as durable as what
/// it has written itself, for it has acted on it. Found by the simulator.
/// </summary>
public sealed class WalKilledProcessTests
{
    private const string Directory = "/wal";
    private static readonly WriteAheadLogOptions s_options = new() { SegmentBytes = 4096, FlushesItself = false };

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public async Task What_the_next_process_believes_survives_a_power_loss(ulong seed)
    {
        SimulatedFileSystem disk = new();
        disk.CreateDirectory(Directory);
        WriteAheadLog killed = WriteAheadLog.Open(disk, Directory, s_options);
        Task unfinished = killed.AppendAsync(Write(term: 1, vote: "s1", index: 1));
        disk.FailFlushOf = ".wal";
        killed.FlushOnce();
        await Assert.ThrowsAsync<StorageException>(() => unfinished);
        disk.FailFlushOf = null;

        WriteAheadLog next = WriteAheadLog.Open(disk, Directory, s_options);
        HardState promised = next.HardState;
        EntryId last = next.Last;
        Assert.Equal(new ServerId("s1"), promised.Vote);
        Assert.Equal(new LogIndex(1), last.Index);

        disk.PowerOff();
        disk.PowerOn(new RaftRandom(seed));
        WriteAheadLog after = WriteAheadLog.Open(disk, Directory, s_options);
        Assert.Equal(promised, after.HardState);
        Assert.Equal(last, after.Last);
    }

    private static LogWrite Write(ulong term, string vote, ulong index) => new(
        Reset: null,
        new HardState(new Term(term), new ServerId(vote), default),
        new[] { new RaftEntry(new Term(term), new LogIndex(index), EntryType.Command, "data"u8.ToArray()) });
}
