using System.Text;
using K8sConsul.Raft;

namespace K8sConsul.Storage.Tests;

/// <summary>
/// Directories that earlier programs wrote, kept byte for byte in Testdata: every later program must read them. A new format gets a folder of its own
/// beside the old ones; K8SCONSUL_WRITE_FIXTURE names the folder to write it to.
/// </summary>
public sealed class FormatFixtureTests
{
    private static readonly RaftConfiguration s_members = new([new RaftServer(new ServerId("s1"), "10.0.0.1:8300"), new RaftServer(new ServerId("s2"), "10.0.0.2:8300")]);

    [Fact]
    public async Task The_first_format_is_read()
    {
        string directory = System.IO.Directory.CreateTempSubdirectory("k8sconsul-fixture-").FullName;
        try
        {
            Copy(Path.Combine(AppContext.BaseDirectory, "Testdata", "format-1"), directory);
            await using RaftStorage storage = await RaftStorage.OpenFilesAsync(directory, s_options);
            Assert.Null(storage.TornTail);
            Assert.Null(storage.Warning);
            Assert.Equal(new HardState(new Term(3), new ServerId("s2"), new LogIndex(5)), storage.Log.HardState);
            Assert.Equal(new EntryId(new Term(1), new LogIndex(2)), storage.Log.Start);
            Assert.Equal(new EntryId(new Term(3), new LogIndex(6)), storage.Log.Last);
            List<RaftEntry> entries = [];
            storage.Log.Read(new LogIndex(3), new LogIndex(6), long.MaxValue, entries);
            Assert.Equal(
                ["3/1 Command three", "4/1 Command four", "5/3 Noop ", "6/3 Command six"],
                entries.Select(entry => $"{entry.Id} {entry.Type} {Encoding.UTF8.GetString(entry.Data.Span)}"));

            SnapshotMeta snapshot = Assert.Single(storage.Snapshots.List());
            Assert.Equal(new EntryId(new Term(1), new LogIndex(4)), snapshot.Last);
            Assert.Equal(s_members, snapshot.Configuration);
            using ISnapshotReader reader = storage.Snapshots.Open(snapshot);
            reader.Verify();
            byte[] data = new byte[snapshot.SizeBytes];
            Assert.Equal(data.Length, reader.Read(0, data));
            Assert.Equal("state at four", Encoding.UTF8.GetString(data));
        }
        finally
        {
            System.IO.Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>What is written today is what is kept: whoever changes the format sees it here.</summary>
    [Fact]
    public async Task Todays_format_is_the_one_that_is_kept()
    {
        string? kept = Environment.GetEnvironmentVariable("K8SCONSUL_WRITE_FIXTURE");
        string directory = kept ?? System.IO.Directory.CreateTempSubdirectory("k8sconsul-fixture-").FullName;
        try
        {
            await WriteAsync(directory);
            string expected = Path.Combine(AppContext.BaseDirectory, "Testdata", "format-1");
            foreach (string path in System.IO.Directory.EnumerateFiles(kept is null ? expected : directory, "*", SearchOption.AllDirectories))
            {
                string name = Path.GetRelativePath(kept is null ? expected : directory, path);
                Assert.Equal(await File.ReadAllBytesAsync(path), await File.ReadAllBytesAsync(Path.Combine(directory, name)));
            }
        }
        finally
        {
            if (kept is null)
            {
                System.IO.Directory.Delete(directory, recursive: true);
            }
        }
    }

    private static readonly WriteAheadLogOptions s_options = new() { SegmentBytes = 4096, PreparesAhead = false, NewSalt = () => 0x0123456789ABCDEF };

    private static async Task WriteAsync(string directory)
    {
        await using RaftStorage storage = await RaftStorage.OpenFilesAsync(directory, s_options);
        Assert.True(await storage.BootstrapAsync(s_members));
        await storage.Log.AppendAsync(new LogWrite(
            Reset: null,
            new HardState(new Term(2), new ServerId("s1"), new LogIndex(1)),
            new[] { Entry(1, 2, "two"), Entry(1, 3, "three"), Entry(1, 4, "four"), Entry(2, 5, "given up") }));
        using (ISnapshotWriter writer = storage.Snapshots.Create(new EntryId(new Term(1), new LogIndex(4)), s_members, new LogIndex(1)))
        {
            writer.Write("state at four"u8);
            writer.Publish();
        }

        await storage.Log.CompactAsync(new EntryId(new Term(1), new LogIndex(2)));
        await storage.Log.AppendAsync(new LogWrite(
            Reset: null,
            new HardState(new Term(3), new ServerId("s2"), new LogIndex(5)),
            new[] { new RaftEntry(new Term(3), new LogIndex(5), EntryType.Noop, default), Entry(3, 6, "six") }));
    }

    private static RaftEntry Entry(ulong term, ulong index, string data) =>
        new(new Term(term), new LogIndex(index), EntryType.Command, Encoding.UTF8.GetBytes(data));

    private static void Copy(string from, string to)
    {
        foreach (string path in System.IO.Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, path));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }
}
