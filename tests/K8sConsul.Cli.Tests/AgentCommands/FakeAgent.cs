using System.Collections.Concurrent;
using System.Threading.Channels;
using K8sConsul.Agent.Configuration;
using K8sConsul.Cli.Commands.Agent;

namespace K8sConsul.Cli.Tests.AgentCommands;

/// <summary>An agent that does what a test tells it, and remembers what it was told.</summary>
internal sealed class FakeAgent : IAgentProcess, IAgentProcessFactory
{
    private readonly TaskCompletionSource<AgentEnd> _completed = new();

    public ConcurrentQueue<string> Calls { get; } = new();

    public AgentSetup? Setup { get; private set; }

    /// <summary>Each step waits for this; a test may leave it open.</summary>
    public Func<string, Task> OnCall { get; set; } = _ => Task.CompletedTask;

    public string CreateError { get; set; } = string.Empty;

    public string NodeId => "49f0dab9-7784-f993-4a9a-f20cc001760e";

    public Task<AgentEnd> Completed => _completed.Task;

    public bool TryCreate(AgentSetup setup, out IAgentProcess? process, out string error)
    {
        Setup = setup;
        process = CreateError.Length == 0 ? this : null;
        error = CreateError;
        return CreateError.Length == 0;
    }

    public void End(AgentEnd end)
    {
        _completed.SetResult(end);
    }

    public async Task StartAsync(CancellationToken stop)
    {
        await CallAsync("start");
        stop.ThrowIfCancellationRequested();
    }

    public Task ReloadAsync(ReloadPlan plan, CancellationToken stop)
    {
        return CallAsync($"reload {plan.Scope}");
    }

    public Task LeaveAsync()
    {
        return CallAsync("leave");
    }

    public Task ShutdownAsync()
    {
        return CallAsync("shutdown");
    }

    public string DescribeMetrics()
    {
        return "[metrics]";
    }

    private Task CallAsync(string call)
    {
        Calls.Enqueue(call);
        return OnCall(call);
    }
}

/// <summary>Signals that a test sends.</summary>
internal sealed class FakeSignals : IAgentSignals
{
    private readonly Channel<AgentSignal> _arrived = Channel.CreateUnbounded<AgentSignal>();

    public ChannelReader<AgentSignal> Arrived => _arrived.Reader;

    public void Send(AgentSignal signal)
    {
        Assert.True(_arrived.Writer.TryWrite(signal));
    }

    public void Dispose()
    {
    }
}
