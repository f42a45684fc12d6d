using K8sConsul.Raft;
using K8sConsul.Storage.Tests.Simulation;

namespace K8sConsul.Storage.Tests;

/// <summary>
/// Power goes off at every change of the disk and at every byte of every write of a recorded sequence. After each: the log opens, holds what was
/// acknowledged, holds each call as a whole or not at all, and goes on.
/// </summary>
public sealed class WalCrashTests
{
    private const string Directory = "/wal";
    private const int CallCount = 25;

    private static readonly WriteAheadLogOptions s_options = new() { SegmentBytes = 4096, PreparesAhead = false, NewSalt = () => 42 };

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Every_byte_of_every_write(int seed)
    {
        SimulatedFileSystem recorded = NewDisk();
        Assert.Equal(CallCount, await RunAsync(recorded, seed, []));
        int points = 0;
        for (int change = 0; change < recorded.ChangeCount; change++)
        {
            // Zeros that fill a new segment are the same at every byte.
            int bytes = recorded.ChangeBytes[change];
            int step = bytes >= s_options.SegmentBytes ? 512 : 1;
            for (int at = 0; at <= bytes; at += step)
            {
                await CrashAsync(seed, change, at);
                points++;
            }
        }

        Assert.True(points > 2500, $"only {points} points: the sequence is too short to show anything");
    }

    [Fact]
    public async Task Sectors_of_an_unflushed_write_arrive_in_any_order()
    {
        for (int seed = 1; seed <= 150; seed++)
        {
            RaftRandom random = new((ulong)seed);
            SimulatedFileSystem files = NewDisk();
            List<string> states = [];
            files.CrashAtChange = 10 + random.Next(80);
            files.CrashAfterBytes = 0;
            int done = await RunAsync(files, seed, states, dataMax: 2000);
            files.PowerOff();
            files.PowerOn(random);
            await CheckAsync(files, states, done, $"seed {seed}");
        }
    }

    /// <summary>Opening, crashing and opening again, with the recovery's own writes torn too.</summary>
    [Fact]
    public async Task A_crash_during_recovery_loses_nothing()
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            RaftRandom random = new((ulong)seed);
            SimulatedFileSystem files = NewDisk();
            List<string> states = [];
            files.CrashAtChange = 12 + random.Next(60);
            files.CrashAfterBytes = random.Next(300);
            int done = await RunAsync(files, seed, states, dataMax: 800);
            for (int attempt = 0; attempt < 3; attempt++)
            {
                files.PowerOff();
                files.PowerOn(random);
                files.CrashAtChange = files.ChangeCount + random.Next(3);
                files.CrashAfterBytes = random.Next(200);
                try
                {
                    await using WriteAheadLog log = WriteAheadLog.Open(files, Directory, s_options);
                }
                catch (StorageException problem) when (problem is not StorageDamagedException)
                {
                    // The power went off again.
                }
            }

            files.PowerOff();
            files.PowerOn(random);
            await CheckAsync(files, states, done, $"seed {seed}");
        }
    }

    private static async Task CrashAsync(int seed, int change, int bytes)
    {
        SimulatedFileSystem files = NewDisk();
        files.CrashAtChange = change;
        files.CrashAfterBytes = bytes;
        List<string> states = [];
        int done = await RunAsync(files, seed, states);
        files.PowerOff();
        files.PowerOn(new RaftRandom((ulong)(change * 1000) + (ulong)bytes));
        await CheckAsync(files, states, done, $"change {change}, byte {bytes}");
    }

    /// <summary>Runs the script until it ends or the power goes off.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="seed">Of the script.</param>
    /// <param name="states">Gets what the log must hold: before the first call, after each acknowledged one, and after the one that failed.</param>
    /// <param name="dataMax">Largest entry.</param>
    /// <returns>How many calls were acknowledged.</returns>
    private static async Task<int> RunAsync(SimulatedFileSystem files, int seed, List<string> states, int dataMax = 60)
    {
        LogScript script = new((ulong)seed, dataMax);
        states.Add(script.Model.Describe());
        int done = 0;
        try
        {
            await using WriteAheadLog log = WriteAheadLog.Open(files, Directory, s_options);
            for (; done < CallCount; done++)
            {
                (LogWrite?, EntryId?) call = script.Next();
                states.Add(script.Model.Describe());
                await LogScript.RunAsync(log, call);
            }
        }
        catch (StorageException)
        {
            // The power went off.
        }

        return done;
    }

    private static async Task CheckAsync(SimulatedFileSystem files, List<string> states, int done, string where)
    {
        WriteAheadLog? opened = null;
        try
        {
            opened = WriteAheadLog.Open(files, Directory, s_options);
            string found = LogModel.Describe(opened);
            bool isRight = string.Equals(found, states[done], StringComparison.Ordinal)
                || (done + 1 < states.Count && string.Equals(found, states[done + 1], StringComparison.Ordinal));
            Assert.True(isRight, $"{where}: after {done} calls found\n{found}\nwanted\n{states[done]}");
            RaftEntry entry = new(opened.HardState.Term.Next, opened.Last.Index.Next, EntryType.Command, new byte[] { 1, 2, 3 });
            await opened.AppendAsync(new LogWrite(null, new HardState(entry.Term, default, default), new[] { entry }));
            string after = LogModel.Describe(opened);
            await opened.DisposeAsync();
            opened = WriteAheadLog.Open(files, Directory, s_options);
            Assert.Equal(after, LogModel.Describe(opened));
            Assert.Null(opened.TornTail);
        }
        catch (StorageException problem)
        {
            Assert.Fail($"{where}: {problem.Message}");
        }
        finally
        {
            if (opened is not null)
            {
                await opened.DisposeAsync();
            }
        }
    }

    private static SimulatedFileSystem NewDisk()
    {
        SimulatedFileSystem files = new();
        files.CreateDirectory(Directory);
        return files;
    }
}
