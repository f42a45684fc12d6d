namespace K8sConsul.Storage;

/// <summary>The disk let us down. After one of these from a log the server must stop: nothing is retried.</summary>
public class StorageException : IOException
{
    public StorageException(string operation, string path, string detail, Exception? inner = null)
        : base($"{operation} {path}: {detail}", inner)
    {
        Operation = operation;
        Path = path;
    }

    /// <summary>What was tried: "open", "write", "flush", "read"…</summary>
    public string Operation { get; }

    /// <summary>On which file or directory.</summary>
    public string Path { get; }
}

/// <summary>
/// What is on disk is not what was written, at a place where no crash can explain it. The server refuses to start rather than to forget
/// what it acknowledged.
/// </summary>
public sealed class StorageDamagedException(string path, long offset, string detail)
    : StorageException("read", path, $"damaged at offset {offset}: {detail}. {Remedy}")
{
    public const string Remedy =
        "Do not delete single files. Stop this server, remove it from the cluster (consul operator raft remove-peer), empty its whole data "
        + "directory, node-id included, and let it rejoin: as a new server it receives a snapshot from the leader, and no vote of its old "
        + "self counts. If there is no healthy majority left, restore the directory from a backup";

    public long Offset { get; } = offset;
}

/// <summary>Another process has this directory open.</summary>
public sealed class StorageLockedException(string path)
    : StorageException("lock", path, "another process is using this data directory");
