namespace K8sConsul.Gossip;

/// <summary>Serf's record of a member: outlives memberlist's by hours, so that the failed are not forgotten.</summary>
internal sealed class SerfMember
{
    public required Member Member { get; set; }

    /// <summary>Lamport time of the last intent that was applied; older ones are ignored.</summary>
    public ulong StatusLTime { get; set; }

    /// <summary>When it failed or left, for forgetting it.</summary>
    public TimeSpan LeaveTime { get; set; }

    public MemberStatus Status => Member.Status;
}
