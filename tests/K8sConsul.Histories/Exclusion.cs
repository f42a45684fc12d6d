namespace K8sConsul.Histories;

/// <summary>A set of a few indexes, ascending, equal to another of the same indexes.</summary>
internal sealed record Exclusion(ulong Index, Exclusion? Next)
{
    public static Exclusion With(Exclusion? set, ulong index) =>
        set is null || index < set.Index ? new Exclusion(index, set)
        : index == set.Index ? set
        : set with { Next = With(set.Next, index) };

    public bool Contains(ulong index)
    {
        for (Exclusion? at = this; at is not null; at = at.Next)
        {
            if (at.Index == index)
            {
                return true;
            }
        }

        return false;
    }
}
