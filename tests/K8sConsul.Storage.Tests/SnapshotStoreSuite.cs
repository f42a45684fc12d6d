using System.Text;
using K8sConsul.Raft;
using K8sConsul.Storage.Tests.Simulation;

namespace K8sConsul.Storage.Tests;

/// <summary>What every snapshot store does.</summary>
public abstract class SnapshotStoreSuite
{
    private protected static RaftConfiguration Servers { get; } =
        new([new RaftServer(new ServerId("a"), "10.0.0.1:8300"), new RaftServer(new ServerId("b"), "10.0.0.2:8300", Suffrage.Nonvoter)]);

    private protected abstract ISnapshotStore NewStore();

    [Fact]
    public void A_published_snapshot_is_listed_and_read_back()
    {
        ISnapshotStore store = NewStore();
        SnapshotMeta meta = Publish(store, index: 7, "state of seven");
        Assert.Equal(new SnapshotMeta(new EntryId(new Term(2), new LogIndex(7)), Servers, new LogIndex(3), 14, meta.Crc32C), meta);
        Assert.Equal([meta], store.List());
        using ISnapshotReader reader = store.Open(meta);
        reader.Verify();
        Assert.Equal("state of seven", ReadAll(reader));
        byte[] end = new byte[10];
        Assert.Equal(5, reader.Read(9, end));
        Assert.Equal(0, reader.Read(14, end));
    }

    [Fact]
    public void One_that_was_not_published_is_not_there()
    {
        ISnapshotStore store = NewStore();
        using (ISnapshotWriter writer = store.Create(new EntryId(new Term(1), new LogIndex(1)), Servers, new LogIndex(1)))
        {
            writer.Write("half"u8);
        }

        Assert.Empty(store.List());
    }

    [Fact]
    public void The_newest_two_are_kept_newest_first_and_an_open_one_stays_readable()
    {
        ISnapshotStore store = NewStore();
        SnapshotMeta first = Publish(store, index: 5, "five");
        using ISnapshotReader open = store.Open(first);
        Publish(store, index: 15, "fifteen");
        Publish(store, index: 9, "nine");
        Publish(store, index: 100, "hundred");
        Assert.Equal([100UL, 15], store.List().Select(meta => meta.Last.Index.Value));
        Assert.Equal("five", ReadAll(open));
        Assert.ThrowsAny<StorageException>(() => store.Open(first));
    }

    [Fact]
    public void Pieces_are_received_resumed_and_published()
    {
        SnapshotMeta meta = MetaOf(index: 30, "abcdefghij");
        ISnapshotStore store = NewStore();
        using (IIncomingSnapshot incoming = store.Receive(meta))
        {
            incoming.Write(0, "abcd"u8);
        }

        Assert.Equal((meta, 4L), store.Partial());
        using (IIncomingSnapshot resumed = store.Receive(meta))
        {
            Assert.Equal(4, resumed.NextOffset);
            // Repeated from an earlier place: what lies behind is replaced.
            resumed.Write(2, "cdef"u8);
            Assert.Throws<InvalidOperationException>(resumed.Publish);
            Assert.Throws<ArgumentOutOfRangeException>(() => resumed.Write(7, "x"u8));
            Assert.Throws<ArgumentOutOfRangeException>(() => resumed.Write(6, "too much"u8));
            resumed.Write(6, "ghij"u8);
            resumed.Publish();
        }

        Assert.Null(store.Partial());
        Assert.Equal([meta], store.List());
        using ISnapshotReader reader = store.Open(meta);
        Assert.Equal("abcdefghij", ReadAll(reader));
    }

    [Fact]
    public void Another_snapshot_displaces_an_unfinished_one()
    {
        ISnapshotStore store = NewStore();
        using (IIncomingSnapshot incoming = store.Receive(MetaOf(index: 30, "abcdefghij")))
        {
            incoming.Write(0, "abcd"u8);
        }

        SnapshotMeta other = MetaOf(index: 31, "xyz");
        using IIncomingSnapshot next = store.Receive(other);
        Assert.Equal(0, next.NextOffset);
        Assert.Equal((other, 0L), store.Partial());
    }

    [Fact]
    public void What_arrives_damaged_is_dropped()
    {
        ISnapshotStore store = NewStore();
        SnapshotMeta meta = MetaOf(index: 30, "abcd");
        using (IIncomingSnapshot incoming = store.Receive(meta))
        {
            incoming.Write(0, "abce"u8);
            Assert.Throws<StorageDamagedException>(incoming.Publish);
        }

        Assert.Empty(store.List());
        Assert.Null(store.Partial());
    }

    [Fact]
    public void Streams_write_and_read_the_same()
    {
        ISnapshotStore store = NewStore();
        byte[] data = [.. Enumerable.Range(0, 700_000).Select(i => (byte)(i * 31))];
        using ISnapshotWriter writer = store.Create(new EntryId(new Term(1), new LogIndex(1)), Servers, new LogIndex(1));
        using (Stream stream = writer.AsStream())
        {
            new MemoryStream(data).CopyTo(stream, 1000);
        }

        SnapshotMeta meta = writer.Publish();
        using ISnapshotReader reader = store.Open(meta);
        using Stream read = reader.AsStream();
        MemoryStream copy = new();
        read.CopyTo(copy, 4096);
        Assert.Equal(data, copy.ToArray());
        Assert.Equal(Crc32C.Append(0, data), meta.Crc32C);
    }

