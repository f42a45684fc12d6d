namespace K8sConsul.Raft;

/// <summary>Whether a peer gives its vote. Pure, so that a table can test it.</summary>
internal static class VoteRule
{
    /// <summary>Raft paper §5.2 and §5.4.1, thesis §4.2.3 and §9.6.</summary>
    /// <param name="own">The voter's term and vote.</param>
    /// <param name="lastEntry">The end of the voter's log.</param>
    /// <param name="isLeaderFresh">The voter leads, or has heard another leader within the least election time-out (thesis §4.2.3).</param>
    /// <param name="request">What is asked; of a term that is not below the voter's.</param>
    public static bool Grants(HardState own, EntryId lastEntry, bool isLeaderFresh, RequestVote request)
    {
        if (isLeaderFresh && !request.IsTransfer)
        {
            return false;
        }

        // Nothing was ever here: a new server, or one whose disk was emptied and that comes back under its old name. It may have held what the
        // candidate lacks, so its word proves nothing; it votes once a leader has sent it something. (Bootstrapping writes an entry first.)
        if (lastEntry == default)
        {
            return false;
        }

        // The candidate's configuration decides whose vote counts, not ours: a voter may not have received the entry that added the candidate, and
        // refusing it for that could leave {candidate, voter} without a leader for ever (thesis §4.2.2).
        bool isFree = request.IsPreVote
            ? request.Term > own.Term
            : request.Term > own.Term || own.Vote.IsNone || own.Vote == request.From;
        return isFree && request.LastEntry.IsAtLeastAsUpToDateAs(lastEntry);
    }
}
