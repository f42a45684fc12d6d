using System.Buffers;
using K8sConsul.Raft.Tests.Simulation;

namespace K8sConsul.Raft.Tests;

public sealed class CodecTests
{
    private static readonly ServerId s_from = new("11111111-2222-3333-4444-555555555555");
    private static readonly ServerId s_to = new("66666666-7777-8888-9999-000000000000");
    private static readonly Term s_term = new(300);

    private static RaftMessage[] Samples()
    {
        RaftConfiguration servers = new([new RaftServer(s_from, "10.0.0.1:8300"), new RaftServer(s_to, "[fe80::1]:8300", Suffrage.Nonvoter)]);
        EntryId id = new(new Term(299), new LogIndex(ulong.MaxValue - 10));
        RaftEntry[] entries =
        [
            new(new Term(299), id.Index + 1, EntryType.Command, new byte[] { 1, 2, 3 }),
            new(new Term(300), id.Index + 2, EntryType.Noop, default),
            new(new Term(300), id.Index + 3, EntryType.Configuration, servers.Encode()),
        ];
        return
        [
            new AppendEntries(s_from, s_to, s_term, id, new LogIndex(127), entries),
            new AppendEntries(s_from, s_to, s_term, default, default, default),
            new AppendEntriesReply(s_from, s_to, s_term, IsSuccess: true, new LogIndex(128), id),
            new Heartbeat(s_from, s_to, s_term, new LogIndex(16384), 17, long.MaxValue),
            new HeartbeatReply(s_from, s_to, s_term, ulong.MaxValue, 0),
            new RequestVote(s_from, s_to, s_term, id, IsPreVote: true, IsTransfer: false),
            new RequestVote(s_from, s_to, s_term, id, IsPreVote: false, IsTransfer: true),
            new VoteReply(s_from, s_to, s_term, IsPreVote: true, IsGranted: true),
            new InstallSnapshot(s_from, s_to, s_term, new SnapshotMeta(id, servers, new LogIndex(3), 1000, 0xDEADBEEF), 100, new byte[] { 9, 8 }),
            new InstallSnapshotReply(s_from, s_to, s_term, id, 100, IsInstalled: false),
            new CommitNotice(s_from, s_to, s_term, id),
            new TimeoutNow(s_from, s_to, s_term),
            new ReadIndexRequest(s_from, s_to, s_term, 5, ReadMode.Lease),
            new ReadIndexRequest(s_from, s_to, s_term, 6, ReadMode.Quorum),
            new ReadIndexReply(s_from, s_to, s_term, 5, new LogIndex(6), IsRefused: true),
        ];
    }

