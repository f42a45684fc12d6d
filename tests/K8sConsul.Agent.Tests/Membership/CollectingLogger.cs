using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace K8sConsul.Agent.Tests.Membership;

/// <summary>Keeps the lines, for assertions and for telling what happened when a wait was in vain.</summary>
internal sealed class CollectingLogger<T> : ILogger<T>
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} [{logLevel}] {formatter(state, exception)}");
}
