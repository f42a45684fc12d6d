using System.Diagnostics;

namespace K8sConsul.Benchmarks.Scenarios;

/// <summary>A file that somebody else replaces. The kernel tells of each replacement; nothing is polled.</summary>
internal sealed class RenderedFile : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _path;
    private readonly FileSystemWatcher _watcher;
    private readonly SemaphoreSlim _replaced = new(0);

    public RenderedFile(string path)
    {
        _path = path;
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!) { NotifyFilter = NotifyFilters.FileName };
        _watcher.Renamed += (_, change) =>
        {
            if (change.FullPath == path)
            {
                _replaced.Release();
            }
        };
        _watcher.EnableRaisingEvents = true;
    }

    public void WaitFor(string text)
    {
        long started = Stopwatch.GetTimestamp();
        while (!(File.Exists(_path) && File.ReadAllText(_path).Contains(text, StringComparison.Ordinal)))
        {
            TimeSpan left = Patience - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || !_replaced.Wait(left))
            {
                throw new BenchmarkException($"{_path} did not come to hold '{text}'");
            }
        }
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _replaced.Dispose();
    }
}
