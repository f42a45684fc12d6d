namespace K8sConsul.Gossip;

/// <summary>One stream. Those the core opens and those peers open are numbered apart, so that they cannot be mistaken.</summary>
public readonly record struct StreamId(long Value, bool Incoming);

/// <summary>Something the shell asked for and waits for.</summary>
public readonly record struct OperationId(long Value);

/// <summary>A query of somebody else's that may be answered.</summary>
public readonly record struct QueryId(ulong LTime, uint Id);

/// <summary>A keyring that is being written to disk.</summary>
public readonly record struct PersistenceId(long Value);
