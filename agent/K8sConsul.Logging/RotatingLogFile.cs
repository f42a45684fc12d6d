using System.Globalization;
using System.Text;
using K8sConsul.Go;

namespace K8sConsul.Logging;

/// <summary>
/// A log file that is closed and followed by a new one when it is full or old. Names carry the time of opening in
/// nanoseconds: <c>consul-1795173704308360067.log</c>.
/// </summary>
public sealed class RotatingLogFile : ILogSink, IDisposable
{
    private const string DefaultExtension = ".log";
    private static readonly TimeSpan _defaultDuration = TimeSpan.FromHours(24);

    private readonly string _directory;
    private readonly string _namePrefix;
    private readonly string _extension;
    private readonly TimeSpan _duration;
    private readonly long _bytesMax;
    private readonly int _filesMax;
    private readonly TimeProvider _time;

    private FileStream? _file;
    private DateTimeOffset _opened;
    private long _bytes;

    private RotatingLogFile(LogFileSettings settings, TimeProvider time)
    {
        string name = Path.GetFileName(settings.Path);
        _directory = settings.Path[..^name.Length];
        name = name.Length == 0 ? settings.DefaultName : name;
        _extension = Path.GetExtension(name);
        _namePrefix = name[..^_extension.Length] + "-";
        _extension = _extension.Length == 0 ? DefaultExtension : _extension;
        _duration = settings.RotateDuration == TimeSpan.Zero ? _defaultDuration : settings.RotateDuration;
        _bytesMax = settings.RotateBytes;
        _filesMax = settings.RotateMaxFiles;
        _time = time;
    }

    /// <summary>Opens the first file, after taking away the ones that are too many.</summary>
    /// <param name="settings">Where, and how long a file is written to.</param>
    /// <param name="time">For names and for the age of a file.</param>
    /// <param name="file">Null when refused.</param>
    /// <param name="error">Without a prefix: <c>open /x/y-1.log: no such file or directory</c>.</param>
    public static bool TryOpen(LogFileSettings settings, TimeProvider time, out RotatingLogFile? file, out string error)
    {
        var opening = new RotatingLogFile(settings, time);
        try
        {
            opening.Prune();
            opening.OpenNext();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            file = null;
            error = $"open {opening.NextPath()}: {GoErrors.OfFile(failure)}";
            return false;
        }

        file = opening;
        error = string.Empty;
        return true;
    }

    void ILogSink.Write(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        try
        {
            if (_file is null || (_bytesMax > 0 && _bytes >= _bytesMax) || _time.GetUtcNow() - _opened >= _duration)
            {
                _file?.Dispose();
                _file = null;
                Prune();
                OpenNext();
            }

            _bytes += bytes.Length;
            _file!.Write(bytes);
            _file.Flush();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The log is the place to tell of failures, so that its own can only be counted. A full disk must not stop the program;
            // the next line tries again.
            LostLines++;
        }
    }

    /// <summary>Lines that could not be written.</summary>
    public long LostLines { get; private set; }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void OpenNext()
    {
        _opened = _time.GetUtcNow();
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        _file = new FileStream(NextPath(), options);
        _bytes = 0;
    }

    private string NextPath()
    {
        long nanoseconds = (_opened - DateTimeOffset.UnixEpoch).Ticks * 100;
        return string.Concat(_directory, _namePrefix, nanoseconds.ToString(CultureInfo.InvariantCulture), _extension);
    }

    /// <summary>Takes the oldest files away, so that there is room for one more; -1 takes all.</summary>
    private void Prune()
    {
        if (_filesMax == 0)
        {
            return;
        }

        string directory = _directory.Length == 0 ? "." : _directory;
        string[] files = Directory.Exists(directory) ? Directory.GetFiles(directory, $"{_namePrefix}*{_extension}") : [];
        Array.Sort(files, StringComparer.Ordinal);
        int kept = Math.Max(_filesMax, 0);
        foreach (string file in files.Take(Math.Max(files.Length - kept, 0)))
        {
            File.Delete(file);
        }
    }
}
