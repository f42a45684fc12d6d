using System.Runtime.InteropServices;
using K8sConsul.Raft;

namespace K8sConsul.Storage;

/// <summary>Where a record lies. Without a segment: the file that held it is gone, so it must turn out to be compacted.</summary>
internal readonly record struct WalLocation(WalSegment? Segment, int Offset, int PayloadBytes);

/// <summary>What the log holds and where. Knows nothing of files; the same code follows the log while it is written and while it is recovered.</summary>
internal sealed class WalIndex
{
    private readonly List<WalLocation> _locations = [];

    /// <summary>Terms as runs: from this index on, this term. The first run is that of <see cref="Start"/>.</summary>
    private readonly List<EntryId> _runs = [default];
    private readonly List<LogIndex> _configurations = [];

    public EntryId Start => _runs[0];

    public EntryId Last => new(_runs[^1].Term, Start.Index + (ulong)_locations.Count);

    public IReadOnlyList<LogIndex> Configurations => _configurations;

    public WalLocation this[LogIndex index] => _locations[Slot(index)];

    /// <summary>Precondition: Start ≤ index ≤ Last.</summary>
    public Term TermAt(LogIndex index)
    {
        int low = 0;
        int high = _runs.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_runs[middle].Index <= index)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return _runs[low].Term;
    }

    /// <summary>Adds an entry; one inside of the log replaces the suffix from there on.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Append(EntryId id, EntryType type, WalLocation location)
    {
        if (id.Index <= Start.Index || id.Index > Last.Index.Next)
        {
            return $"entry {id} does not fit a log from {Start} to {Last}";
        }

        TruncateFrom(id.Index);
        if (id.Term < Last.Term)
        {
            return $"entry {id} has an earlier term than {Last} before it";
        }

        if (id.Term != Last.Term)
        {
            _runs.Add(id);
        }

        _locations.Add(location);
        if (type == EntryType.Configuration)
        {
            _configurations.Add(id.Index);
        }

        return null;
    }

    public void Reset(EntryId start)
    {
        _locations.Clear();
        _configurations.Clear();
        _runs.Clear();
        _runs.Add(start);
    }

    /// <summary>Drops the entries up to <paramref name="id"/>. An older id changes nothing.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? DropTo(EntryId id)
    {
        if (id.Index <= Start.Index)
        {
            return null;
        }

        if (id.Index > Last.Index)
        {
            return $"the log ends with {Last}, before {id}";
        }

        _locations.RemoveRange(0, (int)(id.Index - Start.Index));
        _configurations.RemoveAll(index => index <= id.Index);
        int next = _runs.FindIndex(run => run.Index > id.Index);
        _runs.RemoveRange(0, next < 0 ? _runs.Count : next);
        _runs.Insert(0, id);
        return null;
    }

    /// <summary>Begins a recovery at a segment whose predecessors may be gone.</summary>
    public void Begin(EntryId start, EntryId last)
    {
        Reset(start);
        int missing = checked((int)(last.Index - start.Index));
        CollectionsMarshal.SetCount(_locations, missing);
        CollectionsMarshal.AsSpan(_locations).Clear();
        if (missing > 0 && last.Term != start.Term)
        {
            // The terms between are not known; only the last matters, for what is appended behind it. All of this is dropped before recovery ends.
            _runs.Add(last);
        }
    }

    /// <summary>After <see cref="Begin"/>, what no later record has dropped.</summary>
    /// <returns>The first entry without a place, or null.</returns>
    public LogIndex? FirstMissing()
    {
        int at = _locations.FindIndex(location => location.Segment is null);
        return at < 0 ? null : Start.Index + (ulong)(at + 1);
    }

    /// <summary>The oldest segment that still holds an entry of the log; null when no entry is held.</summary>
    public WalSegment? OldestSegment => _locations.Count == 0 ? null : _locations[0].Segment;

    private void TruncateFrom(LogIndex index)
    {
        int keep = Slot(index);
        if (keep >= _locations.Count)
        {
            return;
        }

        _locations.RemoveRange(keep, _locations.Count - keep);
        while (_runs.Count > 1 && _runs[^1].Index >= index)
        {
            _runs.RemoveAt(_runs.Count - 1);
        }

        while (_configurations.Count > 0 && _configurations[^1] >= index)
        {
            _configurations.RemoveAt(_configurations.Count - 1);
        }
    }

    private int Slot(LogIndex index) => (int)(index - Start.Index) - 1;
}
