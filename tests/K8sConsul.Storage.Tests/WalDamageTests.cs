using K8sConsul.Raft;
using K8sConsul.Storage.Tests.Simulation;

namespace K8sConsul.Storage.Tests;

/// <summary>
/// A bit is flipped at every byte of a small log. Each flip is refused with file and offset, or hits bytes that mean nothing, or cuts the last frame if
/// nothing shows that it had been acknowledged.
/// </summary>
public sealed class WalDamageTests
{
    private const string Directory = "/wal";

    private static readonly WriteAheadLogOptions s_options = new() { SegmentBytes = 4096, NewSalt = () => 7, PreparesAhead = false };

    [Fact]
    public async Task No_flip_in_a_log_that_was_closed_loses_anything()
    {
        (SimulatedFileSystem files, List<string> states) = await WriteAsync(close: true);
        int refused = 0;
        int harmless = 0;
        foreach ((string path, int offset) in EveryByte(files))
        {
            SimulatedFileSystem copy = files.Clone();
            copy.Flip(path, offset, (byte)(1 << (offset % 8)));
            if (await OpenAsync(copy, path, offset) is { } found)
            {
                Assert.True(string.Equals(found, states[^1], StringComparison.Ordinal), $"{path} at {offset}: opened with other content");
                harmless++;
            }
            else
            {
                refused++;
            }
        }

        Assert.True(refused > 3000 && harmless > 1000, $"{refused} refused, {harmless} harmless");
    }

    [Fact]
    public async Task After_a_crash_a_flip_costs_at_most_the_last_write()
    {
        (SimulatedFileSystem files, List<string> states) = await WriteAsync(close: false);
        int cut = 0;
        foreach ((string path, int offset) in EveryByte(files))
        {
            SimulatedFileSystem copy = files.Clone();
            copy.Flip(path, offset, 0x80);
            if (await OpenAsync(copy, path, offset) is { } found && !string.Equals(found, states[^1], StringComparison.Ordinal))
            {
                Assert.Equal(states[^2], found);
                cut++;
            }
        }

        Assert.InRange(cut, 20, 2000);
    }

