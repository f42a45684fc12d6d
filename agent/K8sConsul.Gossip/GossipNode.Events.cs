using K8sConsul.Gossip.Wire;

namespace K8sConsul.Gossip;

/// <summary>User events.</summary>
public sealed partial class GossipNode
{
    /// <summary>Serf's hard cap, whatever is configured.</summary>
    private const int UserEventBytesCap = 9 * 1024;

    private readonly EventSlotBuffer _recentEvents;

    // Events before this are from before our time: a former life, or a join that asked for silence.
    private ulong _eventTimeMin;

    /// <summary>Sends an event to everybody, ourselves included.</summary>
    /// <returns>Null, or why it cannot be sent.</returns>
    public string? SendUserEvent(string name, ReadOnlySpan<byte> payload, bool coalesce, TimeSpan now)
    {
        Advance(now);
        int limit = Math.Min(_options.UserEventBytesMax, UserEventBytesCap);
        int size = System.Text.Encoding.UTF8.GetByteCount(name) + payload.Length;
        if (size > limit)
        {
            return $"user event exceeds configured limit of {limit} bytes before encoding";
        }

        var userEvent = new UserEventMessage(_eventClock.Time, name, payload.IsEmpty ? null : payload.ToArray(), coalesce);
        byte[] message = userEvent.Encode();
        if (message.Length > limit)
        {
            return $"encoded user event exceeds configured limit of {limit} bytes after encoding";
        }

        _eventClock.Increment();
        ApplyUserEvent(userEvent);
        _events.Queue(name: null, message);
        return null;
    }

    /// <summary>Takes in an event, whoever sent it.</summary>
    /// <returns>True if it is news that should be passed on.</returns>
    private bool ApplyUserEvent(UserEventMessage message)
    {
        _eventClock.Witness(message.LTime);
        if (message.LTime < _eventTimeMin)
        {
            return false;
        }

        if (IsTooOld(_eventClock.Time, message.LTime, _recentEvents.SlotCount))
        {
            _context.Warn($"serf: received old event {message.Name} from time {message.LTime} (current: {_eventClock.Time})");
            return false;
        }

        if (!_recentEvents.TryRecord(message.LTime, message.Name, message.Payload))
        {
            return false;
        }

        SnapshotEventTime(message.LTime);
        _context.Emit(new UserEventDelivered(message.LTime, message.Name, [.. message.Payload ?? []], message.Coalesce));
        return true;
    }

    /// <summary>The ring no longer remembers that far back, so a repeat could not be told from news.</summary>
    private static bool IsTooOld(ulong current, ulong lTime, int slotCount) =>
        current > (ulong)slotCount && lTime < current - (ulong)slotCount;
}
