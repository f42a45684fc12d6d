namespace K8sConsul.Gossip;

/// <summary>Serf's member events.</summary>
public enum MemberEventKind
{
    /// <summary>New in the pool, or back after it had failed or left.</summary>
    Join,

    /// <summary>Left on purpose, or was declared left by force-leave.</summary>
    Leave,

    /// <summary>Stopped answering.</summary>
    Failed,

    /// <summary>Its tags changed.</summary>
    Update,

    /// <summary>Forgotten: it had failed or left long ago, or was pruned.</summary>
    Reap,
}
