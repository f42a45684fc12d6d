using K8sConsul.Agent.Configuration;
using K8sConsul.Agent.Logging;

namespace K8sConsul.Cli.Commands.Agent;

/// <summary><c>consul agent</c>: runs until a signal, a leave, or a failure ends it.</summary>
internal sealed class AgentCommand : Command
{
    private readonly AgentFlags _flags;
    private readonly IAgentProcessFactory _factory;
    private readonly ConfigHost _host;
    private readonly Func<IAgentSignals> _takeSignals;

    public AgentCommand(Terminal terminal, IAgentProcessFactory factory)
        : this(terminal, factory, ConfigHost.System(), () => new PosixSignals())
    {
    }

    internal AgentCommand(Terminal terminal, IAgentProcessFactory factory, ConfigHost host, Func<IAgentSignals> takeSignals)
        : base(terminal)
    {
        _factory = factory;
        _host = host;
        _takeSignals = takeSignals;
        _flags = new AgentFlags(Flags);
    }

    protected override string UsageText => """
        Usage: consul agent [options]

          Starts the Consul agent and runs until an interrupt is received. The
          agent represents a single node in a cluster.
        """;

    protected override void OnRefused(string error)
    {
        Refuse($"error parsing flags: {error}");
    }

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 0)
        {
            return Refuse($"Unexpected extra arguments: [{string.Join(' ', arguments)}]");
        }

        // The whole agent is asynchronous, and a program's commands are not: this is where the two meet, on the main thread.
        return RunAsync().GetAwaiter().GetResult();
    }

    private async Task<int> RunAsync()
    {
        var loader = new ConfigLoader(_host);
        ConfigInputs inputs = _flags.ToInputs();
        ConfigOutcome outcome = loader.Load(inputs);
        if (outcome.Config is not { } config)
        {
            return Refuse(outcome.Error);
        }

        if (!AgentLog.TryCreate(config.Log, Terminal.Output, Terminal.Clock, out AgentLog? log, out string error))
        {
            return Refuse(error);
        }

        using (log)
        using (IAgentSignals signals = _takeSignals())
        {
            var reloader = new AgentReloader(loader, inputs, config, log!.Hub);
            if (!_factory.TryCreate(
                new AgentSetup(config, log.Hub, Terminal.Clock, reloader.ReloadAsync), out IAgentProcess? process, out error))
            {
                return Refuse(error);
            }

            reloader.Process = process;
            return await new AgentRun(config, process!, reloader, log, signals, Terminal).RunAsync(outcome.Warnings);
        }
    }

    private int Refuse(string message)
    {
        return Fail($"==> {message}");
    }
}
