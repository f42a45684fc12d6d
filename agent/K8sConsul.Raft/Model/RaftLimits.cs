namespace K8sConsul.Raft;

/// <summary>Bounds of everything read from a wire or a disk. Writers keep them too, so that what we write can be read.</summary>
public static class RaftLimits
{
    /// <summary>
    /// Largest data of one entry. Consul's default request limit is 512 KiB and its hard limit of a raised one is far
    /// below this; the rest is room for transactions of 64 operations.
    /// </summary>
    public const int EntryBytesMax = 16 * 1024 * 1024;

    /// <summary>Entries in one AppendEntries.</summary>
    public const int EntriesPerMessageMax = 4096;

    /// <summary>One message on the wire: a full batch that stayed below <see cref="EntryBytesMax"/> plus one largest entry.</summary>
    public const int MessageBytesMax = (2 * EntryBytesMax) + (1024 * 1024);

    /// <summary>Data of one InstallSnapshot.</summary>
    public const int SnapshotChunkBytesMax = 4 * 1024 * 1024;

    /// <summary>Members of a configuration, voters and non-voters.</summary>
    public const int ServersMax = 256;

    /// <summary>UTF-8 bytes of a <see cref="ServerId"/>; a UUID has 36.</summary>
    public const int ServerIdBytesMax = 128;

    /// <summary>UTF-8 bytes of an address: a DNS name has at most 253, brackets, colon and port make 261.</summary>
    public const int AddressBytesMax = 512;

    /// <summary>Encoded configuration: every server at its largest.</summary>
    public const int ConfigurationBytesMax = 16 + (ServersMax * (ServerIdBytesMax + AddressBytesMax + 16));
}
