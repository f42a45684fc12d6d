using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Raft;

/// <summary>
/// Messages as bytes for an opaque transport: format version, message type, sender, receiver, term, then the fields of the message in the
/// order of its declaration. Numbers are base-128, lengths are bounded by <see cref="RaftLimits"/>. Every message has exactly one
/// encoding.
/// </summary>
public static class RaftMessageCodec
{
    /// <summary>First byte of every message. A peer that reads another version refuses the message.</summary>
    public const byte FormatVersion = 1;

    /// <summary>The numbers are on the wire.</summary>
    private enum Kind : byte
    {
        AppendEntries = 1,
        AppendEntriesReply = 2,
        Heartbeat = 3,
        HeartbeatReply = 4,
        RequestVote = 5,
        VoteReply = 6,
        InstallSnapshot = 7,
        InstallSnapshotReply = 8,
        TimeoutNow = 9,
        ReadIndexRequest = 10,
        ReadIndexReply = 11,
        CommitNotice = 12,
    }

    public static void Encode(RaftMessage message, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        WireWriter writer = new(output);
        writer.Byte(FormatVersion);
        writer.Byte((byte)KindOf(message));
        writer.Text(message.From.Value);
        writer.Text(message.To.Value);
        writer.Number(message.Term.Value);
        switch (message)
        {
            case AppendEntries append:
                WriteAppend(writer, append);
                break;
            case AppendEntriesReply reply:
                writer.Bool(reply.IsSuccess);
                writer.Number(reply.Index.Value);
                writer.Id(reply.Hint);
                break;
            case Heartbeat heartbeat:
                writer.Number(heartbeat.Commit.Value);
                writer.Number(heartbeat.Round);
                writer.Number((ulong)heartbeat.SentTick);
                break;
            case HeartbeatReply reply:
                writer.Number(reply.Round);
                writer.Number((ulong)reply.SentTick);
                break;
            case RequestVote request:
                writer.Id(request.LastEntry);
                writer.Bool(request.IsPreVote);
                writer.Bool(request.IsTransfer);
                break;
            case VoteReply reply:
                writer.Bool(reply.IsPreVote);
                writer.Bool(reply.IsGranted);
                break;
            case InstallSnapshot install:
                writer.Snapshot(install.Snapshot);
                writer.Number((ulong)install.Offset);
                writer.Bytes(install.Data.Span);
                break;
            case InstallSnapshotReply reply:
                writer.Id(reply.Snapshot);
                writer.Number((ulong)reply.NextOffset);
                writer.Bool(reply.IsInstalled);
                break;
            case CommitNotice notice:
                writer.Id(notice.Commit);
                break;
            case TimeoutNow:
                break;
            case ReadIndexRequest request:
                writer.Number(request.Batch);
                writer.Bool(request.Mode == ReadMode.Lease);
                break;
            case ReadIndexReply reply:
                writer.Number(reply.Batch);
                writer.Number(reply.Index.Value);
                writer.Bool(reply.IsRefused);
                break;
            default:
                throw new UnreachableException(message.GetType().Name);
        }
    }

    /// <summary>Reads one message.</summary>
    /// <param name="input">
    /// Exactly one message. Entries and snapshot data are slices of it, so the caller gives the memory away and never writes to it again.
    /// </param>
    /// <param name="message">Set on success.</param>
    /// <param name="problem">What is wrong, and where: the sender's fault, to be logged; the connection should be closed.</param>
    public static bool TryDecode(
        ReadOnlyMemory<byte> input, [NotNullWhen(true)] out RaftMessage? message, [NotNullWhen(false)] out string? problem)
    {
        WireReader reader = new(input);
        RaftMessage? read = Read(ref reader, input.Length);
        problem = reader.ProblemAtEnd();
        message = problem is null ? read : null;
        if (message is null)
        {
            problem ??= "no message";
            return false;
        }

        return true;
    }

