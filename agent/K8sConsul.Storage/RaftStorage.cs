using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>Log and snapshots of one peer, opened together so that they agree.</summary>
public sealed class RaftStorage : IAsyncDisposable
{
    /// <summary>Files below <paramref name="directory"/> (Consul: data_dir/raft), which is created and locked.</summary>
    /// <exception cref="StorageLockedException">Another process has it.</exception>
    /// <exception cref="StorageDamagedException">See there.</exception>
    public static RaftStorage OpenFiles(string directory, WriteAheadLogOptions? options = null) => throw new NotSupportedException();

    /// <summary>Nothing survives the process (-dev).</summary>
    public static RaftStorage InMemory() => throw new NotSupportedException();

    public IRaftLogStore Log => throw new NotSupportedException();

    public ISnapshotStore Snapshots => throw new NotSupportedException();

    /// <summary>No entry, no snapshot, no term: a peer that may be bootstrapped.</summary>
    public bool IsPristine => throw new NotSupportedException();

    /// <summary>For the constructor of <see cref="RaftNode"/>. The host first loads <c>Snapshot</c> into the state machine.</summary>
    public RaftInitialState InitialState() => throw new NotSupportedException();

    /// <summary>Writes entry 1 when <see cref="IsPristine"/>; false when not.</summary>
    public Task<bool> BootstrapAsync(RaftConfiguration configuration) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
