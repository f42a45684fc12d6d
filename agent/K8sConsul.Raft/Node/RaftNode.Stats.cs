namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    public RaftStats Stats()
    {
        int otherVoters = _configurations.Latest.VoterCount - 1;
        long? contact = _role == RaftRole.Leader ? 0 : _contactTick < 0 ? null : _now - _contactTick;
        return new RaftStats(
            _role,
            _hard.Term,
            _leader,
            _log.Last,
            _log.Committed,
            _log.Applied,
            _log.Applying - _log.Applied,
            _snapshot?.Last ?? default,
            _configurations.Latest,
            _configurations.LatestIndex,
            _configurations.LatestIndex <= _log.Committed,
            IsVoter ? otherVoters : 0,
            contact,
            _reason);
    }

    /// <summary>On a leader: the other peers, in the configuration's order. Empty elsewhere.</summary>
    public IReadOnlyList<PeerStatus> Peers() =>
        [.. _peers.Select(peer => new PeerStatus(peer.Server, peer.State, peer.Match, peer.Next, peer.Inflights.Count, _now - peer.ContactTick))];
}