    private static RaftMessage? Read(ref WireReader reader, int length)
    {
        if (length > RaftLimits.MessageBytesMax)
        {
            reader.Fail($"message of {length} bytes exceeds {RaftLimits.MessageBytesMax}");
            return null;
        }

        byte version = reader.Byte();
        if (version != FormatVersion)
        {
            reader.Fail($"message format {version} is unknown");
            return null;
        }

        Kind kind = (Kind)reader.Byte();
        ServerId from = reader.Server();
        ServerId to = reader.Server();
        Term term = reader.Term();
        switch (kind)
        {
            case Kind.AppendEntries:
                return ReadAppend(ref reader, from, to, term);
            case Kind.AppendEntriesReply:
                return new AppendEntriesReply(from, to, term, reader.Bool(), reader.Index(), reader.Id());
            case Kind.Heartbeat:
                return new Heartbeat(from, to, term, reader.Index(), reader.Number(), reader.Size("tick"));
            case Kind.HeartbeatReply:
                return new HeartbeatReply(from, to, term, reader.Number(), reader.Size("tick"));
            case Kind.RequestVote:
                return new RequestVote(from, to, term, reader.Id(), reader.Bool(), reader.Bool());
            case Kind.VoteReply:
                return new VoteReply(from, to, term, reader.Bool(), reader.Bool());
            case Kind.InstallSnapshot:
                return ReadSnapshot(ref reader, from, to, term);
            case Kind.InstallSnapshotReply:
                return new InstallSnapshotReply(from, to, term, reader.Id(), reader.Size("offset"), reader.Bool());
            case Kind.CommitNotice:
                return new CommitNotice(from, to, term, reader.Id());
            case Kind.TimeoutNow:
                return new TimeoutNow(from, to, term);
            case Kind.ReadIndexRequest:
                return new ReadIndexRequest(from, to, term, reader.Number(), reader.Bool() ? ReadMode.Lease : ReadMode.Quorum);
            case Kind.ReadIndexReply:
                return new ReadIndexReply(from, to, term, reader.Number(), reader.Index(), reader.Bool());
            default:
                reader.Fail($"message type {(byte)kind} is unknown");
                return null;
        }
    }

    private static void WriteAppend(WireWriter writer, AppendEntries append)
    {
        writer.Id(append.Previous);
        writer.Number(append.Commit.Value);
        writer.Number((ulong)append.Entries.Length);
        foreach (RaftEntry entry in append.Entries.Span)
        {
            // The index is Previous.Index + position and not sent, so a gap cannot be expressed.
            writer.Number(entry.Term.Value);
            writer.Byte((byte)entry.Type);
            writer.Bytes(entry.Data.Span);
        }
    }

    private static AppendEntries ReadAppend(ref WireReader reader, ServerId from, ServerId to, Term term)
    {
        EntryId previous = reader.Id();
        LogIndex commit = reader.Index();
        int count = reader.Count(RaftLimits.EntriesPerMessageMax, "entry count");
        // An entry takes three bytes or more, so a short message cannot make us allocate for a long list.
        if (count * 3 > reader.Remaining)
        {
            reader.Fail("input ends too early");
            count = 0;
        }

        if (previous.Index.Value > ulong.MaxValue - (ulong)count)
        {
            reader.Fail("an index exceeds 64 bits");
            count = 0;
        }

        RaftEntry[] entries = count == 0 ? [] : new RaftEntry[count];
        Term least = previous.Term;
        for (int i = 0; i < count && !reader.HasFailed; i++)
        {
            Term entryTerm = reader.Term();
            byte type = reader.Byte();
            ReadOnlyMemory<byte> data = reader.Bytes(RaftLimits.EntryBytesMax, "entry");
            if (type > (byte)EntryType.Configuration)
            {
                reader.Fail($"entry type {type} is unknown");
            }

            if (entryTerm < least || entryTerm > term)
            {
                reader.Fail($"entry term {entryTerm} is outside of {least}..{term}");
            }

            least = entryTerm;
            entries[i] = new RaftEntry(entryTerm, previous.Index + (ulong)(i + 1), (EntryType)type, data);
        }

        return new AppendEntries(from, to, term, previous, commit, entries);
    }

    private static InstallSnapshot ReadSnapshot(ref WireReader reader, ServerId from, ServerId to, Term term)
    {
        InstallSnapshot install = new(
            from, to, term, reader.Snapshot(), reader.Size("offset"), reader.Bytes(RaftLimits.SnapshotChunkBytesMax, "chunk"));
        if (install.Offset > install.Snapshot.SizeBytes || install.Data.Length > install.Snapshot.SizeBytes - install.Offset)
        {
            reader.Fail("the chunk lies outside of the snapshot");
        }

        return install;
    }

    private static Kind KindOf(RaftMessage message) => message switch
    {
        AppendEntries => Kind.AppendEntries,
        AppendEntriesReply => Kind.AppendEntriesReply,
        Heartbeat => Kind.Heartbeat,
        HeartbeatReply => Kind.HeartbeatReply,
        RequestVote => Kind.RequestVote,
        VoteReply => Kind.VoteReply,
        InstallSnapshot => Kind.InstallSnapshot,
        InstallSnapshotReply => Kind.InstallSnapshotReply,
        CommitNotice => Kind.CommitNotice,
        TimeoutNow => Kind.TimeoutNow,
        ReadIndexRequest => Kind.ReadIndexRequest,
        ReadIndexReply => Kind.ReadIndexReply,
        _ => throw new UnreachableException(message.GetType().Name),
    };
}
