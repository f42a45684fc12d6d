namespace K8sConsul.Gossip;

/// <summary>The ring of recent queries, by Lamport time and identifier.</summary>
internal sealed class QueryBuffer(int slotCount)
{
    /// <summary>Queries of one Lamport time that are told apart; honest pools have a handful. What comes on top counts as a repeat.</summary>
    private const int IdsPerSlotMax = 1_024;

    private readonly (ulong LTime, List<uint> Ids)[] _slots = new (ulong, List<uint>)[slotCount];

    public int SlotCount => _slots.Length;

    /// <summary>Remembers a query.</summary>
    /// <returns>False if this very query is there already.</returns>
    public bool TryRecord(ulong lTime, uint id)
    {
        ref (ulong LTime, List<uint> Ids) slot = ref _slots[lTime % (ulong)_slots.Length];
        if (slot.Ids is null || slot.LTime != lTime)
        {
            slot = (lTime, []);
        }
        else if (slot.Ids.Count >= IdsPerSlotMax || slot.Ids.Contains(id))
        {
            return false;
        }

        slot.Ids.Add(id);
        return true;
    }
}
