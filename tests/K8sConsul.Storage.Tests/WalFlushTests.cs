using K8sConsul.Raft;
using K8sConsul.Storage.Tests.Simulation;

namespace K8sConsul.Storage.Tests;

/// <summary>Group flush, failing disks and full disks.</summary>
public sealed class WalFlushTests
{
    private const string Directory = "/wal";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly SimulatedFileSystem _files = new();

    public WalFlushTests() => _files.CreateDirectory(Directory);

    [Fact]
    public async Task Writes_that_wait_for_a_flush_share_the_next_one()
    {
        await using WriteAheadLog log = WriteAheadLog.Open(_files, Directory, new WriteAheadLogOptions { SegmentBytes = 1 << 20 });
        using SemaphoreSlim entered = new(0);
        using SemaphoreSlim allowed = new(0);
        _files.OnFlush = _ =>
        {
            entered.Release();
            Assert.True(allowed.Wait(s_patience), "the flush was never allowed");
        };
        Task first = log.AppendAsync(Write(1));
        Assert.True(await entered.WaitAsync(s_patience), "the first write was not flushed");
        List<Task> others = [];
        for (ulong i = 2; i <= 101; i++)
        {
            others.Add(log.AppendAsync(Write(i)));
        }

        Task empty = log.AppendAsync(default);
        Assert.False(first.IsCompleted || empty.IsCompleted, "completed before the flush was");
        Assert.Equal(0UL, log.Last.Index.Value);
        allowed.Release(2);
        await Task.WhenAll([first, .. others, empty]).WaitAsync(s_patience);
        Assert.Equal(2, log.FlushCount);
        Assert.Equal(101UL, log.Last.Index.Value);
        _files.OnFlush = static _ => { };
    }

    [Fact]
    public async Task Readers_see_only_what_is_durable_while_a_writer_runs()
    {
        await using WriteAheadLog log = WriteAheadLog.Open(_files, Directory, new WriteAheadLogOptions { SegmentBytes = 16384 });
        using CancellationTokenSource stop = new();
        Task reader = Task.Run(() =>
        {
            List<RaftEntry> entries = [];
            long rounds = 0;
            while (!stop.IsCancellationRequested || rounds == 0)
            {
                EntryId last = log.Last;
                if (last.Index.Value == 0)
                {
                    continue;
                }

                entries.Clear();
                log.Read(LogIndex.Max(new LogIndex(1), new LogIndex(last.Index.Value - Math.Min(last.Index.Value - 1, 20))), last.Index, long.MaxValue, entries);
                Assert.All(entries, entry => Assert.Equal(Data(entry.Index.Value), entry.Data.ToArray()));
                rounds++;
            }
        });
        List<Task> writes = [];
        for (ulong i = 1; i <= 500; i++)
        {
            writes.Add(log.AppendAsync(Write(i)));
            if (i % 50 == 0)
            {
                await writes[^1].WaitAsync(s_patience);
            }
        }

        await Task.WhenAll(writes).WaitAsync(s_patience);
        await stop.CancelAsync();
        await reader.WaitAsync(s_patience);
        Assert.True(log.FlushCount < 501);
    }

