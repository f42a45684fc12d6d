using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Logging;

/// <summary>Somebody who watches the log, such as <c>/v1/agent/monitor</c>, with a level and a format of his own.</summary>
public sealed class LogSubscription : IDisposable
{
    /// <summary>As many lines as Consul holds for a slow watcher.</summary>
    private const int PendingLinesMax = 512;

    private readonly LogHub _hub;
    private readonly bool _json;
    private readonly Channel<string> _lines;
    private long _dropped;

    internal LogSubscription(LogHub hub, LogLevel level, bool json)
    {
        _hub = hub;
        _json = json;
        Level = level;

        // The log must never wait for a watcher: what he does not take in time is lost to him, and counted.
        _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(PendingLinesMax)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true,
        });
    }

    public LogLevel Level { get; }

    /// <summary>Lines with their line ends; completed when the agent stops or the subscription is disposed of.</summary>
    public ChannelReader<string> Lines => _lines.Reader;

    /// <summary>Lines lost because they were not taken in time.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Dispose()
    {
        _hub.Remove(this);
        Complete();
    }

    internal void Offer(LogLine line)
    {
        if (line.Level >= Level && !_lines.Writer.TryWrite(_json ? line.Json : line.Text))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    internal void Complete()
    {
        _lines.Writer.TryComplete();
    }
}
