namespace K8sConsul.Gossip.Wire;

/// <summary>First byte of a memberlist message.</summary>
internal enum MessageType : byte
{
    Ping = 0,
    IndirectPing = 1,
    Ack = 2,
    Suspect = 3,
    Alive = 4,
    Dead = 5,
    PushPull = 6,
    Compound = 7,
    User = 8,
    Compress = 9,

    /// <summary>Frame marker on streams; packets carry no type byte when encrypted.</summary>
    Encrypt = 10,
    Nack = 11,

    /// <summary>Outermost layer of a packet only.</summary>
    HasCrc = 12,
    Error = 13,

    /// <summary>Prefix of a packet or a stream, before everything else.</summary>
    Label = 244,
}
