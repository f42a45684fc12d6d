namespace K8sConsul.Gossip.Wire;

/// <summary>First byte of a Serf message, which is the body of memberlist's user message.</summary>
internal enum SerfMessageType : byte
{
    Leave = 0,
    Join = 1,
    PushPull = 2,
    UserEvent = 3,
    Query = 4,
    QueryResponse = 5,

    /// <summary>Payload of the answer to <c>_serf_conflict</c>.</summary>
    ConflictResponse = 6,

    /// <summary>Payload of the key queries.</summary>
    KeyRequest = 7,

    /// <summary>Payload of their answers.</summary>
    KeyResponse = 8,
    Relay = 9,
}
