using System.Text;
using System.Threading.Channels;
using K8sConsul.Agent.Configuration;
using K8sConsul.Gossip;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Membership;

/// <summary>
/// Serf's snapshot on disk: lines are appended as members come and go, and the file is written anew when most of it is history.
/// It has a writer task of its own, so that a slow disk never holds up the failure detector.
/// </summary>
internal sealed partial class SnapshotFile : IAsyncDisposable
{
    /// <summary>Below this size the file is left to grow (Serf: <c>minCompactSize</c>).</summary>
    private const long CompactBytesMin = 128 * 1024;

    /// <summary>A line's usual size; the file may hold twice as many as there are members (Serf: <c>snapshotBytesPerNode</c>).</summary>
    private const long CompactBytesPerMember = 2 * 128;

    /// <summary>Larger than any snapshot that this writer leaves behind, by far.</summary>
    private const long FileBytesMax = 256 * 1024 * 1024;

    /// <summary>Lines waiting for a disk that does not keep up; beyond it they are dropped: a snapshot may miss members, gossip may not wait.</summary>
    private const int QueueLinesMax = 8 * 1024;

    /// <summary>Lines gather for this long before they go to the file (Serf: <c>flushInterval</c>).</summary>
    private static readonly TimeSpan _flushInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>After a failed write the file is tried again this much later (Serf: <c>snapshotErrorRecoveryInterval</c>).</summary>
    private static readonly TimeSpan _recoveryInterval = TimeSpan.FromSeconds(30);

    private readonly string _path;
    private readonly bool _rejoinAfterLeave;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<AppendSnapshot> _lines = Channel.CreateBounded<AppendSnapshot>(QueueLinesMax);
    private readonly Task _writing;

    // Owned by the writer task.
    private FileStream? _file;
    private SnapshotState _state;
    private long _brokenSince;

    private SnapshotFile(string path, bool rejoinAfterLeave, SnapshotState state, FileStream file, TimeProvider time, ILogger logger)
    {
        (_path, _rejoinAfterLeave, _state, _file, _time, _logger) = (path, rejoinAfterLeave, state, file, time, logger);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Reads what is there and gets ready to append.</summary>
    /// <param name="path">File; its folder is made if missing.</param>
    /// <param name="rejoinAfterLeave">See <see cref="GossipPoolOptions.RejoinAfterLeave"/>.</param>
    /// <param name="time">For gathering lines.</param>
    /// <param name="logger">For trouble with the disk.</param>
    /// <param name="previous">What the file remembers.</param>
    /// <exception cref="GossipStartException">The file cannot be read or written.</exception>
    public static SnapshotFile Open(string path, bool rejoinAfterLeave, TimeProvider time, ILogger logger, out SnapshotState previous)
    {
        try
        {
            MakeDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            previous = Read(file, rejoinAfterLeave, out int unreadable, out long completeBytes);
            if (unreadable > 0)
            {
                LogUnreadable(logger, path, unreadable);
            }

            // A line that was cut off by a crash would spoil the next one.
            file.SetLength(completeBytes);
            file.Position = completeBytes;
            return new SnapshotFile(path, rejoinAfterLeave, previous, file, time, logger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GossipStartException($"failed to open snapshot: open {path}: {OsError.TextOf(e)}", e);
        }
    }

    private static void MakeDirectory(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GossipStartException($"mkdir {directory}: {OsError.TextOf(e)}", e);
        }
    }

    /// <summary>Never waits.</summary>
    public void Append(AppendSnapshot line)
    {
        if (!_lines.Writer.TryWrite(line))
        {
            LogDropped(_logger, _path);
        }
    }

    /// <summary>Writes what is waiting, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
        if (_file is not null)
        {
            await _file.DisposeAsync();
        }
    }

    private static SnapshotState Read(FileStream file, bool rejoinAfterLeave, out int unreadable, out long completeBytes)
    {
        if (file.Length > FileBytesMax)
        {
            throw new IOException($"snapshot of {file.Length} bytes");
        }

        var content = new byte[file.Length];
        file.ReadExactly(content);
        int end = content.AsSpan().LastIndexOf((byte)'\n') + 1;
        completeBytes = end;
        string text = Encoding.UTF8.GetString(content, 0, end);
        return SnapshotState.Replay(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), rejoinAfterLeave, out unreadable);
    }

    private async Task WriteAsync()
    {
        while (await _lines.Reader.WaitToReadAsync())
        {
            bool flush = Gather(out byte[] bytes);
            Write(bytes, flush);

            // Until the next lines have gathered; a pool that is closing does not wait.
            if (!_lines.Reader.Completion.IsCompleted && !flush)
            {
                await Task.WhenAny(Task.Delay(_flushInterval, _time), _lines.Reader.Completion);
            }
        }
    }

    private bool Gather(out byte[] bytes)
    {
        var text = new StringBuilder();
        bool flush = false;
        while (_lines.Reader.TryRead(out AppendSnapshot? line))
        {
            _state.TryApply(line.Line, _rejoinAfterLeave, out _state);
            text.Append(line.Line).Append('\n');
            flush |= line.Flush;
        }

        bytes = Encoding.UTF8.GetBytes(text.ToString());
        return flush;
    }

    private void Write(byte[] bytes, bool flush)
    {
        try
        {
            if (_file is null)
            {
                if (_time.GetElapsedTime(_brokenSince) < _recoveryInterval)
                {
                    return;
                }

                Compact();
                LogRecovered(_logger, _path);
                return;
            }

            _file.Write(bytes);
            _file.Flush(flushToDisk: flush);
            if (!flush && _file.Position > Math.Max(CompactBytesMin, CompactBytesPerMember * _state.AliveMembers.Count))
            {
                Compact();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A pool works without its snapshot; only finding it again after a restart suffers.
            LogWriteFailed(_logger, _path, e);
            _file?.Dispose();
            _file = null;
            _brokenSince = _time.GetTimestamp();
        }
    }

    /// <summary>Writes the state beside the file and then puts it in its place.</summary>
    private void Compact()
    {
        string compacted = _path + ".compact";
        using (var file = new FileStream(compacted, FileMode.Create, FileAccess.Write))
        {
            foreach (string line in _state.ToLines())
            {
                file.Write(Encoding.UTF8.GetBytes(line + "\n"));
            }

            file.Flush(flushToDisk: true);
        }

        _file?.Dispose();
        _file = null;
        File.Move(compacted, _path, overwrite: true);
        _file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
    }
}
