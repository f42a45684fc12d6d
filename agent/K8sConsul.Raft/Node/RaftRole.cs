namespace K8sConsul.Raft;

public enum RaftRole
{
    Follower,
    PreCandidate,
    Candidate,
    Leader,
}
