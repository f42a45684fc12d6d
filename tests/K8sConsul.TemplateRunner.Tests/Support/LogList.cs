using Microsoft.Extensions.Logging;

namespace K8sConsul.TemplateRunner.Tests;

/// <summary>Keeps what is logged, and lets a test wait for a line.</summary>
internal sealed class LogList : ILogger
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly List<string> _lines = [];
    private readonly List<(string Part, TaskCompletionSource Seen)> _waiting = [];

    public string Text
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>Ends when a line with that part is there, or was already.</summary>
    public async Task WaitForAsync(string part)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lines)
        {
            if (_lines.Exists(line => line.Contains(part, StringComparison.Ordinal)))
            {
                return;
            }

            _waiting.Add((part, seen));
        }

        try
        {
            await seen.Task.WaitAsync(_patience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"no line has \"{part}\":\n{Text}", late);
        }
    }

    /// <summary>What was logged before counts no more.</summary>
    public void Clear()
    {
        lock (_lines)
        {
            _lines.Clear();
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        return null;
    }

    public bool IsEnabled(LogLevel logLevel)
    {
        return true;
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string line = $"{logLevel}: {formatter(state, exception)}{exception}";
        lock (_lines)
        {
            _lines.Add(line);
            foreach ((string part, TaskCompletionSource seen) in _waiting)
            {
                if (line.Contains(part, StringComparison.Ordinal))
                {
                    seen.TrySetResult();
                }
            }
        }
    }
}
