using System.Diagnostics.CodeAnalysis;
using K8sConsul.Raft;

namespace K8sConsul.Storage;

public sealed partial class WriteAheadLog
{
    /// <summary>A spare is begun when this part of a segment is used, and grows faster than the segment fills.</summary>
    private const int SpareFromPart = 4;
    private const int SpareIdleBytes = 1024 * 1024;

    /// <summary>Null where the caller flushes by itself.</summary>
    private readonly Thread? _flusher;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly WalFrame _frame = new();

    /// <summary>Under the gate.</summary>
    private Queue<WalOperation> _queue = new();
    private bool _isClosing;
    private bool _isBusy;
    private StorageException? _failure;

    /// <summary>Somebody's task carried it; otherwise closing reports it.</summary>
    private bool _isFailureSeen;

    /// <summary>Only the flusher's, as all below.</summary>
    private readonly List<WalOperation> _group = [];
    private ulong _nextFrame;
    private bool _isClosedOnDisk;
    private WalSpare? _spare;
    private bool _hasSpareFailed;

    /// <summary>Flushes made, for tests and metrics; many writes may share one.</summary>
    public long FlushCount { get; private set; }

    private WalSegment Active => _segments[^1];

    private Task Enqueue(WalOperation operation)
    {
        lock (_gate)
        {
            if (_failure is { } failure)
            {
                _isFailureSeen = true;
                return Task.FromException(failure);
            }

            ObjectDisposedException.ThrowIf(_isClosing, this);
            if (operation.IsEmpty && !_isBusy && _queue.Count == 0)
            {
                return Task.CompletedTask;
            }

            _queue.Enqueue(operation);
            _wake.Set();
            return operation.Done.Task;
        }
    }

    internal void FlushUnlessThreaded()
    {
        if (_flusher is null)
        {
            FlushOnce();
        }
    }

    /// <summary>Writes and flushes what waits, as one group; its tasks are complete then, one way or the other.</summary>
    /// <returns>False when nothing waits, or the disk has failed.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong poisons the log and reaches every caller.")]
    internal bool FlushOnce()
    {
        if (!TakeGroup())
        {
            return false;
        }

        try
        {
            WriteGroup(_group);
            PrepareSpare(_group);
            return true;
        }
        catch (Exception problem)
        {
            Poison(problem);
            return false;
        }
    }

    private void RunFlusher()
    {
        try
        {
            while (AwaitWork())
            {
                FlushOnce();
            }

            WriteClosed();
        }
        finally
        {
            _stopped.SetResult();
        }
    }

    /// <returns>False when closing and nothing is left, or the log has failed.</returns>
    private bool AwaitWork()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_failure is not null)
                {
                    return false;
                }

                if (_isClosing || _queue.Count > 0)
                {
                    return _queue.Count > 0;
                }
            }

            _wake.WaitOne();
        }
    }

    private bool TakeGroup()
    {
        _group.Clear();
        lock (_gate)
        {
            long bytes = 0;
            while (bytes < _options.GroupBytesMax && _queue.TryDequeue(out WalOperation? operation))
            {
                _group.Add(operation);
                bytes += operation.SizeBytes;
            }

            return _isBusy = _group.Count > 0;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "As in FlushOnce.")]
    private void WriteClosed()
    {
        if (_failure is not null || _isClosedOnDisk)
        {
            return;
        }

        try
        {
            _group.Clear();
            _frame.Clear();
            _frame.AddClosed();
            WriteFrame();
        }
        catch (Exception problem)
        {
            Poison(problem);
        }
    }

    /// <summary>1. Build one frame. 2. Write and flush it. 3. Publish. 4. Tell the writers.</summary>
    private void WriteGroup(List<WalOperation> group)
    {
        _frame.Clear();
        EntryId start = _index.Start;
        EntryId last = _index.Last;
        foreach (WalOperation operation in group)
        {
            operation.AddTo(_frame, ref start, ref last);
        }

        if (!_frame.IsEmpty)
        {
            long offset = WriteFrame();
            lock (_gate)
            {
                foreach (WalOperation operation in group)
                {
                    operation.Publish(_index, Active, offset, ref _hardState);
                }
            }

            DropSegments(group);
        }

        lock (_gate)
        {
            _isBusy = false;
        }

        foreach (WalOperation operation in group)
        {
            operation.Done.SetResult();
        }
    }

    /// <summary>One write, one flush.</summary>
    /// <returns>Where the frame lies in the active segment.</returns>
    private long WriteFrame()
    {
        if (_frame.Bytes > Active.Size - Active.End)
        {
            // The frame is kept: a new segment begins with a frame of its own, built elsewhere.
            AddSegment(_frame.Bytes);
        }

        WalSegment segment = Active;
        long offset = segment.End;
        segment.File.Write(offset, _frame.Seal(_nextFrame, segment.Salt, offset));
        segment.File.Flush();
        FlushCount++;
        segment.End = offset + _frame.Bytes;
        _nextFrame++;
        _isClosedOnDisk = false;
        return offset;
    }

    private void DropSegments(List<WalOperation> group)
    {
        if (!group.Exists(operation => operation.MayFreeSegments))
        {
            return;
        }

        WalSegment oldest = _index.OldestSegment ?? Active;
        while (_segments[0] != oldest)
        {
            WalSegment segment = _segments[0];
            lock (_gate)
            {
                _segments.RemoveAt(0);
            }

            segment.Dispose();
            _files.Delete(segment.File.Path);
            // One by one: a crash must leave the newest ones, without a gap.
            _files.FlushDirectory(_directory);
        }
    }

    /// <summary>Nothing that was written since the last good flush is known to be there or not. Nobody may go on (fsyncgate).</summary>
    private void Poison(Exception problem)
    {
        StorageException failure = problem as StorageException ?? new StorageException("write", _directory, problem.Message, problem);
        List<WalOperation> waiting;
        lock (_gate)
        {
            _failure = failure;
            waiting = [.. _group.Where(operation => !operation.Done.Task.IsCompleted), .. _queue];
            _isFailureSeen = waiting.Count > 0;
            _queue.Clear();
        }

        foreach (WalOperation operation in waiting)
        {
            operation.Done.SetException(failure);
        }
    }
}