    [Fact]
    public async Task A_missing_file_is_refused()
    {
        (SimulatedFileSystem files, _) = await WriteAsync(close: true);
        IReadOnlyList<string> names = files.List(Directory);
        Assert.True(names.Count >= 3, "the log has too few segments for this test");
        foreach (string name in names.Take(names.Count - 1))
        {
            SimulatedFileSystem copy = files.Clone();
            copy.Delete(Path.Combine(Directory, name));
            StorageDamagedException problem = Assert.Throws<StorageDamagedException>(() => WriteAheadLog.Open(copy, Directory, s_options));
            Assert.Contains("missing", problem.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_shortened_file_is_refused()
    {
        (SimulatedFileSystem files, _) = await WriteAsync(close: true);
        foreach (string name in files.List(Directory))
        {
            SimulatedFileSystem copy = files.Clone();
            string path = Path.Combine(Directory, name);
            using (IStorageFile file = copy.Open(path, isWritable: true))
            {
                file.SetLength(file.Length - 1);
            }

            Assert.Equal(path, Assert.Throws<StorageDamagedException>(() => WriteAheadLog.Open(copy, Directory, s_options)).Path);
        }
    }

    /// <summary>A client may store the bytes of a log in a log; they must never be taken for one.</summary>
    [Fact]
    public async Task A_copy_of_the_log_inside_of_an_entry_is_only_data()
    {
        SimulatedFileSystem files = NewDisk();
        await using (WriteAheadLog log = WriteAheadLog.Open(files, Directory, s_options))
        {
            await log.AppendAsync(Write(1, new byte[200]));
        }

        byte[] copy = files.ReadAll(Path.Combine(Directory, files.List(Directory)[0]))[..1024];
        await using (WriteAheadLog log = WriteAheadLog.Open(files, Directory, s_options))
        {
            int before = files.ChangeCount;

            // Torn in its head: the frames that seem to be in its data would be "later ones" if they were believed.
            files.CrashAtChange = before;
            files.CrashAfterBytes = 0;
            await Assert.ThrowsAnyAsync<StorageException>(() => log.AppendAsync(Write(2, copy)));
        }

        files.PowerOff();
        files.PowerOn(new RaftRandom(1));
        string path = Path.Combine(Directory, files.List(Directory)[0]);
        using (IStorageFile file = files.Open(path, isWritable: true))
        {
            file.Write(2048, copy);
            file.Flush();
        }

        await using WriteAheadLog reopened = WriteAheadLog.Open(files, Directory, s_options);
        Assert.Equal(1UL, reopened.Last.Index.Value);
        Assert.Equal(path, reopened.TornTail!.Value.File);
        Assert.Equal(2048 + copy.AsSpan().LastIndexOfAnyExcept((byte)0) + 1, reopened.TornTail.Value.Offset + reopened.TornTail.Value.Bytes);
    }

    [Fact]
    public async Task An_entry_that_decays_while_the_log_is_open_is_noticed_when_it_is_read()
    {
        SimulatedFileSystem files = NewDisk();
        await using WriteAheadLog log = WriteAheadLog.Open(files, Directory, s_options);
        await log.AppendAsync(Write(1, [.. Enumerable.Repeat((byte)0xEE, 50)]));
        string path = Path.Combine(Directory, files.List(Directory)[0]);
        int at = Array.IndexOf(files.ReadAll(path), (byte)0xEE);
        files.Flip(path, at + 20, 1);
        StorageDamagedException problem = Assert.Throws<StorageDamagedException>(() => log.Read(new LogIndex(1), new LogIndex(1), 1000, []));
        Assert.Equal(path, problem.Path);
        Assert.InRange(problem.Offset, 0, at);
    }

    private static LogWrite Write(ulong index, byte[] data) => new(
        null, new HardState(new Term(1), default, default), new[] { new RaftEntry(new Term(1), new LogIndex(index), EntryType.Command, data) });

    private static IEnumerable<(string Path, int Offset)> EveryByte(SimulatedFileSystem files) =>
        files.List(Directory).SelectMany(name =>
        {
            string path = Path.Combine(Directory, name);
            return Enumerable.Range(0, files.ReadAll(path).Length).Select(offset => (path, offset));
        });

    /// <summary>Opens the damaged log.</summary>
    /// <returns>What the log holds; null when it is refused, which must name the place.</returns>
    private static async Task<string?> OpenAsync(SimulatedFileSystem files, string path, int offset)
    {
        try
        {
            await using WriteAheadLog log = WriteAheadLog.Open(files, Directory, s_options);
            return LogModel.Describe(log);
        }
        catch (StorageDamagedException problem)
        {
            Assert.Equal(path, problem.Path);
            Assert.InRange(problem.Offset, 0, offset);
            Assert.Contains(StorageDamagedException.Remedy, problem.Message, StringComparison.Ordinal);
            return null;
        }
    }

    private static async Task<(SimulatedFileSystem Files, List<string> States)> WriteAsync(bool close)
    {
        SimulatedFileSystem files = NewDisk();
        WriteAheadLog log = WriteAheadLog.Open(files, Directory, s_options);
        List<string> states = [];
        LogScript script = new(seed: 5, dataMax: 400);
        for (int i = 0; i < 24; i++)
        {
            (LogWrite? Write, EntryId? CompactTo) call;
            do
            {
                LogModel before = script.Model;
                call = script.Next();
                if (call.Write is { Reset: null })
                {
                    break;
                }

                // Neither compaction nor a reset: several whole segments are wanted.
                script.Model = before;
            }
            while (true);
            await LogScript.RunAsync(log, call);
            states.Add(script.Model.Describe());
        }

        // One more that is seen in the description, so that losing it shows.
        EntryId last = new(script.Model.HardState.Term.Next, script.Model.Last.Index.Next);
        LogWrite final = new(null, new HardState(last.Term, default, default), new[] { new RaftEntry(last.Term, last.Index, EntryType.Command, new byte[40]) });
        await log.AppendAsync(final);
        states.Add(script.Model.After(final).Describe());
        SimulatedFileSystem atCrash = files.Clone();
        await log.DisposeAsync();
        return (close ? files.Clone() : atCrash, states);
    }

    private static SimulatedFileSystem NewDisk()
    {
        SimulatedFileSystem files = new();
        files.CreateDirectory(Directory);
        return files;
    }
}
