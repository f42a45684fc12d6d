namespace K8sConsul.Gossip;

/// <summary>What Serf says about a member. The numbers are on the wire and in Consul's HTTP API.</summary>
public enum MemberStatus
{
    None = 0,

    /// <summary>Answers probes, or refutes when suspected.</summary>
    Alive = 1,

    /// <summary>Has announced that it goes, and still answers.</summary>
    Leaving = 2,

    /// <summary>Gone on purpose, or declared so by force-leave.</summary>
    Left = 3,

    /// <summary>Gone without a word.</summary>
    Failed = 4,
}

public static class MemberStatusText
{
    /// <summary>The words that <c>consul members</c> and Serf's log use.</summary>
    public static string ToConsulText(this MemberStatus status) => status switch
    {
        MemberStatus.Alive => "alive",
        MemberStatus.Leaving => "leaving",
        MemberStatus.Left => "left",
        MemberStatus.Failed => "failed",
        _ => "none",
    };
}