    private protected static SnapshotMeta Publish(ISnapshotStore store, ulong index, string text)
    {
        using ISnapshotWriter writer = store.Create(new EntryId(new Term(2), new LogIndex(index)), Servers, new LogIndex(3));
        byte[] data = Encoding.ASCII.GetBytes(text);
        writer.Write(data.AsSpan(0, data.Length / 2));
        writer.Write(data.AsSpan(data.Length / 2));
        return writer.Publish();
    }

    private protected static SnapshotMeta MetaOf(ulong index, string text) => new(
        new EntryId(new Term(2), new LogIndex(index)), Servers, new LogIndex(3), text.Length, Crc32C.Append(0, Encoding.ASCII.GetBytes(text)));

    private protected static string ReadAll(ISnapshotReader reader)
    {
        byte[] data = new byte[reader.Meta.SizeBytes];
        Assert.Equal(data.Length, reader.Read(0, data));
        return Encoding.ASCII.GetString(data);
    }
}

public sealed class MemorySnapshotStoreTests : SnapshotStoreSuite
{
    private protected override ISnapshotStore NewStore() => new MemorySnapshotStore();
}

public sealed class SnapshotStoreTests : SnapshotStoreSuite
{
    private const string Directory = "/snapshots";

    private protected override ISnapshotStore NewStore() => new SnapshotStore(new SimulatedFileSystem(), Directory);

    /// <summary>Power off at every change: the new snapshot is there as a whole or not at all, and the one before it stays.</summary>
    [Fact]
    public void A_crash_while_publishing_leaves_the_old_or_the_new()
    {
        HashSet<int> counts = [];
        for (int change = 0; ; change++)
        {
            SimulatedFileSystem files = new();
            SnapshotStore store = new(files, Directory);
            Publish(store, index: 5, "five");
            files.CrashAtChange = files.ChangeCount + change;
            files.CrashAfterBytes = 3;
            bool isDone = true;
            try
            {
                Publish(store, index: 9, "a longer text than before");
            }
            catch (StorageException)
            {
                isDone = false;
            }

            files.PowerOff();
            files.PowerOn(new RaftRandom((ulong)change));
            SnapshotStore reopened = new(files, Directory);
            IReadOnlyList<SnapshotMeta> list = reopened.List();
            counts.Add(list.Count);
            Assert.Equal(5UL, list[^1].Last.Index.Value);
            foreach (SnapshotMeta meta in list)
            {
                using ISnapshotReader reader = reopened.Open(meta);
                reader.Verify();
            }

            if (isDone)
            {
                Assert.Equal(2, list.Count);
                break;
            }
        }

        Assert.Equal([1, 2], counts.Order());
    }

    /// <summary>After a crash the unflushed part of a transfer may be garbage; the checksum finds it and the transfer starts anew.</summary>
    [Fact]
    public void A_resumed_transfer_over_lost_bytes_is_found_out()
    {
        int damaged = 0;
        string text = new('x', 3000);
        SnapshotMeta meta = MetaOf(index: 30, text);
        for (ulong seed = 0; seed < 40; seed++)
        {
            SimulatedFileSystem files = new();
            SnapshotStore store = new(files, Directory);
            using (IIncomingSnapshot incoming = store.Receive(meta))
            {
                incoming.Write(0, Encoding.ASCII.GetBytes(text)[..2000]);
            }

            files.FlushDirectory(Directory);
            files.PowerOff();
            files.PowerOn(new RaftRandom(seed));
            SnapshotStore reopened = new(files, Directory);
            using IIncomingSnapshot resumed = reopened.Receive(meta);
            resumed.Write(resumed.NextOffset, Encoding.ASCII.GetBytes(text)[(int)resumed.NextOffset..]);
            try
            {
                resumed.Publish();
                using ISnapshotReader reader = reopened.Open(meta);
                Assert.Equal(text, ReadAll(reader));
            }
            catch (StorageDamagedException)
            {
                damaged++;
                Assert.Null(reopened.Partial());
            }
        }

        Assert.InRange(damaged, 1, 39);
    }

    [Fact]
    public void Every_flipped_bit_of_a_snapshot_is_noticed()
    {
        SimulatedFileSystem files = new();
        SnapshotMeta meta = Publish(new SnapshotStore(files, Directory), index: 5, "the state");
        string path = Path.Combine(Directory, files.List(Directory)[0]);
        int length = files.ReadAll(path).Length;
        for (int offset = 0; offset < length; offset++)
        {
            SimulatedFileSystem copy = files.Clone();
            copy.Flip(path, offset, 0x10);
            SnapshotStore store = new(copy, Directory);
            StorageException problem = Assert.ThrowsAny<StorageException>(() =>
            {
                using ISnapshotReader reader = store.Open(store.List()[0]);
                reader.Verify();
            });
            Assert.Equal(path, problem.Path);
        }

        Assert.Equal(meta, new SnapshotStore(files, Directory).List()[0]);
    }
}
