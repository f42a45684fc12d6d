using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Logging;

/// <summary>
/// The agent's logging: makes loggers, and hands their lines to the sinks and to whoever watches through the HTTP API.
/// </summary>
/// <remarks>
/// A logger is asked first whether anybody wants its level; where nobody does, nothing is formatted or allocated. Names of
/// loggers are used as they are, so that they should be dotted names such as <see cref="LogNames.Raft"/>.
/// </remarks>
public sealed class LogHub : ILoggerProvider, ILoggerFactory
{
    private readonly TimeProvider _time;
    private readonly bool _json;
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);

    // Guards the sinks' order of lines and the list of subscriptions; writers hold it while they write.
    private readonly Lock _lock = new();
    private readonly List<ILogSink> _sinks = [];
    private readonly List<LogSubscription> _subscriptions = [];

    private volatile int _level;

    // The least of the hub's own level and those of the subscriptions.
    private volatile int _lowest;

    public LogHub(LogLevel level, bool json, TimeProvider time)
    {
        _time = time;
        _json = json;
        _level = (int)level;
        _lowest = (int)level;
    }

    /// <summary>Of the sinks; may change at any time. Subscriptions have levels of their own.</summary>
    public LogLevel Level
    {
        get => (LogLevel)_level;
        set
        {
            lock (_lock)
            {
                _level = (int)value;
                UpdateLowest();
            }
        }
    }

    public ILogger CreateLogger(string categoryName)
    {
        return _loggers.GetOrAdd(categoryName, name => new HubLogger(this, name));
    }

    /// <summary>Lines of a level and above from now on. Dispose of the subscription to end it.</summary>
    public LogSubscription Subscribe(LogLevel level, bool json)
    {
        var subscription = new LogSubscription(this, level, json);
        lock (_lock)
        {
            _subscriptions.Add(subscription);
            UpdateLowest();
        }

        return subscription;
    }

    void ILoggerFactory.AddProvider(ILoggerProvider provider)
    {
        throw new NotSupportedException("the agent has one log");
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (ILogSink sink in _sinks)
            {
                (sink as IDisposable)?.Dispose();
            }

            _sinks.Clear();
            foreach (LogSubscription subscription in _subscriptions)
            {
                subscription.Complete();
            }

            _subscriptions.Clear();
        }
    }

    internal void Add(ILogSink sink)
    {
        lock (_lock)
        {
            _sinks.Add(sink);
        }
    }

    internal void Remove(LogSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.Remove(subscription);
            UpdateLowest();
        }
    }

    private bool IsEnabled(LogLevel level)
    {
        return (int)level >= _lowest && level != LogLevel.None;
    }

    private void Write(LogLine line)
    {
        lock (_lock)
        {
            if ((int)line.Level >= _level)
            {
                string text = _json ? line.Json : line.Text;
                foreach (ILogSink sink in _sinks)
                {
                    sink.Write(text);
                }
            }

            foreach (LogSubscription subscription in _subscriptions)
            {
                subscription.Offer(line);
            }
        }
    }

    private void UpdateLowest()
    {
        _lowest = Math.Min(_level, _subscriptions.Count == 0 ? int.MaxValue : _subscriptions.Min(one => (int)one.Level));
    }

    private sealed class HubLogger(LogHub hub, string name) : ILogger
    {
        private readonly string _name = LogNames.Of(name);
        private readonly LogLevel _floor = LogNames.FloorOf(name);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            return null;
        }

        public bool IsEnabled(LogLevel logLevel)
        {
            return hub.IsEnabled(logLevel) && logLevel >= _floor;
        }

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                hub.Write(LogLine.From(hub._time.GetLocalNow(), logLevel, _name, state, exception, formatter));
            }
        }
    }
}