    [Fact]
    public void Every_kind_of_message_survives_the_round_trip()
    {
        Type[] kinds = [.. typeof(RaftMessage).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RaftMessage)))];
        Assert.Equal(kinds.ToHashSet(), Samples().Select(message => message.GetType()).ToHashSet());
        foreach (RaftMessage message in Samples())
        {
            AssertSame(message, SimulatedNetwork.RoundTrip(message));
        }
    }

    [Fact]
    public void A_message_cut_anywhere_is_refused()
    {
        foreach (RaftMessage message in Samples())
        {
            byte[] bytes = Encode(message);
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.False(RaftMessageCodec.TryDecode(bytes.AsMemory(0, length), out RaftMessage? none, out string? problem), message.GetType().Name);
                Assert.Null(none);
                Assert.NotEmpty(problem!);
            }

            Assert.False(RaftMessageCodec.TryDecode((byte[])[.. bytes, 0], out _, out string? behind));
            Assert.Contains("behind the end", behind, StringComparison.Ordinal);
        }
    }

    /// <summary>Whatever is accepted has exactly the bytes that we would write: there is no second spelling.</summary>
    [Fact]
    public void Changed_and_random_bytes_are_refused_or_canonical()
    {
        RaftRandom random = new(99);
        int accepted = 0;
        int refused = 0;
        foreach (RaftMessage message in Samples())
        {
            byte[] original = Encode(message);
            for (int round = 0; round < 3000; round++)
            {
                byte[] bytes = [.. original];
                for (int changes = 1 + random.Next(3); changes > 0; changes--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.NextUInt64();
                }

                Check(bytes);
            }
        }

        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(80)];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)random.NextUInt64();
            }

            if (bytes.Length > 2)
            {
                bytes[0] = RaftMessageCodec.FormatVersion;
                bytes[1] %= 14;
            }

            Check(bytes);
        }

        Assert.True(accepted > 1000 && refused > 1000, $"{accepted} accepted, {refused} refused");

        void Check(byte[] bytes)
        {
            if (RaftMessageCodec.TryDecode(bytes, out RaftMessage? message, out _))
            {
                accepted++;
                Assert.Equal(bytes, Encode(message));
            }
            else
            {
                refused++;
            }
        }
    }

    [Fact]
    public void Claimed_sizes_allocate_nothing_before_they_are_believed()
    {
        // An AppendEntries that claims 4096 entries in a message of a few bytes, and one whose entry claims 16 MiB.
        byte[] head = [RaftMessageCodec.FormatVersion, 1, 1, (byte)'a', 1, (byte)'b', 5, 0, 0, 0];
        foreach (byte[] tail in new byte[][] { [0x80, 0x20], [1, 5, 0, 0x80, 0x80, 0x80, 0x08] })
        {
            byte[] bytes = [.. head, .. tail];
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.False(RaftMessageCodec.TryDecode(bytes, out _, out string? problem));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4000);
            Assert.Contains("ends too early", problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(2, "format 2 is unknown")]
    [InlineData(0, "format 0 is unknown")]
    public void Another_format_is_refused_by_name(byte version, string text)
    {
        byte[] bytes = Encode(Samples()[0]);
        bytes[0] = version;
        Assert.False(RaftMessageCodec.TryDecode(bytes, out _, out string? problem));
        Assert.Contains(text, problem, StringComparison.Ordinal);
    }

    /// <summary>Golden bytes: the format may only change with its version.</summary>
    [Fact]
    public void The_format_is_what_it_was()
    {
        RaftMessage message = new AppendEntries(
            new ServerId("a"), new ServerId("b"), new Term(300), new EntryId(new Term(2), new LogIndex(3)), new LogIndex(1),
            new[] { new RaftEntry(new Term(300), new LogIndex(4), EntryType.Command, new byte[] { 0xAB }) });
        Assert.Equal("0101016101" + "62AC02" + "0203" + "01" + "01" + "AC020001AB", Convert.ToHexString(Encode(message)));
        Assert.Equal("0103016101620A07C80105", Convert.ToHexString(Encode(new Heartbeat(new ServerId("a"), new ServerId("b"), new Term(10), new LogIndex(7), 200, 5))));
        RaftConfiguration configuration = new([new RaftServer(new ServerId("b"), "y"), new RaftServer(new ServerId("a"), "x", Suffrage.Nonvoter)]);
        Assert.Equal("01" + "02" + "0161" + "0178" + "01" + "0162" + "0179" + "00", Convert.ToHexString(configuration.Encode()));
    }

    [Fact]
    public void Configurations_cut_or_changed_are_refused_or_valid()
    {
        RaftConfiguration configuration = new(Enumerable.Range(1, 5).Select(i => new RaftServer(new ServerId($"s{i}"), $"h{i}:1", (Suffrage)(i % 2))));
        byte[] bytes = configuration.Encode();
        Assert.True(RaftConfiguration.TryDecode(bytes, out RaftConfiguration? same, out _));
        Assert.Equal(configuration, same);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(RaftConfiguration.TryDecode(bytes.AsMemory(0, length), out _, out _));
        }

        RaftRandom random = new(3);
        for (int round = 0; round < 5000; round++)
        {
            byte[] changed = [.. bytes];
            changed[random.Next(changed.Length)] = (byte)random.NextUInt64();
            if (RaftConfiguration.TryDecode(changed, out RaftConfiguration? read, out _))
            {
                Assert.Equal(5, read.Servers.Count);
            }
        }
    }

    private static byte[] Encode(RaftMessage message)
    {
        ArrayBufferWriter<byte> output = new();
        RaftMessageCodec.Encode(message, output);
        return output.WrittenSpan.ToArray();
    }

    private static void AssertSame(RaftMessage expected, RaftMessage found)
    {
        // Memories compare by identity, so their content is compared apart.
        switch (expected, found)
        {
            case (AppendEntries left, AppendEntries right):
                Assert.Equal(left with { Entries = default }, right with { Entries = default });
                Assert.Equal(
                    left.Entries.ToArray().Select(entry => (entry.Id, entry.Type, Convert.ToHexString(entry.Data.Span))),
                    right.Entries.ToArray().Select(entry => (entry.Id, entry.Type, Convert.ToHexString(entry.Data.Span))));
                break;
            case (InstallSnapshot left, InstallSnapshot right):
                Assert.Equal(left with { Data = default }, right with { Data = default });
                Assert.Equal(left.Data.ToArray(), right.Data.ToArray());
                break;
            default:
                Assert.Equal(expected, found);
                break;
        }
    }
}
