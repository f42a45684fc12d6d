namespace K8sConsul.Raft;

/// <summary>Arithmetic of majorities.</summary>
internal static class Quorum
{
    /// <summary>
    /// The largest value that a majority has reached. Example: matches 7 5 4 of three voters give 5, for two of them hold entry 5.
    /// Sorts <paramref name="values"/>. No voters: nothing is ever reached, hence 0.
    /// </summary>
    public static ulong Reached(Span<ulong> values)
    {
        if (values.IsEmpty)
        {
            return 0;
        }

        values.Sort();
        return values[(values.Length - 1) / 2];
    }

    /// <summary>Whether an election is decided.</summary>
    /// <returns>True: won; false: can no longer be won; null: open.</returns>
    public static bool? Decide(int voters, int granted, int refused)
    {
        int quorum = (voters / 2) + 1;
        return granted >= quorum ? true
            : voters - refused < quorum ? false
            : null;
    }
}
