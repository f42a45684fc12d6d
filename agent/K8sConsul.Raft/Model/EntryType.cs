namespace K8sConsul.Raft;

/// <summary>The numbers are on disk and on the wire.</summary>
public enum EntryType : byte
{
    /// <summary>Bytes for the state machine; the core never looks inside.</summary>
    Command = 0,

    /// <summary>What a new leader appends so that it can commit (Raft paper §8). Carries nothing.</summary>
    Noop = 1,

    /// <summary>An encoded <see cref="RaftConfiguration"/>; in force as soon as it is in the log (thesis §4.1).</summary>
    Configuration = 2,
}
