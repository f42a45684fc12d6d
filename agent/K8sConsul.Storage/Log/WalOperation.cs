using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>One call of a writer on its way to the disk.</summary>
internal sealed record WalOperation(LogWrite Write, EntryId? CompactTo)
{
    /// <summary>The first entry's record in the frame; the others follow it.</summary>
    private readonly List<int> _offsets = [];

    /// <summary>Continuations run elsewhere: the flusher goes on to the next group.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsEmpty => CompactTo is null && Write.Reset is null && Write.HardState is null && Write.Entries.IsEmpty;

    public bool MayFreeSegments => CompactTo is not null || Write.Reset is not null;

    public long SizeBytes { get; } = SizeOf(Write.Entries.Span);

    /// <summary>Adds records, having checked that they continue the log; after the flush is too late to find that they do not.</summary>
    /// <param name="frame">To add to.</param>
    /// <param name="start">Of the log as it will be when the frame is written.</param>
    /// <param name="last">The same for its end.</param>
    public void AddTo(WalFrame frame, ref EntryId start, ref EntryId last)
    {
        if (Write.Reset is { } reset)
        {
            frame.AddReset(reset);
            start = last = reset;
        }

        if (Write.HardState is { } hardState)
        {
            frame.Add(hardState);
        }

        foreach (RaftEntry entry in Write.Entries.Span)
        {
            if (entry.Index <= start.Index || entry.Index > last.Index.Next)
            {
                throw new InvalidOperationException($"entry {entry.Id} does not fit a log from {start} to {last}");
            }

            if (entry.Data.Length > RaftLimits.EntryBytesMax)
            {
                throw new InvalidOperationException($"entry {entry.Id} has {entry.Data.Length} bytes, more than {RaftLimits.EntryBytesMax}");
            }

            _offsets.Add(frame.Add(entry));
            last = entry.Id;
        }

        if (CompactTo is { } compactTo && compactTo.Index > start.Index)
        {
            if (compactTo.Index > last.Index)
            {
                throw new InvalidOperationException($"the log ends with {last}, before {compactTo}");
            }

            frame.AddStart(compactTo);
            start = compactTo;
        }
    }

    /// <summary>Makes the change visible once it is durable.</summary>
    public void Publish(WalIndex index, WalSegment segment, long frameOffset, ref HardState hardState)
    {
        if (Write.Reset is { } reset)
        {
            index.Reset(reset);
        }

        hardState = Write.HardState ?? hardState;
        string? problem = null;
        ReadOnlySpan<RaftEntry> entries = Write.Entries.Span;
        for (int i = 0; i < entries.Length; i++)
        {
            WalLocation location = new(segment, (int)frameOffset + _offsets[i], WalRecord.EntryHeadBytes + entries[i].Data.Length);
            problem ??= index.Append(entries[i].Id, entries[i].Type, location);
        }

        if (CompactTo is { } compactTo)
        {
            problem ??= index.DropTo(compactTo);
        }

        if (problem is not null)
        {
            throw new InvalidOperationException(problem);
        }
    }

    private static long SizeOf(ReadOnlySpan<RaftEntry> entries)
    {
        long bytes = 64;
        foreach (RaftEntry entry in entries)
        {
            bytes += entry.SizeBytes;
        }

        return bytes;
    }
}
