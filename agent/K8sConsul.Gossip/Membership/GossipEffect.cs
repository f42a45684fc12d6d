using System.Collections.Immutable;

namespace K8sConsul.Gossip;

/// <summary>Something the core wants done. The shell carries effects out in order, after every call.</summary>
public abstract record GossipEffect;

/// <summary>Send from the listening socket. A failure is logged and otherwise like a lost packet.</summary>
public sealed record SendPacket(MemberAddress To, byte[] Datagram) : GossipEffect;

/// <summary>
/// Connect, send the message sealed by the stream codec, read one message, and hand it or the failure back under this id.
/// </summary>
/// <param name="Stream">Chosen by the core.</param>
/// <param name="To">Peer.</param>
/// <param name="Message">Type byte and body, not yet sealed.</param>
/// <param name="Timeout">For connecting, and again for each of writing and reading.</param>
public sealed record OpenStream(StreamId Stream, MemberAddress To, byte[] Message, TimeSpan Timeout) : GossipEffect
{
    /// <summary>The stream exchanges the whole state; the others are pings and events.</summary>
    public bool IsPushPull => Message[0] == (byte)Wire.MessageType.PushPull;
}

/// <summary>Answer on a stream that a peer opened, then close it.</summary>
public sealed record ReplyOnStream(StreamId Stream, byte[] Message) : GossipEffect;

/// <summary>Close a stream, whoever opened it; nothing more is expected from it.</summary>
public sealed record CloseStream(StreamId Stream) : GossipEffect;

/// <summary>A member changed.</summary>
public sealed record MemberEvent(MemberEventKind Kind, Member Member) : GossipEffect;

/// <summary>A user event to be given to the application.</summary>
public sealed record UserEventDelivered(ulong LTime, string Name, ImmutableArray<byte> Payload, bool Coalesce) : GossipEffect;

/// <summary>A query to be given to the application, which may answer until the deadline.</summary>
public sealed record QueryDelivered(QueryId Query, string Name, ImmutableArray<byte> Payload, string SourceNode, TimeSpan Deadline) : GossipEffect;

/// <summary>A member answered a query of ours.</summary>
public sealed record QueryAnswered(OperationId Operation, string From, ImmutableArray<byte> Payload, bool IsAck) : GossipEffect;

/// <summary>An operation that the shell began has ended; the error is null when it succeeded.</summary>
public sealed record OperationCompleted(OperationId Operation, string? Error) : GossipEffect;

/// <summary>A keyring operation has ended.</summary>
public sealed record KeyringCompleted(OperationId Operation, KeyringAnswer Answer) : GossipEffect;

/// <summary>
/// Write the keyring file, then tell the core with <see cref="GossipNode.KeyringPersisted"/>: only then is the asker answered.
/// </summary>
public sealed record PersistKeyring(PersistenceId Persistence, ImmutableArray<GossipKey> Keys) : GossipEffect;

/// <summary>Append a line to the snapshot file.</summary>
/// <param name="Line">Without its line end.</param>
/// <param name="Flush">To disk at once: we are leaving, and a restart must know it.</param>
public sealed record AppendSnapshot(string Line, bool Flush) : GossipEffect;

public enum GossipLogLevel
{
    Debug,
    Info,
    Warn,
    Error,
}

/// <summary>A log line, in the words of memberlist and Serf where they have some.</summary>
public sealed record GossipLog(GossipLogLevel Level, string Text) : GossipEffect;
