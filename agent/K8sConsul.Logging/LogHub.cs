using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Logging;

/// <summary>
/// A program's logging: makes loggers, and hands their lines to the sinks and to whoever subscribes.
/// </summary>
/// <remarks>
/// A logger is asked first whether anybody wants its level; where nobody does, nothing is formatted or allocated. Names of
/// loggers are used as they are unless a <see cref="LogNaming"/> knows better: <c>agent.server.raft</c>.
/// </remarks>
public sealed class LogHub : ILoggerProvider, ILoggerFactory
{
    private readonly TimeProvider _time;
    private readonly Func<LogLine, string> _format;
    private readonly LogNaming _naming;
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);

    // Guards the sinks' order of lines and the list of subscriptions; writers hold it while they write.
    private readonly Lock _lock = new();
    private readonly List<ILogSink> _sinks = [];
    private readonly List<LogSubscription> _subscriptions = [];

    private volatile int _level;

    // The least of the hub's own level and those of the subscriptions.
    private volatile int _lowest;

    /// <summary>Lines as Consul's agent writes them.</summary>
    public LogHub(LogLevel level, bool json, TimeProvider time, LogNaming? naming = null)
        : this(level, json ? static line => line.Json : static line => line.Text, time, naming)
    {
    }

    /// <param name="level">Of the sinks.</param>
    /// <param name="format">What the sinks get of a line, with its line end.</param>
    /// <param name="time">For the lines.</param>
    /// <param name="naming">Null to show categories as they are.</param>
    public LogHub(LogLevel level, Func<LogLine, string> format, TimeProvider time, LogNaming? naming = null)
    {
        _time = time;
        _format = format;
        _naming = naming ?? LogNaming.AsIs;
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
        throw new NotSupportedException("there is one log");
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

    public void Add(ILogSink sink)
    {
        lock (_lock)
        {
            _sinks.Add(sink);
        }
    }

    /// <summary>It gets no more lines; it is the caller's again.</summary>
    public void Remove(ILogSink sink)
    {
        lock (_lock)
        {
            _sinks.Remove(sink);
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
                string text = _format(line);
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
        private readonly string _name = hub._naming.NameOf(name);
        private readonly LogLevel _floor = hub._naming.FloorOf(name);

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
