using K8sConsul.Cli.GoFlags;
using K8sConsul.Contracts.Api;
using K8sConsul.Contracts.Client;

namespace K8sConsul.Cli.Commands;

internal sealed class JoinCommand : ClientCommand
{
    private readonly Flag<bool> _wan;

    public JoinCommand(Terminal terminal)
        : base(terminal, ClientFlagSets.Client)
    {
        _wan = Flags.Bool("wan", "Join the servers of other datacenters.");
    }

    protected override string UsageText => """
        Usage: consul join [options] address ...

          Makes the running agent join a cluster. One address of any of its
          members is enough.

        """;

    protected override int Execute(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
        {
            Terminal.Error("At least one address to join must be specified.");
            Terminal.Error(string.Empty);
            return ShowHelp;
        }

        using ConsulClient? client = TryConnect();
        if (client is null)
        {
            return ExitCode.Failure;
        }

        int joined = 0;
        foreach (string address in arguments)
        {
            joined += TrySend(client, AgentApi.Join(address, _wan.Value), $"Error joining address '{address}'", out _) ? 1 : 0;
        }

        if (joined == 0)
        {
            return Fail("Failed to join any nodes.");
        }

        Terminal.Print($"Successfully joined cluster by contacting {joined} nodes.");
        return ExitCode.Success;
    }
}
