using System.Diagnostics.CodeAnalysis;

namespace K8sConsul.Raft;

public sealed partial class RaftNode
{
    /// <summary>Entries of one save; more go with the next Ready, so that a save stays far below a segment of the log.</summary>
    private const long SaveBytesMax = 8 * 1024 * 1024;

    /// <summary>Saves on the way, in the order of their numbers.</summary>
    private readonly Queue<PendingSave> _saves = new();
    private List<RaftMessage> _messages = [];
    private List<RaftMessage> _messagesAfterSave = [];
    private HardState _handedHard;
    private ulong _readyNumber;

    /// <summary>
    /// The next thing to do, or false. May be called again before the saves of earlier ones are reported; what was taken is taken.
    /// </summary>
    public bool TryTakeReady([NotNullWhen(true)] out Ready? ready)
    {
        FlushReads();
        foreach (PeerProgress peer in _peers)
        {
            Replicate(peer);
        }

        SnapshotMeta? snapshot = _installed;
        RaftEntry[] entries = _log.TakeUnsaved(SaveBytesMax);
        HardState? hard = TakeHardState(isSaving: entries.Length > 0 || snapshot is not null);
        bool hasSave = entries.Length > 0 || hard is not null || snapshot is not null;
        // Acknowledgements speak for all entries up to the end; they wait until all are handed out.
        List<RaftMessage> afterSave = _log.Handed == _log.Last.Index ? Take(ref _messagesAfterSave) : [];
        List<RaftMessage> messages = Take(ref _messages);
        if (!hasSave && _saves.Count == 0 && afterSave.Count > 0)
        {
            // Everything is durable already.
            messages.AddRange(afterSave);
            afterSave = [];
        }

        RaftEntry[] committed = _log.TakeCommitted();
        bool needsSave = hasSave || afterSave.Count > 0 || _compactTo is not null;
        bool hasWork = needsSave || messages.Count > 0 || committed.Length > 0 || _readStates.Count > 0 || _stateChanges.Count > 0
            || _isConfigurationNews || _transferOutcome is not null || _snapshotReads.Count > 0 || _snapshotWrite is not null || _compactTo is not null;
        if (!hasWork)
        {
            ready = null;
            return false;
        }

        ready = new Ready
        {
            Number = ++_readyNumber,
            NeedsSave = needsSave,
            Snapshot = snapshot,
            HardState = hard,
            Entries = entries,
            Messages = messages,
            MessagesAfterSave = afterSave,
            Committed = committed,
            ReadStates = TakeAll(_readStates),
            StateChanges = TakeAll(_stateChanges),
            Configuration = _isConfigurationNews ? _configurations.Latest : null,
            Transfer = _transferOutcome,
            SnapshotReads = TakeAll(_snapshotReads),
            SnapshotWrite = _snapshotWrite,
            CompactTo = _compactTo,
        };
        _installed = null;
        _isConfigurationNews = false;
        _transferOutcome = null;
        _snapshotWrite = null;
        _compactTo = null;
        if (needsSave)
        {
            _saves.Enqueue(new PendingSave(_readyNumber, _handedHard) { StableTo = _log.Handed });
        }

        return true;
    }

    /// <summary>For a host that saves and applies synchronously: <see cref="Saved"/> and <see cref="Applied"/> in one.</summary>
    public void Advance(Ready ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        if (ready.NeedsSave)
        {
            Saved(ready.Number);
        }

        if (ready.Snapshot is { } snapshot)
        {
            Applied(snapshot.Last.Index);
        }

        if (!ready.Committed.IsEmpty)
        {
            Applied(ready.Committed.Span[^1].Index);
        }
    }

    /// <summary>The saves of this and all earlier Readys are durable. A number below an earlier one says nothing new.</summary>
    public void Saved(ulong readyNumber)
    {
        Invariant.Require(readyNumber <= _readyNumber, $"save {readyNumber} was never handed out (only up to {_readyNumber})");
        PendingSave? newest = null;
        while (_saves.TryPeek(out PendingSave? save) && save.Number <= readyNumber)
        {
            newest = _saves.Dequeue();
            _log.StableTo(save.StableTo);
        }

        if (newest is null)
        {
            return;
        }

        OnHardStateSaved(newest.HardState);
        if (_role == RaftRole.Leader)
        {
            MaybeCommit();
        }
    }

    /// <summary>The state machine has applied everything up to <paramref name="index"/>, which was handed out before.</summary>
    public void Applied(LogIndex index) => _log.AppliedTo(index);

    /// <summary>Entries at and behind <paramref name="index"/> are replaced: saves on the way no longer vouch for those indexes.</summary>
    private void TruncateSaves(LogIndex index)
    {
        LogIndex kept = index == default ? default : index.Previous;
        foreach (PendingSave save in _saves)
        {
            save.StableTo = LogIndex.Min(save.StableTo, kept);
        }
    }

    /// <summary>
    /// A changed term or vote always; a changed commit index only along with another save, and never beyond what that save makes durable.
    /// </summary>
    private HardState? TakeHardState(bool isSaving)
    {
        HardState hard = _hard with { Commit = LogIndex.Min(_log.Committed, _log.Handed) };
        bool isPromise = hard.Term != _handedHard.Term || hard.Vote != _handedHard.Vote;
        if (!isPromise && !(isSaving && hard.Commit != _handedHard.Commit))
        {
            return null;
        }

        _handedHard = hard;
        return hard;
    }

    private void Send(RaftMessage message) => _messages.Add(message);

    private void SendAfterSave(RaftMessage message) => _messagesAfterSave.Add(message);

    private static List<RaftMessage> Take(ref List<RaftMessage> outbox)
    {
        List<RaftMessage> taken = outbox;
        outbox = [];
        return taken;
    }

    private static T[] TakeAll<T>(List<T> list)
    {
        if (list.Count == 0)
        {
            return [];
        }

        T[] taken = [.. list];
        list.Clear();
        return taken;
    }

    /// <summary>A save that the host has not reported yet.</summary>
    private sealed class PendingSave(ulong number, HardState hardState)
    {
        public ulong Number { get; } = number;

        public HardState HardState { get; } = hardState;

        /// <summary>What it makes durable, as far as the log still holds it.</summary>
        public LogIndex StableTo { get; set; }
    }
}
