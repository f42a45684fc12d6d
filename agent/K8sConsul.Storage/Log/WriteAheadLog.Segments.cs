
namespace K8sConsul.Storage;

public sealed partial class WriteAheadLog
{
    /// <summary>
    /// Begins the next segment. Its first frame says where the log stands, so that older files can go. Under its final name the file is complete and
    /// durable, or it is not there.
    /// </summary>
    private void AddSegment(long minimumBytes)
    {
        WalFrame first = new();
        first.AddPosition(_index.Start, _index.Last);
        first.Add(_hardState);
        long size = Math.Max(_options.SegmentBytes, WalFormat.HeaderBytes + first.Bytes + minimumBytes);
        if (_spare is not null && _spare.Size < size)
        {
            _spare.Dispose();
            _spare = null;
        }

        _spare ??= new WalSpare(_files, PathOf(SpareName), size);
        IStorageFile file = _spare.Take();
        ulong sequence = _segments.Count == 0 ? 1 : Active.Sequence + 1;
        ulong salt = _options.NewSalt?.Invoke() ?? (ulong)Random.Shared.NextInt64();
        byte[] header = new byte[WalFormat.HeaderBytes];
        WalFormat.WriteHeader(header, sequence, _nextFrame, salt, _spare.Size);
        file.Write(0, header);
        file.Write(WalFormat.HeaderBytes, first.Seal(_nextFrame, salt, WalFormat.HeaderBytes));
        file.Flush();
        file.Dispose();
        string path = PathOf(WalSegment.NameOf(sequence));
        _files.Rename(PathOf(SpareName), path);
        _files.FlushDirectory(_directory);
        WalSegment segment = new(_files.Open(path, isWritable: true), sequence, _nextFrame, salt, _spare.Size) { End = WalFormat.HeaderBytes + first.Bytes };
        _nextFrame++;
        _spare = null;
        _hasSpareFailed = false;
        lock (_gate)
        {
            _segments.Add(segment);
        }
    }

    /// <summary>Between two groups a part of the next segment is written; more when nobody waits.</summary>
    private void PrepareSpare(List<WalOperation> group)
    {
        if (!_options.PreparesAhead || _hasSpareFailed || Active.End < Active.Size / SpareFromPart || _spare is { IsFull: true })
        {
            return;
        }

        _spare ??= new WalSpare(_files, PathOf(SpareName), _options.SegmentBytes);
        bool isIdle;
        lock (_gate)
        {
            isIdle = _queue.Count == 0;
        }

        try
        {
            _spare.FillSome(Math.Max(2 * group.Sum(operation => operation.SizeBytes), isIdle ? SpareIdleBytes : 0));
        }
        catch (StorageException)
        {
            // Nothing of the log is touched: it goes on to the end of its segment. There the file is made anew, and if that fails too (a full disk) the
            // log fails with that error.
            _spare.Dispose();
            _spare = null;
            _hasSpareFailed = true;
        }
    }
}
