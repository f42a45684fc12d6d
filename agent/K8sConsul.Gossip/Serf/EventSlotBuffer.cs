using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip;

/// <summary>The ring of recent user events: tells repeats from news, and is what push/pull hands to newcomers.</summary>
internal sealed class EventSlotBuffer(int slotCount)
{
    /// <summary>Events of one Lamport time that are told apart; honest pools have a handful. What comes on top counts as a repeat.</summary>
    private const int EventsPerSlotMax = 1_024;

    private readonly Slot?[] _slots = new Slot?[slotCount];

    public int SlotCount => _slots.Length;

    /// <summary>Remembers an event.</summary>
    /// <returns>False if this very event is there already.</returns>
    public bool TryRecord(ulong lTime, string name, byte[]? payload)
    {
        ref Slot? slot = ref _slots[lTime % (ulong)_slots.Length];
        if (slot is null || slot.LTime != lTime)
        {
            slot = new Slot(lTime);
        }
        else if (slot.Events.Count >= EventsPerSlotMax || slot.Events.Exists(known => known.IsSame(name, payload)))
        {
            return false;
        }

        slot.Events.Add(new RecordedEvent(name, payload));
        return true;
    }

    /// <summary>The slots in use.</summary>
    public IReadOnlyList<EventSlot?> Used()
    {
        var used = new List<EventSlot?>();
        foreach (Slot? slot in _slots)
        {
            if (slot is not null)
            {
                used.Add(new EventSlot(slot.LTime, slot.Events));
            }
        }

        return used;
    }

    private sealed class Slot(ulong lTime)
    {
        public ulong LTime { get; } = lTime;

        public List<RecordedEvent> Events { get; } = [];
    }
}
