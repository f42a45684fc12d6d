namespace K8sConsul.Raft;

/// <summary>Why a request was not taken. An expected answer, not an error of this peer.</summary>
public enum Refusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>Another peer leads, or did when last heard; see the hint.</summary>
    NotLeader,

    /// <summary>No leader is known.</summary>
    NoLeader,

    /// <summary>Leadership is being handed over; try the new leader in a moment.</summary>
    Transferring,

    /// <summary>Too much is waiting already.</summary>
    QueueFull,

    /// <summary>The command exceeds <see cref="RaftOptions.EntryBytesMax"/>.</summary>
    TooLarge,

    /// <summary>An earlier configuration change, or the leader's first entry, is not committed yet.</summary>
    ChangePending,

    /// <summary>The latest configuration is not the one the change expected.</summary>
    ConfigurationMoved,

    /// <summary>The change or transfer makes no sense for this configuration; the text says why.</summary>
    InvalidTarget,
}

/// <summary>The place of an accepted proposal, or why it was refused.</summary>
/// <param name="First">Of the first accepted entry; the n-th command of a batch has index First.Index + n.</param>
/// <param name="Refusal">None when accepted. Accepted is not committed: another leader may still overwrite the entry.</param>
/// <param name="Leader">With NotLeader and Transferring: who leads or will lead, as far as known.</param>
/// <param name="Detail">With InvalidTarget: why.</param>
public readonly record struct ProposeResult(EntryId First, Refusal Refusal, ServerId Leader = default, string? Detail = null)
{
    public bool IsAccepted => Refusal == Refusal.None;

    internal static ProposeResult Refused(Refusal refusal, ServerId leader = default, string? detail = null) =>
        new(default, refusal, leader, detail);
}