    [Fact]
    public async Task A_failed_flush_poisons_the_log_for_ever()
    {
        WriteAheadLog log = WriteAheadLog.Open(_files, Directory, new WriteAheadLogOptions { SegmentBytes = 65536, PreparesAhead = false });
        await log.AppendAsync(Write(1));
        _files.FailFlushOf = ".wal";
        StorageException problem = await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync(Write(2)));
        Assert.Equal("flush", problem.Operation);
        // The disk is well again, but nobody knows what it holds.
        _files.FailFlushOf = null;
        Assert.Same(problem, await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync(Write(2))));
        Assert.Same(problem, await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync(default)));
        Assert.Same(problem, await Assert.ThrowsAsync<StorageException>(() => log.CompactAsync(new EntryId(new Term(1), new LogIndex(1)))));
        Assert.Equal(1UL, log.Last.Index.Value);
        await log.DisposeAsync();
    }

    [Fact]
    public async Task A_full_disk_fails_the_write_that_needs_a_new_segment_and_loses_nothing()
    {
        _files.Capacity = 3 * 8192;
        WriteAheadLog log = WriteAheadLog.Open(_files, Directory, new WriteAheadLogOptions { SegmentBytes = 8192 });
        ulong written = 0;
        StorageException problem = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            for (ulong i = 1; i <= 1000; i++)
            {
                await log.AppendAsync(Write(i));
                written = i;
            }
        });
        Assert.Contains("no space", problem.Message, StringComparison.Ordinal);
        Assert.True(written > 50);
        await log.DisposeAsync();
        _files.Capacity = long.MaxValue;
        await using WriteAheadLog reopened = WriteAheadLog.Open(_files, Directory, new WriteAheadLogOptions { SegmentBytes = 8192 });
        Assert.Equal(written, reopened.Last.Index.Value);
        await reopened.AppendAsync(Write(written + 1));
    }

    [Fact]
    public async Task A_disk_that_fails_while_closing_is_reported_by_closing()
    {
        WriteAheadLog log = WriteAheadLog.Open(_files, Directory, new WriteAheadLogOptions { SegmentBytes = 65536, PreparesAhead = false });
        await log.AppendAsync(Write(1));
        _files.FailFlushOf = ".wal";
        Assert.Equal("flush", (await Assert.ThrowsAsync<StorageException>(async () => await log.DisposeAsync())).Operation);
    }

    [Fact]
    public async Task Compaction_gives_segments_back_and_keeps_the_rest_readable()
    {
        await using WriteAheadLog log = WriteAheadLog.Open(_files, Directory, new WriteAheadLogOptions { SegmentBytes = 8192 });
        for (ulong i = 1; i <= 600; i++)
        {
            await log.AppendAsync(Write(i));
        }

        int before = _files.List(Directory).Count;
        await log.CompactAsync(new EntryId(new Term(1), new LogIndex(590)));
        int after = _files.List(Directory).Count;
        Assert.True(before > 5 && after <= 3, $"{before} files before, {after} after");
        List<RaftEntry> entries = [];
        log.Read(new LogIndex(591), new LogIndex(600), long.MaxValue, entries);
        Assert.Equal(10, entries.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Read(new LogIndex(590), new LogIndex(600), 1, []));
    }

    [Fact]
    public async Task A_write_that_does_not_continue_the_log_fails_and_stops_it()
    {
        WriteAheadLog log = WriteAheadLog.Open(_files, Directory);
        await log.AppendAsync(Write(1));
        await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync(Write(3)));
        await Assert.ThrowsAsync<StorageException>(() => log.AppendAsync(Write(2)));
        await log.DisposeAsync();
    }

    [Fact]
    public async Task One_frame_may_be_larger_than_a_segment()
    {
        byte[] large = new byte[100_000];
        large.AsSpan().Fill(7);
        await using (WriteAheadLog log = WriteAheadLog.Open(_files, Directory, new WriteAheadLogOptions { SegmentBytes = 4096 }))
        {
            await log.AppendAsync(Write(1));
            await log.AppendAsync(new LogWrite(null, null, new[] { new RaftEntry(new Term(1), new LogIndex(2), EntryType.Command, large) }));
            await log.AppendAsync(Write(3));
        }

        await using WriteAheadLog reopened = WriteAheadLog.Open(_files, Directory, new WriteAheadLogOptions { SegmentBytes = 4096 });
        List<RaftEntry> entries = [];
        reopened.Read(new LogIndex(1), new LogIndex(3), long.MaxValue, entries);
        Assert.Equal(large, entries[1].Data.ToArray());
        Assert.Equal(3, entries.Count);
    }

    private static byte[] Data(ulong index) => [.. Enumerable.Range(0, 60).Select(i => (byte)(index + (ulong)i))];

    private static LogWrite Write(ulong index) => new(
        null,
        index == 1 ? new HardState(new Term(1), default, default) : null,
        new[] { new RaftEntry(new Term(1), new LogIndex(index), EntryType.Command, Data(index)) });
}
