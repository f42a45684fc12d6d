namespace K8sConsul.Simulation.Faults;

/// <summary>What may go wrong, each with a probability of its own in every run.</summary>
internal enum Fault
{
    /// <summary>The process dies; what it wrote is in the page cache, and its peers see their connections end.</summary>
    Kill,

    /// <summary>The machine dies, mostly in the middle of a write.</summary>
    PowerLoss,

    /// <summary>All machines die at once.</summary>
    PowerLossOfAll,

    /// <summary>A server stops in good order and starts again.</summary>
    Restart,

    /// <summary>A process stands still; its clock goes on.</summary>
    Pause,

    SlowDisk,

    /// <summary>Messages from and to one server take much longer.</summary>
    SlowLink,

    /// <summary>Two sides that cannot hear each other.</summary>
    Partition,

    IsolateLeader,

    /// <summary>One follower and the leader no longer hear each other.</summary>
    CutOneOff,

    /// <summary>The leader is cut off, and those that heard it until then are killed and come back at once.</summary>
    IsolateLeaderAndRestartOthers,

    /// <summary>Some links, in one direction each.</summary>
    OneWayCut,

    /// <summary>The leader's connections end though it lives.</summary>
    ConnectionReset,

    /// <summary>Clients only read for a while, so that followers which were left behind are not.</summary>
    Lull,
    Heal,
    Transfer,
    AddServer,
    Promote,
    Demote,
    RemoveServer,

    /// <summary>A member loses its disk for good, is removed, and comes back empty under its old name.</summary>
    ReplaceDisk,
    DiskFull,
    FlushFailure,

    /// <summary>A bit of what was flushed changes.</summary>
    BitRot,

    /// <summary>A write goes to another place of the file.</summary>
    MisdirectedWrite,
}
